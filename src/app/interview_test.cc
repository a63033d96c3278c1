#include "app/interview.h"

#include <gtest/gtest.h>

#include <sstream>

namespace portway::app {
namespace {

plan::Draft defaults() {
  plan::Draft draft;
  draft.cluster_name = "kafka";
  draft.kafka_version = "4.3.0";
  return draft;
}

TEST(Interview, TakesAnswersAndDefaults) {
  std::istringstream answers(
      "y\n\norders\n\n1=10.64.0.2@us-west1-a\n2=10.64.0.3@us-west1-b\n\n"
      "b{id}.abc.us-west1.gcp.3199745.tidbcloud.com\nmy-kafka-project\nus-west1\n"
      "tidbcloud-prod-000\n");
  std::ostringstream questions;
  plan::Draft draft = defaults();
  ASSERT_TRUE(ask_for_draft(answers, questions, draft));
  EXPECT_EQ(draft.method, plan::Method::kPortMapping);
  EXPECT_FALSE(draft.is_new);
  EXPECT_EQ(draft.cluster_name, "orders");
  EXPECT_EQ(draft.kafka_version, "4.3.0");
  EXPECT_EQ(draft.nodes.size(), 2u);
  EXPECT_EQ(draft.region, "us-west1");
  EXPECT_EQ(draft.consumers, std::vector<std::string>{"tidbcloud-prod-000"});
}

TEST(Interview, AsksAgainWhatMakesNoSense) {
  std::istringstream answers(
      "perhaps\nn\nn\n\nnine\n3.7.1\n\n10.64.0.2\n1=10.64.0.2\n\nb{x}.example.com\n"
      "b{id}.example.com\n\n");
  std::ostringstream questions;
  plan::Draft draft = defaults();
  ASSERT_TRUE(ask_for_draft(answers, questions, draft));
  const std::string text = questions.str();
  EXPECT_NE(text.find("answer y or n"), std::string::npos);
  EXPECT_NE(text.find("'nine' is not"), std::string::npos) << text;
  EXPECT_NE(text.find("one node is needed"), std::string::npos);
  EXPECT_NE(text.find("'10.64.0.2' is not ID=ADDRESS"), std::string::npos);
  EXPECT_NE(text.find("a brace that is not part of {id}"), std::string::npos);
  EXPECT_EQ(draft.advertise, "b{id}.example.com");
  EXPECT_TRUE(draft.project.empty());
}

TEST(Interview, EndsWithItsInput) {
  std::istringstream answers("y\n");
  std::ostringstream questions;
  plan::Draft draft = defaults();
  EXPECT_FALSE(ask_for_draft(answers, questions, draft));
}

}  // namespace
}  // namespace portway::app
