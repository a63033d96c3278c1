// For every testdata/change/CASE: what going from CASE/before.yaml to CASE/after.yaml means is
// CASE/expected.txt. PORTWAY_UPDATE_GOLDEN=1 writes it anew.
#include "plan/change/spec_change.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "plan/golden_testing.h"
#include "plan/init/examples.h"

namespace portway::plan {
namespace {

constexpr const char* kFolder = "src/plan/testdata/change";

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(source_path(kFolder))) {
    names.push_back(entry.path().filename().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class SpecChange : public testing::TestWithParam<std::string> {};

TEST_P(SpecChange, MeansWhatIsExpected) {
  const std::string base = std::string(kFolder) + "/" + GetParam();
  const auto before = parse_spec(read_source_file(base + "/before.yaml"), "before.yaml");
  const auto after = parse_spec(read_source_file(base + "/after.yaml"), "after.yaml");
  ASSERT_TRUE(before) << before.error().message;
  ASSERT_TRUE(after) << after.error().message;
  expect_golden(base + "/expected.txt", changes_text(spec_changes(*before, *after)));
}

INSTANTIATE_TEST_SUITE_P(, SpecChange, testing::ValuesIn(case_names()),
                         [](const auto& instance) { return instance.param; });

TEST(SpecChanges, NothingChangesBetweenTheSame) {
  for (const std::string_view name : example_names()) {
    const auto spec = parse_spec(example_text(name), "portway.yaml");
    ASSERT_TRUE(spec);
    EXPECT_TRUE(spec_changes(*spec, *spec).empty()) << name;
  }
}

}  // namespace
}  // namespace portway::plan
