#pragma once

#include <cstdint>
#include <string_view>

namespace portway {

// A view of bytes that somebody else owns. Valid as long as its owner says.
using ByteView = std::string_view;

}  // namespace portway
