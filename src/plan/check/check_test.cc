#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "plan/check/check_all.h"
#include "plan/check/check_plan.h"
#include "plan/check/command_words.h"
#include "plan/check/tidb_cloud_name_check.h"
#include "plan/golden_testing.h"

namespace portway::plan {
namespace {

std::vector<std::string> texts(std::string_view script) {
  std::vector<std::string> words;
  for (const CommandWord& word : kafka_proxy_flags_of(script)) words.push_back(word.text);
  return words;
}

TEST(CommandWords, OfAShellScript) {
  const auto words = kafka_proxy_flags_of(
      "# starts --nothing\n"
      "wget https://example.com/kafka-proxy.tar.gz && tar -zxf kafka-proxy.tar.gz\n"
      "nohup ./kafka-proxy server \\\n"
      "  --a \"x y\" \\\n"
      "  --b='1 2'3 > log 2>&1 &\n"
      "echo --later\n");
  ASSERT_EQ(words.size(), 3u);
  EXPECT_EQ(words[0], (CommandWord{"--a", 4}));
  EXPECT_EQ(words[1], (CommandWord{"x y", 4}));
  EXPECT_EQ(words[2], (CommandWord{"--b=1 23", 5}));
}

TEST(CommandWords, OfFlagsAlone) {
  EXPECT_EQ(texts("--a=1 --b c"), (std::vector<std::string>{"--a=1", "--b", "c"}));
  EXPECT_EQ(texts("ExecStart=/usr/bin/kafka-proxy server --a"), std::vector<std::string>{"--a"});
  EXPECT_TRUE(texts("").empty());
  EXPECT_TRUE(texts("echo hello\n").empty());
  EXPECT_EQ(texts("--a 'open"), (std::vector<std::string>{"--a", "open"}));
  EXPECT_EQ(texts("--a \\"), (std::vector<std::string>{"--a", "\\"}));
}

TEST(TidbCloudNameFault, IsOnlyFoundInNamesMeantForIt) {
  for (const char* right : {"b{id}.abc.us-west1.gcp.3199745.tidbcloud.com",
                            "b1.usw2-az1.abc.us-west-2.aws.3199015.tidbcloud.com",
                            "b3.dvs6nl5jgveztmla3pxkxgh76i.alicloud.plc.tidbcloud.com",
                            "kafka.example.com", "b1.tidbcloud.example.com", "10.64.0.2", ""}) {
    EXPECT_FALSE(tidb_cloud_name_fault(right)) << right;
  }
  for (const char* wrong :
       {"b1.abc.us-west1.gcp.3199745.tidbcloud.com.com", "tidbcloud.com",
        "b1.a-c.us-west1.gcp.3199745.tidbcloud.com", "b1.abc.us-west1.gcp.x.tidbcloud.com",
        "b1.abc.tidbcloud.com", "b_1.abc.us-west1.gcp.3199745.tidbcloud.com",
        "b1.abc.us-west1.gcp.3199745.com.tidbcloud.com",
        "B1.abc.us-west1.gcp.3199745.tidbcloud.com"}) {
    EXPECT_TRUE(tidb_cloud_name_fault(wrong)) << wrong;
  }
}

TEST(Catalog, CodesAreInOrderAndHaveWords) {
  int before = 0;
  for (const CheckInfo& info : check_catalog()) {
    const int number = static_cast<int>(info.check);
    EXPECT_GT(number, before);
    before = number;
    EXPECT_FALSE(info.title.empty() || info.why.empty() || info.remedy.empty()) << number;
    EXPECT_FALSE(info.title.ends_with('.')) << info.title;
    EXPECT_TRUE(info.why.ends_with('.')) << info.why;
    EXPECT_TRUE(info.remedy.ends_with('.')) << info.remedy;
  }
}

TEST(Catalog, IsFoundByCode) {
  for (const char* code : {"PW012", "pw012", "PW12", "12"}) {
    ASSERT_NE(find_check(code), nullptr) << code;
    EXPECT_EQ(find_check(code)->check, Check::kPastLastPort);
  }
  for (const char* code : {"", "PW", "PW999", "PWx", "-12"}) EXPECT_EQ(find_check(code), nullptr);
}

TEST(Findings, AreSortedCountedAndWritten) {
  std::vector<Finding> findings = {
      {Check::kNoAuthentication, "portway.yaml", {4, 5}, "external_listeners[0]", "plain", ""},
      {Check::kNatRangeSmall, "portway.yaml", {9, 3}, "cloud", "small", "write more"},
      {Check::kPlaceholder, "1.properties", {3, 0}, "listeners", "'{x}'", ""}};
  sort_findings(findings);
  EXPECT_EQ(findings[0].check, Check::kPlaceholder);
  EXPECT_EQ(findings[2].check, Check::kNoAuthentication);
  const std::string text = findings_text(findings);
  EXPECT_NE(text.find("Errors\n\n1.properties:3: listeners: '{x}' [PW303]\n    why: "),
            std::string::npos);
  EXPECT_NE(text.find("portway.yaml:9:3: cloud: small [PW201]"), std::string::npos);
  EXPECT_NE(text.find("    instead: write more\n"), std::string::npos);
  EXPECT_NE(text.find("\n1 error, 1 warning, 1 note\n"), std::string::npos);
  const auto json = nlohmann::json::parse(findings_json(findings));
  EXPECT_EQ(json["findings"].size(), 3u);
  EXPECT_EQ(json["findings"][0]["code"], "PW303");
  EXPECT_EQ(json["errors"], 1);
  EXPECT_EQ(findings_text({}), "");
}

TEST(Findings, ShowNothingThatATerminalObeys) {
  const std::vector<Finding> findings = {
      {Check::kPlaceholder, "f", {1, 0}, "k\x1b[2J", "a\nb" + std::string(5000, 'x'), "\x07"}};
  const std::string text = findings_text(findings);
  EXPECT_NE(text.find("f:1: k?[2J: a?bxxx"), std::string::npos) << text;
  EXPECT_LT(text.size(), 1500u);
  EXPECT_EQ(finding_line(findings[0]).find('\n'), std::string::npos);
}

// The parser's error quotes the value, which may hold line ends.
TEST(CheckAll, AFlagWithLineEndsIsOneFinding) {
  CheckInput input;
  input.kafka_proxy = NamedText{"k", "kafka-proxy server --bootstrap-server-mapping \"a:1,\n\nb\""};
  const auto findings = check_all(input);
  ASSERT_EQ(findings.size(), 1u) << findings_text(findings);
  EXPECT_EQ(findings[0].check, Check::kFlagsRefused);
  EXPECT_EQ(findings[0].key, "--bootstrap-server-mapping");
  EXPECT_FALSE(findings[0].message.empty());
}

// A finding about a node stands at the node, in whatever order the file has them.
TEST(CheckPlan, NodesAreFoundWhereTheyStand) {
  const auto loaded = read_spec(
      "cluster:\n"
      "  nodes:\n"
      "    - {id: 9, address: 10.0.0.9}\n"
      "    - {id: 1, address: 10.0.0.1}\n"
      "    - {id: 2, address: 10.0.0.2}\n"
      "external_listeners:\n"
      "  - {name: E, advertise: \"b{id}.example.com\", ports: {first: 9092, ids: 1-8}}\n");
  ASSERT_TRUE(loaded);
  const auto findings = check_plan(*loaded, "f");
  ASSERT_FALSE(findings.empty());
  EXPECT_EQ(findings[0].check, Check::kNodeUnplaced);
  EXPECT_EQ(findings[0].key, "cluster.nodes[0].id");
  EXPECT_EQ(findings[0].place.line, 3);
}

TEST(CheckAll, SecretsOfACommandLineAreNotRepeated) {
  CheckInput input;
  input.kafka_proxy = NamedText{"kafka-proxy", "--sasl-password hush --sasl-passwor hush"};
  const std::string text = findings_text(check_all(input));
  EXPECT_NE(text.find("PW401"), std::string::npos);
  EXPECT_EQ(text.find("hush"), std::string::npos) << text;
}

TEST(CheckAll, WhatCannotBeReadIsSaid) {
  CheckInput input;
  EXPECT_FALSE(add_properties(source_path("src/plan/check/testdata"), input));
  EXPECT_FALSE(add_properties("7=/nowhere.properties", input));
  EXPECT_FALSE(set_kafka_proxy("/nowhere", input));
  EXPECT_TRUE(add_properties(source_path("src/plan/check/testdata/PW340/broken"), input));
  EXPECT_EQ(input.properties.size(), 3u);
  EXPECT_TRUE(input.is_whole_cluster);
  EXPECT_TRUE(set_kafka_proxy("kafka-proxy server --help", input));
}

}  // namespace
}  // namespace portway::plan
