#pragma once

#include <string>
#include <vector>

#include "plan/check/finding.h"
#include "plan/check/report.h"
#include "plan/deployment.h"
#include "plan/spec.h"

namespace portway::plan {

// What is wrong with a plan that could be read: things that Kafka, TiDB Cloud, Google Cloud, AWS or
// Azure refuse or silently do otherwise than the file looks. Only what is certain from the file is
// an error. Sorted; `file` is for messages. Pure.
std::vector<Finding> check_plan(const LoadedSpec& loaded, const std::string& file);

// The parts, one file each.
struct PlanToCheck {
  const Spec& spec;
  const Deployment& deployment;
};
void check_names(const PlanToCheck& plan, SpecReport& report);   // of external listeners
void check_places(const PlanToCheck& plan, SpecReport& report);  // nodes and their ports
void check_security(const PlanToCheck& plan, SpecReport& report);
void check_serve(const PlanToCheck& plan, SpecReport& report);
void check_cluster(const PlanToCheck& plan, SpecReport& report);
void check_network(const PlanToCheck& plan, SpecReport& report);    // ranges, addresses, zones
void check_resources(const PlanToCheck& plan, SpecReport& report);  // names, consumers, fleet
void check_limits(const PlanToCheck& plan, SpecReport& report);     // of the clouds

}  // namespace portway::plan
