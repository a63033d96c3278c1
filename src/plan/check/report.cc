#include "plan/check/report.h"

#include <fmt/format.h>

#include <utility>

namespace portway::plan {

void SpecReport::add(Check check, const std::string& key, std::string message,
                     std::string instead) {
  if (!has_room(findings_, check)) return;
  findings_.push_back({check, file_, place(key), key, std::move(message), std::move(instead)});
}

std::string SpecReport::node_key(size_t node) const {
  const bool is_known = node < loaded_.node_order.size();
  return fmt::format("cluster.nodes[{}]", is_known ? loaded_.node_order[node] : node);
}

Place SpecReport::place(std::string key) const {
  while (true) {
    if (const auto found = loaded_.places.find(key); found != loaded_.places.end()) {
      return found->second;
    }
    const size_t end = key.find_last_of(".[");
    if (end == std::string::npos) return {};
    key.resize(end);
  }
}

}  // namespace portway::plan
