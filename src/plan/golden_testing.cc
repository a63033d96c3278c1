#include "plan/golden_testing.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <sstream>

namespace portway::plan {

std::string source_path(const std::string& path) {
  return std::string(PORTWAY_SOURCE_DIR) + "/" + path;
}

std::string read_source_file(const std::string& path) {
  std::ifstream file(source_path(path), std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void expect_golden(const std::string& path, const std::string& actual) {
  if (std::getenv("PORTWAY_UPDATE_GOLDEN") != nullptr) {
    std::ofstream(source_path(path), std::ios::binary) << actual;
    return;
  }
  EXPECT_EQ(read_source_file(path), actual)
      << "if this is as it should be, update with: PORTWAY_UPDATE_GOLDEN=1 ./plan_tests";
}

}  // namespace portway::plan
