// Runs every testdata/*.yaml: parse_spec's errors or the port plan must be what *.expected says.
// To add a case, write the .yaml and run with PORTWAY_UPDATE_GOLDEN=1.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <vector>

#include "plan/golden_testing.h"
#include "plan/show/plan_table.h"
#include "plan/spec.h"

namespace portway::plan {
namespace {

std::vector<std::string> case_names() {
  std::vector<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(source_path("src/plan/testdata"))) {
    if (entry.path().extension() == ".yaml") names.push_back(entry.path().stem().string());
  }
  std::sort(names.begin(), names.end());
  return names;
}

class SpecGolden : public testing::TestWithParam<std::string> {};

TEST_P(SpecGolden, PlanOrErrorsAreAsExpected) {
  const std::string base = "src/plan/testdata/" + GetParam();
  const auto spec = parse_spec(read_source_file(base + ".yaml"), "portway.yaml");
  expect_golden(base + ".expected", spec ? plan_table(*spec) : spec.error().message + "\n");
}

INSTANTIATE_TEST_SUITE_P(, SpecGolden, testing::ValuesIn(case_names()),
                         [](const auto& instance) { return instance.param; });

}  // namespace
}  // namespace portway::plan
