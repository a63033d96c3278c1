#pragma once

#include <string>
#include <vector>

namespace portway::render {

// One file of a target, before it is written anywhere.
struct RenderedFile {
  std::string path;  // below the output folder: "gcloud/port-mapping/create.sh"
  std::string content;
  bool is_executable = false;
};

using RenderedFiles = std::vector<RenderedFile>;

}  // namespace portway::render
