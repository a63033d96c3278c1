// For every example of portway init: the table, the card, the JSON and the diagram of its plan are
// testdata/show/EXAMPLE.*. PORTWAY_UPDATE_GOLDEN=1 writes them anew.
#include <gtest/gtest.h>

#include <string>

#include "plan/golden_testing.h"
#include "plan/init/examples.h"
#include "plan/show/console_card.h"
#include "plan/show/plan_diagram.h"
#include "plan/show/plan_json.h"
#include "plan/show/plan_table.h"

namespace portway::plan {
namespace {

class ShowGolden : public testing::TestWithParam<std::string_view> {};

TEST_P(ShowGolden, IsAsExpected) {
  const std::string base = "src/plan/testdata/show/" + std::string(GetParam());
  const auto spec = parse_spec(example_text(GetParam()), "portway.yaml");
  ASSERT_TRUE(spec) << spec.error().message;
  const Deployment deployment = make_deployment(*spec);
  expect_golden(base + ".txt", plan_table(*spec) + console_cards_text(*spec, deployment));
  expect_golden(base + ".json", plan_json(*spec, deployment));
  expect_golden(base + ".dot", plan_diagram(*spec, deployment));
}

std::string case_name(const testing::TestParamInfo<std::string_view>& instance) {
  std::string name(instance.param);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(, ShowGolden, testing::ValuesIn(example_names()), case_name);

}  // namespace
}  // namespace portway::plan
