#include "plan/check/finding.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <set>
#include <tuple>

namespace portway::plan {
namespace {

constexpr size_t kShownBytesMax = 600;

Severity severity_of(const Finding& finding) { return check_info(finding.check).severity; }

// What a file says in a message: long text in part, and nothing that a terminal would obey.
std::string shown(std::string_view text) {
  const bool is_long = text.size() > kShownBytesMax;
  size_t end = std::min(text.size(), kShownBytesMax);
  while (is_long && end > 0 && (static_cast<unsigned char>(text[end]) & 0xc0) == 0x80) --end;
  std::string out(text.substr(0, end));
  for (char& c : out) {
    if (static_cast<unsigned char>(c) < 0x20 || c == 0x7f) c = '?';
  }
  return is_long ? out + "..." : out;
}

std::string place_text(const Finding& finding) {
  std::string text = finding.file;
  if (finding.place.line > 0) text += fmt::format(":{}", finding.place.line);
  if (finding.place.line > 0 && finding.place.column > 0) {
    text += fmt::format(":{}", finding.place.column);
  }
  return text;
}

std::string key_text(const Finding& finding) {
  return finding.key.empty() ? std::string() : shown(finding.key) + ": ";
}

std::string_view instead_of(const Finding& finding) {
  return finding.instead.empty() ? check_info(finding.check).remedy : finding.instead;
}

std::string counted(size_t number, std::string_view what) {
  return fmt::format("{} {}{}", number, what, number == 1 ? "" : "s");
}

std::string summary(const FindingCounts& counts) {
  return fmt::format("{}, {}, {}\n", counted(counts.errors, "error"),
                     counted(counts.warnings, "warning"), counted(counts.notes, "note"));
}

std::string_view heading(Severity severity) {
  if (severity == Severity::kError) return "Errors";
  return severity == Severity::kWarning ? "Warnings" : "Notes";
}

}  // namespace

FindingCounts count(const std::vector<Finding>& findings) {
  FindingCounts counts;
  for (const Finding& finding : findings) {
    const Severity severity = severity_of(finding);
    if (severity == Severity::kError) ++counts.errors;
    if (severity == Severity::kWarning) ++counts.warnings;
    if (severity == Severity::kNote) ++counts.notes;
  }
  return counts;
}

bool has_room(const std::vector<Finding>& findings, Check check) {
  const bool is_error = check_info(check).severity == Severity::kError;
  return findings.size() < (is_error ? 2 * kProblemsMax : kProblemsMax);
}

void sort_findings(std::vector<Finding>& findings) {
  std::stable_sort(findings.begin(), findings.end(), [](const Finding& a, const Finding& b) {
    const auto order = [](const Finding& finding) {
      return std::tuple(severity_of(finding), std::string_view(finding.file), finding.place.line,
                        finding.place.column, finding.check);
    };
    return order(a) < order(b);
  });
}

std::string findings_text(const std::vector<Finding>& findings) {
  std::string text;
  std::set<Check> explained;
  const Finding* before = nullptr;
  for (const Finding& finding : findings) {
    const Severity severity = severity_of(finding);
    if (before == nullptr || severity_of(*before) != severity) {
      text += fmt::format("{}{}\n\n", before == nullptr ? "" : "\n", heading(severity));
    }
    text += fmt::format("{}: {}{} [{}]\n", place_text(finding), key_text(finding),
                        shown(finding.message), code_text(finding.check));
    const bool is_new = explained.insert(finding.check).second;
    if (is_new) text += fmt::format("    why: {}\n", check_info(finding.check).why);
    if (is_new || !finding.instead.empty()) {
      text += fmt::format("    instead: {}\n", shown(instead_of(finding)));
    }
    before = &finding;
  }
  return before == nullptr ? text : text + "\n" + summary(count(findings));
}

std::string finding_line(const Finding& finding) {
  return fmt::format("{}: {}: {}{} [{}]", place_text(finding), severity_name(severity_of(finding)),
                     key_text(finding), shown(finding.message), code_text(finding.check));
}

std::string findings_json(const std::vector<Finding>& findings) {
  nlohmann::ordered_json list = nlohmann::ordered_json::array();
  for (const Finding& finding : findings) {
    const std::string code = code_text(finding.check);
    list.push_back({{"code", code},
                    {"severity", severity_name(severity_of(finding))},
                    {"file", finding.file},
                    {"line", finding.place.line},
                    {"column", finding.place.column},
                    {"key", finding.key},
                    {"message", finding.message},
                    {"why", check_info(finding.check).why},
                    {"instead", instead_of(finding)},
                    {"page", fmt::format("docs/checks/{}.md", code)}});
  }
  const FindingCounts counts = count(findings);
  const nlohmann::ordered_json all = {{"findings", list},
                                      {"errors", counts.errors},
                                      {"warnings", counts.warnings},
                                      {"notes", counts.notes}};
  return all.dump(2, ' ', false, nlohmann::ordered_json::error_handler_t::replace) + "\n";
}

}  // namespace portway::plan
