// portway.yaml from anywhere: read or refused, never more. What is read gives a port plan in which
// nothing collides, and is read again from what to_yaml writes.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <set>
#include <string>
#include <string_view>
#include <utility>

#include "plan/deployment.h"
#include "plan/show/console_card.h"
#include "plan/show/plan_diagram.h"
#include "plan/show/plan_json.h"
#include "plan/show/plan_table.h"
#include "plan/spec.h"

namespace {

void require(bool holds) {
  if (!holds) std::abort();
}

void check_plan(const portway::plan::PortPlan& plan) {
  std::set<std::pair<std::string, uint16_t>> bound;
  for (const auto& port : plan.ports) require(bound.emplace(port.listen, port.port).second);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto spec = portway::plan::parse_spec(text, "f");
  if (!spec) {
    require(!spec.error().message.empty());
    return 0;
  }
  const auto plan = portway::plan::make_port_plan(*spec);
  check_plan(plan);
  const auto deployment = portway::plan::make_deployment(*spec);
  require(!portway::plan::plan_table(*spec).empty());
  require(!portway::plan::plan_json(*spec, deployment).empty());
  require(!portway::plan::plan_diagram(*spec, deployment).empty());
  require(portway::plan::console_cards_text(*spec, deployment).empty() == !spec->cloud);
  const auto again = portway::plan::parse_spec(portway::plan::to_yaml(*spec), "f");
  require(again.has_value() && *again == *spec);
  return 0;
}
