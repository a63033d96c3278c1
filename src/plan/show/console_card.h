#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/deployment.h"
#include "plan/spec.h"

namespace portway::plan {

// What to type into the fields of TiDB Cloud's console for one external listener. The console has
// had two forms: until October 2025 everything stood in the changefeed's own form; since then the
// endpoint is an object of its own, and the changefeed only picks it.
struct CardField {
  std::string field;  // as the console labels it
  std::string value;
};
struct CardForm {
  std::string title;
  std::vector<CardField> fields;
};
std::vector<CardForm> console_card(const Spec& spec, const Deployment& deployment,
                                   size_t external_listener);

// The ports of the bootstrap servers, as the console wants them: "9093,9094,9095".
std::string bootstrap_ports(const Spec& spec, size_t external_listener);

// All cards as text; empty without a cloud, when there is no service attachment to name.
std::string console_cards_text(const Spec& spec, const Deployment& deployment);

}  // namespace portway::plan
