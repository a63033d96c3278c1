// The Kafka cluster itself: what a new one can be, and how many nodes it stands on.
#include <fmt/format.h>

#include "plan/check/check_plan.h"

namespace portway::plan {
namespace {

constexpr KafkaVersion kKraftReady = {3, 3, 0};  // KIP-833
constexpr size_t kControllersMost = 5;
constexpr size_t kBrokersLeast = 3;

// The "magic id" that a published set-up guide has in every copy.
constexpr std::string_view kPublishedIds[] = {"BRl69zcmTFmiPaoaANybiw"};

struct Roles {
  size_t brokers = 0;
  size_t controllers = 0;
  size_t both = 0;
};

Roles count_roles(const Spec& spec) {
  Roles roles;
  for (const NodeSpec& node : spec.cluster.nodes) {
    if (node.is_broker) ++roles.brokers;
    if (node.is_controller) ++roles.controllers;
    if (node.is_broker && node.is_controller) ++roles.both;
  }
  return roles;
}

void check_controllers(const Roles& roles, SpecReport& report) {
  if (roles.controllers == 0) {
    report.add(Check::kNoController, "cluster.nodes", "no node has the role controller");
  } else if (roles.controllers % 2 == 0) {
    report.add(Check::kControllersEven, "cluster.nodes",
               fmt::format("{} controllers", roles.controllers),
               fmt::format("write {} or {}", roles.controllers - 1, roles.controllers + 1));
  }
  if (roles.controllers > kControllersMost) {
    report.add(Check::kControllersMany, "cluster.nodes",
               fmt::format("{} controllers", roles.controllers));
  }
  if (roles.both > 0) {
    report.add(Check::kCombinedNodes, "cluster.nodes",
               fmt::format("{} of the nodes are broker and controller at once", roles.both));
  }
}

void check_new(const Spec& spec, const Roles& roles, SpecReport& report) {
  if (kafka_version(spec) < kKraftReady) {
    report.add(Check::kKraftTooOld, "cluster.kafka_version",
               fmt::format("{} is before 3.3, and new clusters are set up with KRaft",
                           spec.cluster.kafka_version));
  }
  for (const std::string_view id : kPublishedIds) {
    if (spec.cluster.id == id) {
      report.add(Check::kPublishedClusterId, "cluster.id",
                 fmt::format("{} is the id of a published example", id));
    }
  }
  if (spec.cluster.log_dirs == "/tmp" || spec.cluster.log_dirs.starts_with("/tmp/")) {
    report.add(Check::kDataInTmp, "cluster.log_dirs",
               fmt::format("{} is emptied when the machine starts", spec.cluster.log_dirs));
  }
  if (!spec.cluster.nodes.empty()) check_controllers(roles, report);
}

}  // namespace

void check_cluster(const PlanToCheck& plan, SpecReport& report) {
  const Roles roles = count_roles(plan.spec);
  if (plan.spec.cluster.is_new) check_new(plan.spec, roles, report);
  if (plan.spec.cluster.nodes.empty()) return;
  if (roles.brokers == 0) {
    report.add(Check::kNoBroker, "cluster.nodes", "no node has the role broker");
  } else if (roles.brokers < kBrokersLeast) {
    report.add(Check::kFewBrokers, "cluster.nodes",
               fmt::format("{} broker{}", roles.brokers, roles.brokers == 1 ? "" : "s"));
  }
}

}  // namespace portway::plan
