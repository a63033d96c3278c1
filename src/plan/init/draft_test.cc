#include "plan/init/draft.h"

#include <gtest/gtest.h>

#include "plan/golden_testing.h"

namespace portway::plan {
namespace {

Draft complete(Method method, bool is_new) {
  Draft draft;
  draft.method = method;
  draft.is_new = is_new;
  draft.cluster_name = "orders";
  draft.cluster_id = is_new ? "q1Sh-9_ISia_zwGINzRvyQ" : "";
  draft.kafka_version = "4.3.0";
  draft.nodes = {"1=10.64.0.2@us-west1-a", "2=10.64.0.3@us-west1-b", "3=10.64.0.4@us-west1-c"};
  draft.advertise = "b{id}.abc.us-west1.gcp.3199745.tidbcloud.com";
  draft.consumers = {"tidbcloud-prod-000"};
  draft.project = "my-kafka-project";
  draft.region = "us-west1";
  return draft;
}

TEST(Draft, EveryKindIsAFileAsExpected) {
  for (const Method method : {Method::kProxy, Method::kPortMapping}) {
    for (const bool is_new : {false, true}) {
      const auto text = draft_yaml(complete(method, is_new));
      ASSERT_TRUE(text) << text.error().message;
      expect_golden("src/plan/testdata/init/" + std::string(method_name(method)) +
                        (is_new ? "_new" : "_existing") + ".yaml",
                    *text);
    }
  }
}

TEST(Draft, NamesTheAnswerThatCannotStand) {
  Draft draft = complete(Method::kProxy, false);
  draft.nodes = {"10.64.0.2"};
  EXPECT_NE(draft_yaml(draft).error().message.find("'10.64.0.2' is not ID=ADDRESS"),
            std::string::npos);
  draft.nodes = {"1=10.64.0.2:9092"};
  EXPECT_NE(draft_yaml(draft).error().message.find("without a port"), std::string::npos);
  draft.nodes = {};
  EXPECT_EQ(draft_yaml(draft).error().code, "bad_answer");
  draft = complete(Method::kProxy, false);
  draft.cluster_name = "a\"\n: b";
  EXPECT_FALSE(draft_yaml(draft));
}

}  // namespace
}  // namespace portway::plan
