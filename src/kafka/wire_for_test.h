#pragma once

#include <cstdlib>
#include <string>
#include <string_view>

#include "kafka/broker_addresses.h"
#include "kafka/response_rewriter.h"

namespace portway::kafka {

// Bytes as one reads them: hexadecimal, text in single quotes, anything in round brackets is a
// comment. wire("0003 'abc' (host)") is five bytes.
inline std::string wire(std::string_view text) {
  std::string bytes;
  for (size_t i = 0; i < text.size();) {
    if (text[i] == '\'' || text[i] == '(') {
      const size_t end = text.find(text[i] == '(' ? ')' : '\'', i + 1);
      if (end == std::string_view::npos) std::abort();
      if (text[i] == '\'') bytes += text.substr(i + 1, end - i - 1);
      i = end + 1;
    } else if (text[i] == ' ' || text[i] == '\n') {
      ++i;
    } else {
      bytes += static_cast<char>(std::stoi(std::string(text.substr(i, 2)), nullptr, 16));
      i += 2;
    }
  }
  return bytes;
}

// Brokers 0 to 9 are advertised as `host`:1000+id, and no others. Keeps what it was told as text.
class OneHost : public BrokerAddresses {
 public:
  explicit OneHost(std::string host = "pub") {
    for (uint16_t id = 0; id < 10; ++id) {
      places_[id] = {host, static_cast<uint16_t>(1000 + id)};
    }
  }
  const HostPort* advertised(int32_t broker_id) const override {
    return broker_id >= 0 && broker_id < 10 ? &places_[broker_id] : nullptr;
  }
  void saw(int32_t broker_id, ByteView host, int32_t port) override {
    told += "saw " + std::to_string(broker_id) + " " + std::string(host) + ":" +
            std::to_string(port) + "\n";
  }
  void clamped(int16_t) override {}
  void left_out(int32_t broker_id) override {
    told += "left out " + std::to_string(broker_id) + "\n";
  }

  std::string told;

 private:
  HostPort places_[10];
};

// What a client gets of a frame that comes in pieces of `piece_bytes`, or the code of the error.
inline std::string rewrite(int16_t api_key, int16_t version, std::string_view frame,
                           BrokerAddresses& addresses, size_t piece_bytes = SIZE_MAX) {
  ResponseRewriter rewriter(api_key, version, static_cast<uint32_t>(frame.size()), addresses);
  std::string client;
  do {
    const std::string input(frame.substr(0, piece_bytes));
    frame.remove_prefix(input.size());
    Output out;
    const Result<void> result = rewriter.feed(input, out);
    if (!result) return result.error().code;
    client += out.str();
  } while (!frame.empty());
  return rewriter.done() ? client : "not done";
}

}  // namespace portway::kafka
