// Subnets, addresses and zones.
#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "plan/check/check_plan.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr int kSmallestSubnetBits = 29;           // Google Cloud takes nothing smaller
constexpr uint64_t kNatAddressesLost = 4;         // of every Private Service Connect subnet
constexpr Ipv4Range kAutoMode = {0x0a800000, 9};  // 10.128.0.0/9, subnets of auto mode networks

// A range that is in use, and the key under which it stands.
struct NamedRange {
  std::string key;
  Ipv4Range range;
  bool is_made = true;
};

std::vector<NamedRange> used_ranges(const PlanToCheck& plan) {
  const CloudSpec& cloud = *plan.spec.cloud;
  std::vector<NamedRange> ranges;
  const auto add = [&](const std::string& key, const SubnetSpec& subnet) {
    if (const auto range = parse_ipv4_range(subnet.range)) {
      ranges.push_back({key, *range, !subnet.is_existing});
    }
  };
  add("cloud.subnet.range", cloud.subnet);
  if (plan.spec.cluster.is_new && cloud.bastion.is_wanted) {
    add("cloud.bastion.range", cloud.bastion.subnet);
  }
  if (plan.deployment.port_mapping) {
    add("cloud.port_mapping.nat_range", cloud.port_mapping.nat_subnet);
  }
  if (plan.deployment.proxy) add("cloud.proxy.nat_range", cloud.proxy.nat_subnet);
  return ranges;
}

std::string text_of(const Ipv4Range& range) {
  return fmt::format("{}.{}.{}.{}/{}", range.first >> 24, range.first >> 16 & 255,
                     range.first >> 8 & 255, range.first & 255, range.prefix_bits);
}

void check_ranges(const PlanToCheck& plan, SpecReport& report) {
  const std::vector<NamedRange> ranges = used_ranges(plan);
  for (size_t i = 0; i < ranges.size(); ++i) {
    const NamedRange& one = ranges[i];
    for (size_t j = 0; j < i; ++j) {
      if (!one.range.overlaps(ranges[j].range)) continue;
      report.add(Check::kRangesOverlap, one.key,
                 fmt::format("{} overlaps {} of {}", text_of(one.range), text_of(ranges[j].range),
                             ranges[j].key));
    }
    if (!one.is_made) continue;
    if (one.range.prefix_bits > kSmallestSubnetBits) {
      report.add(Check::kRangeTooSmall, one.key,
                 fmt::format("{} has {} addresses; a subnet has at least 8", text_of(one.range),
                             one.range.size()));
    }
    if (kAutoMode.overlaps(one.range)) {
      report.add(Check::kAutoModeRange, one.key,
                 fmt::format("{} is within {}", text_of(one.range), text_of(kAutoMode)));
    }
  }
}

// One address of the NAT subnet for each connected endpoint.
void check_nat(const Exposure& exposure, const std::string& key, SpecReport& report) {
  const auto range = parse_ipv4_range(exposure.nat_subnet.range);
  if (!range || range->prefix_bits > kSmallestSubnetBits) return;
  const uint64_t usable = range->size() - kNatAddressesLost;
  uint64_t wanted = 0;
  for (const Consumer& consumer : exposure.consumers) wanted += consumer.connection_limit;
  if (exposure.consumers.size() > usable) {
    report.add(Check::kNatRangeTooSmall, key,
               fmt::format("{} leaves {} addresses for {} consumers", exposure.nat_subnet.range,
                           usable, exposure.consumers.size()));
  } else if (wanted > usable) {
    report.add(Check::kNatRangeSmall, key,
               fmt::format("{} leaves {} addresses, and consumers may connect {} endpoints",
                           exposure.nat_subnet.range, usable, wanted));
  }
}

