#pragma once

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace portway {

// Whose fault an error is: decides who is told, and how loudly.
enum class Fault {
  kClient,    // the Kafka client sent something wrong
  kBroker,    // the broker answered something wrong
  kSelf,      // Portway cannot: a limit, a version it does not know
  kOperator,  // configuration, flags, the machine's set-up
};

// An error that is shown to people. `code` is stable and bounded (a metric label, a test's
// assertion); `message` says what was expected, what came and where.
struct Error {
  Fault fault = Fault::kSelf;
  std::string code;
  std::string message;
};

template <typename T>
using Result = tl::expected<T, Error>;

inline tl::unexpected<Error> fail(Fault fault, std::string code, std::string message) {
  return tl::unexpected<Error>(Error{fault, std::move(code), std::move(message)});
}

}  // namespace portway
