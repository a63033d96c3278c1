#include "plan/change/spec_change.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "plan/change/change_parts.h"

namespace portway::plan {

std::string_view impact_text(Impact impact) {
  switch (impact) {
    case Impact::kNone:
      return "no interruption";
    case Impact::kRestart:
      return "one by one, no interruption for clients that retry";
    case Impact::kOutage:
      return "OUTAGE for the clients named";
  }
  return "";
}

std::vector<Change> spec_changes(const Spec& before, const Spec& after) {
  ChangeList list;
  cluster_changes(before, after, list);
  listener_changes(before, after, list);
  place_changes(before, after, list);
  cloud_changes(before, after, list);
  serve_changes(before, after, list);
  if (list.is_empty() && before != after) {
    list.add(Turn::kMove, {Impact::kRestart,
                           "fields change that have no advice of their own",
                           "Rendered files, or what portway serve does, may differ.",
                           {"render both into folders of their own and compare them (diff -r)"}});
  }
  return list.in_safe_order();
}

std::string changes_text(const std::vector<Change>& changes) {
  if (changes.empty()) return "The two mean the same: nothing to do.\n";
  std::string text;
  Impact worst = Impact::kNone;
  for (size_t i = 0; i < changes.size(); ++i) {
    const Change& change = changes[i];
    worst = std::max(worst, change.impact);
    text += fmt::format("{}. {} ({})\n   {}\n", i + 1, change.what, impact_text(change.impact),
                        change.why);
    for (const std::string& step : change.steps) text += fmt::format("   - {}\n", step);
  }
  text += fmt::format("\nIn this order. All in all: {}.\n", impact_text(worst));
  if (changes.size() == 1) return text;
  return text +
         "A create.sh does all of the new file in one run: to keep to the order, change the file\n"
         "by one of these at a time, render, carry it out, and go on.\n";
}

}  // namespace portway::plan
