#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace portway::render {

// The files below templates/ are Mustache templates (mustache(5)), filled with values from a JSON
// object. {{x}} is escaped for the kind of file that the template's name says, so that no value can
// break out of its place; {{{x}}} is not, and is for text that was made for the place.
//
//   .sh .env        one shell word, quoted where it must be (never write quotes around it)
//   .tf .hcl        text inside HCL's double quotes
//   .yaml .yml      one YAML scalar, double-quoted where it must be
//   .service .timer a systemd value (percent signs doubled)
//   .properties     a value of java.util.Properties
//   .md             Markdown text outside code (<, >, | and the like are escaped)
//   others          as it is
//
// In arrays of objects every object has `first` and `last` besides its own keys. A section over a
// string is entered even if it is empty: conditions are booleans.
std::string fill(std::string_view template_name, const nlohmann::ordered_json& values);

// The text of a file below templates/ as it is. It is there: a name that is not stops the process.
std::string_view template_text(std::string_view template_name);

// The escapes, for text that is put together in code.
std::string shell_word(std::string_view text);
std::string hcl_text(std::string_view text);
std::string yaml_scalar(std::string_view text);
std::string systemd_value(std::string_view text);
std::string properties_value(std::string_view text);
std::string markdown_text(std::string_view text);

}  // namespace portway::render
