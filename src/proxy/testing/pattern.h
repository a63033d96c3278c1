#pragma once

#include <cstddef>
#include <string>

#include "base/bytes.h"

namespace portway::proxy {

// Endless bytes that repeat after a prime number of them: any piece that is lost, doubled or moved
// is found, without keeping what was sent.
class Pattern {
 public:
  static constexpr size_t kPeriod = 65521;

  // The next bytes from `offset` on, at most kPeriod of them.
  static ByteView at(size_t offset, size_t bytes);

  // Takes received bytes in order; false from the first wrong one on.
  bool check(ByteView bytes);
  size_t checked() const { return offset_; }
  bool good() const { return good_; }

 private:
  size_t offset_ = 0;
  bool good_ = true;
};

std::string pattern_text(size_t bytes);

}  // namespace portway::proxy
