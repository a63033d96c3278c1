#include "proxy/broker_query.h"

#include <fmt/format.h>

#include <array>
#include <cstring>

#include "kafka/request.h"
#include "kafka/response_rewriter.h"

namespace portway::proxy {
namespace {

constexpr uint64_t kTag = 1;
constexpr int32_t kCorrelationId = 1;

class Query {
 public:
  Query(net::System& system, const net::SocketAddress& broker, int64_t timeout_us,
        const std::function<bool()>& stopped)
      : system_(system),
        broker_(broker),
        deadline_us_(system.now_us() + timeout_us),
        stopped_(stopped) {}
  ~Query() {
    if (socket_ != net::kNoDescriptor) system_.close(socket_);
  }

  Result<void> connect() {
    const net::Dialled dialled = system_.dial(broker_, {});
    if (dialled.descriptor == net::kNoDescriptor) return unreachable(std::strerror(dialled.error));
    socket_ = dialled.descriptor;
    system_.watch(socket_, kTag);
    while (!writable_) {
      if (!wait()) return unreachable("no answer to the dial in time");
    }
    if (const int error = system_.connect_error(socket_); error != 0) {
      return unreachable(std::strerror(error));
    }
    return {};
  }

  // The answer's frame from after its size field. Empty: the broker closed the connection.
  Result<std::string> ask(const std::string& request) {
    const std::array<ByteView, 1> pieces = {request};
    if (system_.send(socket_, pieces).bytes != static_cast<ptrdiff_t>(request.size())) {
      return std::string();  // a fresh socket takes so little, or it is closed
    }
    std::string frame;
    while (true) {
      if (frame.size() >= kafka::kSizeFieldBytes) {
        const int32_t size = kafka::parse_frame_size(frame);
        if (size < 0 || static_cast<uint32_t>(size) > kafka::kHeldBytesMax) {
          return fail(Fault::kBroker, "malformed_response",
                      fmt::format("{} answered with a frame of {} bytes; is it a Kafka listener "
                                  "without TLS?",
                                  broker_.text(), size));
        }
        if (frame.size() >= kafka::kSizeFieldBytes + static_cast<size_t>(size)) {
          return frame.substr(kafka::kSizeFieldBytes, static_cast<size_t>(size));
        }
      }
      const net::Io got = system_.receive(socket_, buffer_);
      if (got.bytes > 0) {
        frame.append(buffer_.data(), static_cast<size_t>(got.bytes));
      } else if (!got.would_block()) {
        return std::string();
      } else if (!wait()) {
        return unreachable("no answer in time");
      }
    }
  }

  tl::unexpected<Error> unreachable(std::string_view why) const {
    return fail(Fault::kBroker, "unreachable", fmt::format("{}: {}", broker_.text(), why));
  }

 private:
  // False when the time is over, or it was stopped.
  bool wait() {
    const int64_t left_us = deadline_us_ - system_.now_us();
    if (left_us <= 0 || stopped_()) return false;
    for (const net::Event& event : system_.wait(left_us)) {
      writable_ |= event.writable || event.hung_up;
    }
    return true;
  }

  net::System& system_;
  const net::SocketAddress& broker_;
  const int64_t deadline_us_;
  const std::function<bool()>& stopped_;
  net::Descriptor socket_ = net::kNoDescriptor;
  bool writable_ = false;
  std::array<char, 16384> buffer_;
};

}  // namespace

Result<std::vector<kafka::BrokerEntry>> query_brokers(net::System& system,
                                                      const net::SocketAddress& broker,
                                                      ByteView client_id, int64_t timeout_us,
                                                      const std::function<bool()>& stopped) {
  Query query(system, broker, timeout_us, stopped);
  if (auto connected = query.connect(); !connected) return tl::unexpected(connected.error());

  const auto versions = query.ask(kafka::api_versions_request(kCorrelationId, client_id));
  if (!versions) return tl::unexpected(versions.error());
  if (versions->empty()) {
    return query.unreachable(
        "it closed the connection on ApiVersions; does the listener want TLS?");
  }
  const auto range = kafka::metadata_versions(*versions);
  if (!range) return tl::unexpected(range.error());
  const int16_t version = kafka::choose_metadata_version(*range);
  if (version < 0) {
    return fail(Fault::kBroker, "unsupported_version",
                fmt::format("{} speaks Metadata versions {} to {}, of which Portway knows none",
                            broker.text(), range->min, range->max));
  }

  const auto metadata = query.ask(kafka::metadata_request(version, kCorrelationId, client_id));
  if (!metadata) return tl::unexpected(metadata.error());
  if (metadata->empty()) {
    return fail(Fault::kBroker, "needs_authentication",
                fmt::format("{} answers ApiVersions but closes on Metadata: it demands SASL",
                            broker.text()));
  }
  return kafka::metadata_brokers(*metadata, version);
}

}  // namespace portway::proxy
