#include "plan/check/check_plan.h"

#include <utility>

namespace portway::plan {

std::vector<Finding> check_plan(const LoadedSpec& loaded, const std::string& file) {
  const Deployment deployment = make_deployment(loaded.spec);
  const PlanToCheck plan{loaded.spec, deployment};
  std::vector<Finding> findings;
  SpecReport report(loaded, file, findings);
  check_names(plan, report);
  check_places(plan, report);
  check_security(plan, report);
  check_serve(plan, report);
  check_cluster(plan, report);
  check_network(plan, report);
  check_resources(plan, report);
  check_limits(plan, report);
  sort_findings(findings);
  return findings;
}

}  // namespace portway::plan
