// A response that comes whole and the same one cut: both or none are malformed; what comes out
// tells no address but the advertised ones, and comes out the same when it is rewritten again.
//
// Input: api (one byte), version (one byte), the number of pieces (one byte, up to 15), their sizes
// (one byte each), the frame.
#include <algorithm>
#include <array>
#include <cstdlib>
#include <optional>
#include <string>
#include <vector>

#include "kafka/api_keys.h"
#include "kafka/response_rewriter.h"

namespace portway::kafka {
namespace {

constexpr std::array<int16_t, 9> kRewritten = {kProduce,         kFetch,       kMetadata,
                                               kFindCoordinator, kApiVersions, kDescribeQuorum,
                                               kDescribeCluster, kShareFetch,  kShareAcknowledge};

void require(bool holds) {
  if (!holds) std::abort();
}

// Ids 0 to 63 have a place. After the first rewrite no other address may be seen.
class Plan : public BrokerAddresses {
 public:
  const HostPort* advertised(int32_t broker_id) const override {
    return broker_id >= 0 && broker_id < 64 ? &place_ : nullptr;
  }
  void saw(int32_t broker_id, ByteView host, int32_t port) override {
    require(broker_id >= 0 && !host.empty());
    require(!strict || (host == place_.host && port == place_.port));
  }
  void clamped(int16_t) override {}
  void left_out(int32_t) override { require(!strict); }

  bool strict = false;

 private:
  HostPort place_ = {"advertised.example", 9092};
};

struct Request {
  int16_t api_key;
  int16_t version;
};

// nullopt: an error. `sizes` of pieces, used over and over.
std::optional<std::string> rewrite(Request request, std::string_view frame, Plan& plan,
                                   const std::vector<size_t>& sizes) {
  ResponseRewriter rewriter(request.api_key, request.version, static_cast<uint32_t>(frame.size()),
                            plan);
  std::string client;
  for (size_t i = 0; !frame.empty() || i == 0; ++i) {
    const size_t size = std::min(sizes[i % sizes.size()], frame.size());
    if (const uint32_t opaque = rewriter.opaque_bytes(); opaque >= size && opaque > 0 && i % 2) {
      client += frame.substr(0, size);
      rewriter.skip(static_cast<uint32_t>(size));
    } else {
      const std::string input(frame.substr(0, size));
      Output out;
      if (!rewriter.feed(input, out)) return std::nullopt;
      client += out.str();
    }
    frame.remove_prefix(size);
  }
  require(rewriter.done());
  return client;
}

uint32_t frame_size(std::string_view sized) {
  uint32_t size = 0;
  for (const char byte : sized.substr(0, 4)) size = (size << 8) | static_cast<uint8_t>(byte);
  return size;
}

void check_output(Request request, const std::string& sized) {
  require(frame_size(sized) == sized.size() - 4);
  Plan strict;
  strict.strict = true;
  const auto again = rewrite(request, std::string_view(sized).substr(4), strict, {sized.size()});
  require(again == sized);
}

void check(Request request, std::string_view frame, const std::vector<size_t>& sizes) {
  Plan plan;
  const auto whole = rewrite(request, frame, plan, {std::max<size_t>(frame.size(), 1)});
  if (whole) check_output(request, *whole);
  if (frame.size() < 2) return;
  const auto cut = rewrite(request, frame, plan, sizes);
  const auto halved = rewrite(request, frame, plan, {frame.size() - 1});
  require(cut == halved);
  require(cut.has_value() == whole.has_value());
  if (!cut) return;
  check_output(request, *cut);
  const bool padded = cut->size() == 4 + frame.size() + kStreamReserveBytes;
  require(padded || cut == whole);
}

}  // namespace
}  // namespace portway::kafka

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  using namespace portway::kafka;
  if (size < 3) return 0;
  const int16_t api_key = kRewritten[data[0] % kRewritten.size()];
  const auto version = static_cast<int16_t>(data[1] % 20);
  const size_t pieces = data[2] % 16;
  if (size < 3 + pieces || response_treatment(api_key, version) != ResponseTreatment::kRewrite) {
    return 0;
  }
  std::vector<size_t> sizes;
  for (size_t i = 0; i < pieces; ++i) sizes.push_back(data[3 + i] + size_t{1});
  sizes.push_back(1);
  const std::string frame(reinterpret_cast<const char*>(data) + 3 + pieces, size - 3 - pieces);
  if (frame.size() > 1) sizes[0] = std::min(sizes[0], frame.size() - 1);  // never whole
  check({api_key, version}, frame, sizes);
  return 0;
}
