// External listeners' names: the grammar of TiDB Cloud's names, and whether they fit the cloud.
#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <string_view>

#include "plan/check/check_plan.h"
#include "plan/check/tidb_cloud_name_check.h"
#include "plan/planned_brokers.h"

namespace portway::plan {
namespace {

bool is_az_id(std::string_view label) {  // usw2-az1
  const size_t dash = label.find("-az");
  return dash != std::string_view::npos && dash > 0 && dash + 3 < label.size() &&
         std::all_of(label.begin() + static_cast<std::ptrdiff_t>(dash) + 3, label.end(),
                     [](char c) { return c >= '0' && c <= '9'; });
}

// AWS resolves a name to the endpoint of the zone that it names; everywhere else there is one
// endpoint and no such label.
void check_zone_label(const PlanToCheck& plan, size_t index, const TidbCloudName& name,
                      SpecReport& report) {
  const std::string key = listener_key(index) + ".advertise";
  if (name.cloud != "aws") {
    if (name.az_id.empty()) return;
    report.add(
        Check::kZoneLabel, key,
        fmt::format("'{}' stands between the broker's label and '{}', where names of {} have "
                    "nothing",
                    name.az_id, name.unique, name.cloud),
        fmt::format("leave out '{}.'", name.az_id));
    return;
  }
  if (!is_az_id(name.az_id)) {
    report.add(Check::kZoneLabel, key,
               name.az_id.empty()
                   ? "the name has no availability zone, and AWS needs its id"
                   : fmt::format("'{}' is not the id of an availability zone", name.az_id));
    return;
  }
  if (!plan.deployment.port_mapping) return;
  for (const BrokerPlace& place : plan.deployment.port_mapping->places) {
    const NodeSpec& node = plan.spec.cluster.nodes[place.node];
    if (place.external_listener != index || !is_az_id(node.zone) || node.zone == name.az_id) {
      continue;
    }
    report.add(
        Check::kZoneLabel, key,
        fmt::format("the name is of {} and broker {} is in {}", name.az_id, node.id, node.zone),
        fmt::format("give the brokers of {} an external listener of their own", node.zone));
    return;
  }
}

void check_cloud_fits(const PlanToCheck& plan, const std::string& key, const TidbCloudName& name,
                      SpecReport& report) {
  if (!plan.spec.cloud) return;
  const CloudSpec& cloud = *plan.spec.cloud;
  const std::string_view provider = provider_name(cloud.provider);
  if (name.cloud != provider) {
    report.add(Check::kCloudDiffers, key,
               fmt::format("the name is of {}, and cloud.provider is {}", name.cloud, provider));
  } else if (!name.region.empty() && name.region != cloud.region) {
    report.add(Check::kRegionDiffers, key,
               fmt::format("the name is of {}, and cloud.region is {}", name.region, cloud.region));
  }
}

// The unique string stands for one TiDB Cloud project; another project never resolves it.
void check_unique(const PlanToCheck& plan, size_t index, const TidbCloudName& name,
                  SpecReport& report) {
  const auto& listeners = plan.spec.external_listeners;
  for (size_t other = 0; other < index; ++other) {
    const auto other_name = parse_tidb_cloud_name(listeners[other].advertise);
    if (!other_name || other_name->unique != name.unique || other_name->region != name.region ||
        other_name->number != name.number || other_name->cloud != name.cloud) {
      continue;
    }
    const auto& mine = listeners[index].consumers;
    const auto& theirs = listeners[other].consumers;
    const bool shares_a_project = std::any_of(mine.begin(), mine.end(), [&](const auto& project) {
      return std::find(theirs.begin(), theirs.end(), project) != theirs.end();
    });
    if (mine.empty() || theirs.empty() || shares_a_project) continue;
    report.add(Check::kUniqueShared, listener_key(index) + ".advertise",
               fmt::format("{} has the unique string '{}' of {}, whose consumers are others",
                           listeners[index].name, name.unique, listeners[other].name));
    return;
  }
}

}  // namespace

void check_names(const PlanToCheck& plan, SpecReport& report) {
  for (size_t i = 0; i < plan.spec.external_listeners.size(); ++i) {
    const std::string& advertise = plan.spec.external_listeners[i].advertise;
    const std::string key = listener_key(i) + ".advertise";
    if (auto fault = tidb_cloud_name_fault(advertise)) {
      report.add(fault->is_case ? Check::kCapitals : Check::kNotOfTidbCloud, key,
                 std::move(fault->message), std::move(fault->instead));
      continue;
    }
    const auto name = parse_tidb_cloud_name(advertise);
    if (!name) continue;
    check_cloud_fits(plan, key, *name, report);
    check_zone_label(plan, i, *name, report);
    check_unique(plan, i, *name, report);
  }
}

}  // namespace portway::plan
