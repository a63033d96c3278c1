// Any way of cutting a response into reads gives the client the same bytes. rapidcheck prints its
// seed; RC_PARAMS="seed=..." replays it.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

#include "kafka/api_keys.h"
#include "kafka/wire_for_test.h"
#include "kafka/writer.h"

namespace portway::kafka {
namespace {

struct Endpoint {
  int32_t node_id;
  std::string host;
  std::string rack;
};

rc::Gen<std::string> text() { return rc::gen::container<std::string>(rc::gen::inRange('a', 'z')); }

rc::Gen<Endpoint> endpoint() {
  return rc::gen::construct<Endpoint>(rc::gen::inRange(-1, 12), text(), text());
}

void write_endpoints(std::string& out, const std::vector<Endpoint>& endpoints) {
  write_count(out, static_cast<uint32_t>(endpoints.size()), true);
  for (const Endpoint& one : endpoints) {
    write_int32(out, one.node_id);
    write_string(out, one.host, true);
    write_int32(out, 9092);
    write_string(out, one.rack, true);
    write_uvarint(out, 0);
  }
}

// Sizes of pieces; the last one is repeated.
using Cuts = std::vector<uint8_t>;

std::string rewrite_cut(int16_t api_key, int16_t version, std::string_view frame,
                        const Cuts& cuts) {
  OneHost addresses("advertised.example");
  ResponseRewriter rewriter(api_key, version, static_cast<uint32_t>(frame.size()), addresses);
  std::string client;
  for (size_t i = 0; !frame.empty(); ++i) {
    size_t size = cuts.empty() ? frame.size() : cuts[i % cuts.size()] + size_t{1};
    if (i == 0) size = std::min(size, frame.size() - 1);  // never whole
    const std::string input(frame.substr(0, size));
    frame.remove_prefix(input.size());
    Output out;
    const Result<void> result = rewriter.feed(input, out);
    if (!result) return result.error().code;
    client += out.str();
  }
  RC_ASSERT(rewriter.done());
  return client;
}

std::string metadata_frame(const std::vector<Endpoint>& brokers, const std::string& topics) {
  std::string frame = wire("00000007 00 00000000");
  write_endpoints(frame, brokers);
  return frame + topics;
}

std::string fetch_frame(const std::vector<std::string>& records,
                        const std::vector<Endpoint>& endpoints) {
  std::string frame = wire("00000007 00 00000000 0000 00000000");
  write_count(frame, 1, true);
  frame += std::string(16, 'T');
  write_count(frame, static_cast<uint32_t>(records.size()), true);
  for (const std::string& one : records) {
    frame += std::string(4 + 2 + 3 * 8, '\0') + wire("00 ffffffff");
    write_string(frame, one, true);
    frame += wire("00");
  }
  frame += wire("00");
  std::string content;
  write_endpoints(content, endpoints);
  frame += wire("01 00");
  write_uvarint(frame, static_cast<uint32_t>(content.size()));
  return frame + content;
}

TEST(Split, MetadataIsTheSameWholeAndCut) {
  EXPECT_TRUE(rc::check([](const Cuts& cuts) {
    const auto brokers = *rc::gen::container<std::vector<Endpoint>>(endpoint());
    const std::string frame = metadata_frame(brokers, *text());
    OneHost addresses("advertised.example");
    RC_ASSERT(rewrite_cut(kMetadata, 12, frame, cuts) == rewrite(kMetadata, 12, frame, addresses));
  }));
}

TEST(Split, FetchIsTheSameForAllCuts) {
  EXPECT_TRUE(rc::check([](const Cuts& cuts) {
    const auto endpoints = *rc::gen::container<std::vector<Endpoint>>(endpoint());
    const auto records = *rc::gen::container<std::vector<std::string>>(text());
    const std::string frame = fetch_frame(records, endpoints);
    const std::string cut = rewrite_cut(kFetch, 18, frame, cuts);
    RC_ASSERT(cut.size() == 4 + frame.size() + kStreamReserveBytes);
    RC_ASSERT(cut == rewrite_cut(kFetch, 18, frame, {}));
  }));
}

TEST(Split, BytesOfNoSenseEndTheSameWay) {
  EXPECT_TRUE(rc::check([](const Cuts& cuts, const std::string& noise) {
    RC_PRE(noise.size() > 1);
    const int16_t api_key =
        *rc::gen::element<int16_t>(kProduce, kFetch, kFindCoordinator, kDescribeCluster);
    const int16_t version = api_key == kProduce ? 10 : api_key == kFetch ? 16 : 0;
    RC_ASSERT(rewrite_cut(api_key, version, noise, cuts) ==
              rewrite_cut(api_key, version, noise, {}));
  }));
}

}  // namespace
}  // namespace portway::kafka
