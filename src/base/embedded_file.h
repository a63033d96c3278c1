#pragma once

#include <span>
#include <string_view>

namespace portway {

// A text file that the build put into the program (cmake/PortwayEmbed.cmake). No zero bytes.
struct EmbeddedFile {
  std::string_view path;  // below the embedded folder: "gcloud/create.sh"
  std::string_view text;
};

}  // namespace portway
