// Runs every example of testdata/CODE: the broken one must yield the code, and nothing else but
// notes and the codes that its also.txt names; the mended one must not, and be clean. To add a
// check, write both examples and run with PORTWAY_UPDATE_GOLDEN=1, which writes its page.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <set>
#include <sstream>

#include "plan/check/check_plan.h"
#include "plan/check/example_testing.h"
#include "plan/golden_testing.h"

namespace portway::plan {
namespace {

constexpr const char* kFolder = "src/plan/check/testdata";

std::set<std::string> also_of(const std::string& folder) {
  std::set<std::string> codes;
  std::istringstream lines(read_source_file(folder + "/also.txt"));
  for (std::string code; lines >> code;) codes.insert(code);
  return codes;
}

// What an example yields beyond what it may.
std::string unexpected(const std::vector<Finding>& findings, const std::set<std::string>& allowed) {
  std::string text;
  for (const Finding& finding : findings) {
    const bool is_note = check_info(finding.check).severity == Severity::kNote;
    if (!is_note && !allowed.contains(code_text(finding.check))) {
      text += finding_line(finding) + "\n";
    }
  }
  return text;
}

class CheckExample : public testing::TestWithParam<CheckInfo> {
 protected:
  const std::string code_ = code_text(GetParam().check);
  const std::string folder_ = std::string(kFolder) + "/" + code_;

  size_t times_found(const std::vector<Finding>& findings) const {
    return static_cast<size_t>(
        std::count_if(findings.begin(), findings.end(),
                      [&](const Finding& finding) { return finding.check == GetParam().check; }));
  }
};

TEST_P(CheckExample, BrokenYieldsTheCode) {
  const std::string folder = folder_ + "/broken";
  ASSERT_FALSE(example_files(folder).empty()) << "no example in " << folder;
  const auto findings = check_all(example_input(folder));
  EXPECT_GT(times_found(findings), 0u) << findings_text(findings);
  std::set<std::string> allowed = also_of(folder);
  for (const std::string& code : allowed) {
    EXPECT_TRUE(
        std::any_of(findings.begin(), findings.end(),
                    [&](const Finding& finding) { return code_text(finding.check) == code; }))
        << code << " of also.txt is not found";
  }
  allowed.insert(code_);
  EXPECT_EQ(unexpected(findings, allowed), "");
  for (const Finding& finding : findings) {
    if (finding.check == GetParam().check) {
      EXPECT_FALSE(finding.message.empty());
    }
  }
}

TEST_P(CheckExample, MendedDoesNot) {
  const std::string folder = folder_ + "/mended";
  ASSERT_FALSE(example_files(folder).empty()) << "no example in " << folder;
  const auto findings = check_all(example_input(folder));
  EXPECT_EQ(times_found(findings), 0u);
  EXPECT_EQ(unexpected(findings, also_of(folder)), "");
}

TEST_P(CheckExample, PageIsThatOfCatalogAndExamples) {
  expect_golden("docs/checks/" + code_ + ".md", check_page(GetParam(), kFolder));
}

INSTANTIATE_TEST_SUITE_P(, CheckExample,
                         testing::ValuesIn(check_catalog().begin(), check_catalog().end()),
                         [](const auto& instance) { return code_text(instance.param.check); });

TEST(CheckExamples, IndexIsThatOfTheCatalog) {
  expect_golden("docs/checks/README.md", check_index());
}

TEST(CheckExamples, NoPageAndNoExampleWithoutACode) {
  std::set<std::string> known = {"README.md", "document"};
  for (const CheckInfo& info : check_catalog()) {
    known.insert(code_text(info.check));
    known.insert(code_text(info.check) + ".md");
  }
  for (const char* folder : {"docs/checks", kFolder}) {
    for (const std::string& file : example_files(folder)) {
      EXPECT_TRUE(known.contains(file)) << folder << "/" << file;
    }
  }
}

TEST(CheckExamples, WhatInitWritesIsClean) {
  size_t examples = 0;
  for (const std::string& file : example_files("src/plan/examples")) {
    const std::string path = "src/plan/examples/" + file;
    const auto findings = check_all({NamedText{file, read_source_file(path)}, {}, false, {}});
    EXPECT_EQ(unexpected(findings, {}), "") << path;
    ++examples;
  }
  EXPECT_GE(examples, 5u);
}

// The set-up guide that Portway starts from, written down with its own values: what of its errors
// can be seen in a file is found.
TEST(CheckExamples, TheDocumentsOwnErrors) {
  const std::string folder = std::string(kFolder) + "/document";
  const auto lines = [](const std::vector<Finding>& findings) {
    std::string text;
    for (const Finding& finding : findings) text += finding_line(finding) + "\n";
    return text;
  };
  CheckInput input = example_input(folder);
  input.kafka_proxy.reset();
  std::string all = "method 1, as it is written\n" + lines(check_all(input));
  input.spec->text = read_source_file(folder + "/without-bootstrap-port.yaml");
  all += "\nmethod 1, without its bootstrap port 9092\n" + lines(check_all(input));
  CheckInput proxy = example_input(folder);
  proxy.properties.clear();
  proxy.spec = NamedText{"method2.yaml", read_source_file(folder + "/method2.yaml")};
  all += "\nmethod 2\n" + lines(check_all(proxy));
  expect_golden(folder + "/findings.txt", all);
}

}  // namespace
}  // namespace portway::plan
