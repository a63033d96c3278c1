#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "render/targets.h"

namespace portway::render {

// What the sections of the run book are filled with. Text that stands in code spans or fences as it
// is (names of resources, zones, projects, addresses, ports) has forms that portway.yaml is checked
// against, none of which lets a backtick, a pipe or a newline in; free text goes through
// markdown_text or code_span. Needs spec.cloud.
nlohmann::ordered_json docs_values(const RenderInput& input);

// `text` as a code span that nothing in it can end, also inside a table.
std::string code_span(std::string_view text);

// The brokers of one external listener: those that are there, and the room for others.
nlohmann::ordered_json listener_values(const RenderInput& input, size_t external_listener);

// An entry of external_listeners for one more consumer, which can be added to the plan as it is:
// ports, listen port and name that nothing has yet. Empty if no such ports are left.
std::string second_listener(const RenderInput& input);

}  // namespace portway::render