void check_addresses(const PlanToCheck& plan, SpecReport& report) {
  const CloudSpec& cloud = *plan.spec.cloud;
  const auto subnet = parse_ipv4_range(cloud.subnet.range);
  if (!subnet) return;
  const bool must_be_inside = plan.spec.cluster.is_new || plan.deployment.port_mapping;
  for (size_t i = 0; i < plan.spec.cluster.nodes.size(); ++i) {
    const NodeSpec& node = plan.spec.cluster.nodes[i];
    const auto address = parse_ipv4_address(node.address);
    if (!address) continue;
    const std::string key = report.node_key(i) + ".address";
    if (!subnet->contains(*address)) {
      if (!must_be_inside) continue;
      report.add(Check::kNodeOutsideSubnet, key,
                 fmt::format("{} of node {} is not in cloud.subnet.range, {}", node.address,
                             node.id, cloud.subnet.range));
    } else if (address->first < subnet->first + 2 || address->first + 1 >= subnet->last()) {
      report.add(Check::kReservedAddress, key,
                 fmt::format("{} of node {} is one of the four addresses that Google Cloud keeps "
                             "of {}",
                             node.address, node.id, cloud.subnet.range));
    }
  }
}

// Google Cloud's zones are called REGION-LETTER.
bool is_in_region(const std::string& zone, const std::string& region) {
  return zone.size() == region.size() + 2 && zone.starts_with(region) && zone[region.size()] == '-';
}

void check_zone(const PlanToCheck& plan, const std::string& key, const std::string& zone,
                SpecReport& report) {
  const CloudSpec& cloud = *plan.spec.cloud;
  if (cloud.provider != CloudProvider::kGcp || zone.empty() || is_in_region(zone, cloud.region)) {
    return;
  }
  report.add(Check::kZoneOutsideRegion, key,
             fmt::format("'{}' is no zone of {}", zone, cloud.region),
             fmt::format("write for example {}-a", cloud.region));
}

void check_node_zone(const PlanToCheck& plan, size_t index, SpecReport& report) {
  const CloudSpec& cloud = *plan.spec.cloud;
  const NodeSpec& node = plan.spec.cluster.nodes[index];
  const std::string key = report.node_key(index) + ".zone";
  const std::vector<std::string>& zones = cloud.zones;
  if (node.zone.empty()) {
    if (!plan.deployment.port_mapping || cloud.provider != CloudProvider::kGcp) return;
    report.add(Check::kZoneUnknown, report.node_key(index),
               fmt::format("node {} has no zone, and its VM is named by it", node.id));
  } else if (std::find(zones.begin(), zones.end(), node.zone) == zones.end()) {
    report.add(Check::kZoneUnlisted, key,
               fmt::format("{} of node {} is not among cloud.zones ({})", node.zone, node.id,
                           fmt::join(zones, ", ")));
  }
}

void check_zones(const PlanToCheck& plan, SpecReport& report) {
  const CloudSpec& cloud = *plan.spec.cloud;
  for (const std::string& zone : cloud.zones) check_zone(plan, "cloud.zones", zone, report);
  if (plan.spec.cluster.is_new && cloud.bastion.is_wanted) {
    check_zone(plan, "cloud.bastion.zone", cloud.bastion.zone, report);
  }
  const auto& nodes = plan.spec.cluster.nodes;
  for (size_t i = 0; i < nodes.size(); ++i) {
    const bool is_listed =
        std::find(cloud.zones.begin(), cloud.zones.end(), nodes[i].zone) != cloud.zones.end();
    if (!is_listed) check_zone(plan, report.node_key(i) + ".zone", nodes[i].zone, report);
    check_node_zone(plan, i, report);
  }
  const bool is_one_zone = nodes.size() > 1 && !nodes.front().zone.empty() &&
                           std::all_of(nodes.begin(), nodes.end(), [&](const NodeSpec& node) {
                             return node.zone == nodes.front().zone;
                           });
  if (is_one_zone) {
    report.add(Check::kOneZone, "cluster.nodes",
               fmt::format("all nodes are in {}", nodes.front().zone));
  }
}

}  // namespace

void check_network(const PlanToCheck& plan, SpecReport& report) {
  if (!plan.spec.cloud) return;
  if (plan.spec.cloud->provider == CloudProvider::kGcp) {
    check_ranges(plan, report);
    check_addresses(plan, report);
    if (plan.deployment.port_mapping) {
      check_nat(*plan.deployment.port_mapping, "cloud.port_mapping.nat_range", report);
    }
    if (plan.deployment.proxy) {
      check_nat(*plan.deployment.proxy, "cloud.proxy.nat_range", report);
    }
  }
  check_zones(plan, report);
}

}  // namespace portway::plan
