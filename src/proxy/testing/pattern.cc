#include "proxy/testing/pattern.h"

#include <algorithm>
#include <cstdint>

namespace portway::proxy {
namespace {

// Two periods: any kPeriod bytes stand in one piece.
const std::string& doubled_period() {
  static const std::string text = [] {
    std::string period(Pattern::kPeriod, '\0');
    uint32_t state = 2463534242;
    for (char& byte : period) {
      state ^= state << 13;
      state ^= state >> 17;
      state ^= state << 5;
      byte = static_cast<char>(state);
    }
    return period + period;
  }();
  return text;
}

}  // namespace

ByteView Pattern::at(size_t offset, size_t bytes) {
  return ByteView(doubled_period()).substr(offset % kPeriod, std::min(bytes, kPeriod));
}

bool Pattern::check(ByteView bytes) {
  while (good_ && !bytes.empty()) {
    const ByteView expected = at(offset_, bytes.size());
    good_ = bytes.substr(0, expected.size()) == expected;
    offset_ += expected.size();
    bytes.remove_prefix(expected.size());
  }
  return good_;
}

std::string pattern_text(size_t bytes) {
  std::string text;
  while (text.size() < bytes) text.append(Pattern::at(text.size(), bytes - text.size()));
  return text;
}

}  // namespace portway::proxy
