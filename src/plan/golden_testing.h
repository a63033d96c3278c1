#pragma once

#include <string>

namespace portway::plan {

// Compares with the committed file at `path`, which is relative to the top of the source tree.
// PORTWAY_UPDATE_GOLDEN=1 in the environment rewrites the file instead.
void expect_golden(const std::string& path, const std::string& actual);

std::string read_source_file(const std::string& path);
std::string source_path(const std::string& path);

}  // namespace portway::plan
