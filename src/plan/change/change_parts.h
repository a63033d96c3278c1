#pragma once

#include <map>
#include <string>
#include <vector>

#include "plan/change/spec_change.h"
#include "plan/spec.h"

namespace portway::plan {

// When a change has its turn. Additions come before what uses them, removals after.
enum class Turn : uint8_t {
  kPrepare,  // room, accept lists, firewall: nobody notices
  kBrokers,  // brokers learn or unlearn listeners
  kExpose,   // mappings and ports appear
  kMove,     // what clients use changes under them
  kRemove,   // what nobody should use any more goes
};

// Changes with their turns.
class ChangeList {
 public:
  void add(Turn turn, Change change) { changes_.emplace(turn, std::move(change)); }
  bool is_empty() const { return changes_.empty(); }
  std::vector<Change> in_safe_order() const;

 private:
  std::multimap<Turn, Change> changes_;  // in order of insertion within a turn
};

// The step of every change for which brokers start again.
inline constexpr const char* kRollingRestart =
    "scripts/rolling-restart.sh: one broker at a time, it waits";

// Each compares one part of the two specs.
void cluster_changes(const Spec& before, const Spec& after, ChangeList& list);
void listener_changes(const Spec& before, const Spec& after, ChangeList& list);
void place_changes(const Spec& before, const Spec& after, ChangeList& list);
void cloud_changes(const Spec& before, const Spec& after, ChangeList& list);
void serve_changes(const Spec& before, const Spec& after, ChangeList& list);

// The external listener of that name; null when there is none.
const ExternalListenerSpec* find_listener(const Spec& spec, const std::string& name);
size_t listener_index(const Spec& spec, const ExternalListenerSpec& listener);

}  // namespace portway::plan
