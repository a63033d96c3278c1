#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "plan/check/catalog.h"
#include "plan/problem.h"

namespace portway::plan {

// One thing that a check found. Why it matters stands in the catalog.
struct Finding {
  Check check = Check::kBadValue;
  std::string file;     // as the caller named it
  Place place;          // column 0: the whole line; line 0: the whole file
  std::string key;      // "external_listeners[0].consumers", "advertised.listeners"; may be empty
  std::string message;  // what is wrong, with the values
  std::string instead;  // what to write here; empty: the catalog's remedy says it
};

struct FindingCounts {
  size_t errors = 0;
  size_t warnings = 0;
  size_t notes = 0;
};
FindingCounts count(const std::vector<Finding>& findings);

// Whether there is still room for one of `check`: kProblemsMax findings, and as many again for
// errors alone, so that no number of lesser findings hides one.
bool has_room(const std::vector<Finding>& findings, Check check);

// Errors first, then warnings, then notes; within each by file, place and code.
void sort_findings(std::vector<Finding>& findings);

// For people: findings under a heading for each severity, each as
//
//   FILE:LINE:COLUMN: KEY: what is wrong [PW012]
//       why: ...
//       instead: ...
//
// and a last line that counts them. Why, and the catalog's own "instead", stand with the first
// finding of a code only. Empty for no findings.
std::string findings_text(const std::vector<Finding>& findings);

// One line for each, as compilers write them: "FILE:LINE:COLUMN: error: KEY: ... [PW012]".
std::string finding_line(const Finding& finding);

// {"findings": [{"code", "severity", "file", "line", "column", "key", "message", "why", "instead",
// "page"}], "errors": 0, "warnings": 0, "notes": 0}
std::string findings_json(const std::vector<Finding>& findings);

}  // namespace portway::plan
