#pragma once

#include <string>

namespace portway::plan {

// The JSON Schema (draft-07, which editors' YAML servers read) of portway.yaml, from the table of
// spec_fields.h: completion and hover text for editors. What only the whole file can show (ports
// that collide) is not in it.
std::string spec_json_schema();

}  // namespace portway::plan
