#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/result.h"
#include "render/rendered_file.h"

namespace portway::render {

enum class Outcome : uint8_t { kCreated, kChanged, kUnchanged };

struct WrittenFile {
  std::string path;  // below the folder
  Outcome outcome = Outcome::kCreated;
};

// Writes the files below `folder`, which is made if need be. A file that is there already with the
// same content is not touched; another one is replaced as a whole (written beside it, then
// renamed). Files in the folder that are not among `files` are left alone.
Result<std::vector<WrittenFile>> write_files(const std::filesystem::path& folder,
                                             const RenderedFiles& files);

}  // namespace portway::render
