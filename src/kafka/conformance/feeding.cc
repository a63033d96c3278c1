#include "kafka/conformance/feeding.h"

#include <algorithm>

#include "kafka/response_rewriter.h"

namespace portway::kafka::conformance {
namespace {

size_t piece(size_t left, Random& random) {
  // Single bytes often, then anything.
  const size_t highest = random() % 3 == 0 ? 1 : random() % 3 == 0 ? 16 : left;
  return 1 + random() % std::min(left, highest);
}

}  // namespace

Fed feed_whole(int16_t api_key, int16_t version, std::string_view frame,
               BrokerAddresses& addresses) {
  ResponseRewriter rewriter(api_key, version, static_cast<uint32_t>(frame.size()), addresses);
  Output out;
  const Result<void> result = rewriter.feed(frame, out);
  if (!result) return {out.str(), result.error().code};
  return {out.str(), rewriter.done() ? "" : "not done"};
}

Fed feed_cut(int16_t api_key, int16_t version, std::string_view frame, BrokerAddresses& addresses,
             Random& random) {
  ResponseRewriter rewriter(api_key, version, static_cast<uint32_t>(frame.size()), addresses);
  Fed fed;
  size_t position = 0;
  while (position < frame.size()) {
    const size_t left = frame.size() - position;
    if (const uint32_t opaque = rewriter.opaque_bytes(); opaque > 0 && random() % 2 == 0) {
      const size_t moved = 1 + random() % opaque;
      rewriter.skip(static_cast<uint32_t>(moved));
      fed.bytes += frame.substr(position, moved);
      position += moved;
      continue;
    }
    const size_t size = piece(position == 0 && left > 1 ? left - 1 : left, random);
    // A copy that dies: what is passed must be taken before the next feed.
    const std::string input(frame.substr(position, size));
    Output out;
    const Result<void> result = rewriter.feed(input, out);
    fed.bytes += out.str();
    if (!result) {
      fed.error = result.error().code;
      return fed;
    }
    position += size;
  }
  if (!rewriter.done()) fed.error = "not done";
  return fed;
}

}  // namespace portway::kafka::conformance
