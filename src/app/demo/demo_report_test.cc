#include "app/demo/demo_report.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace portway::app {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr const char* kPortway = "127.64.0.1";

DemoRun good_run() {
  DemoRun run;
  run.bootstrap = {kPortway, 9091};
  run.inside = {{1, {"127.0.0.1", 40001}}, {2, {"127.0.0.1", 40002}}};
  run.advertised = {{1, {kPortway, 9092}}, {2, {kPortway, 9093}}};
  run.view.brokers = {{1, {kPortway, 9092}}, {2, {kPortway, 9093}}};
  run.view.leaders = {1, 2};
  run.texts = {"a", "b"};
  run.written = {{"a", 0, 0, 1}, {"b", 1, 0, 2}};
  run.read = {{"b", 1, 0, 2}, {"a", 0, 0, 1}};
  run.attempts = {{"x/bootstrap", {kPortway, 9091}, true},
                  {"x/1", {kPortway, 9092}, true},
                  {"x/2", {kPortway, 9093}, true}};
  return run;
}

TEST(DemoReport, NothingIsWrongWithAGoodRun) { EXPECT_THAT(demo_findings(good_run()), IsEmpty()); }

TEST(DemoReport, ALeakInMetadataIsFound) {
  DemoRun run = good_run();
  run.view.brokers[1].address = {"127.0.0.1", 40002};
  EXPECT_THAT(demo_findings(run),
              ElementsAre("the client was told 127.0.0.1:40002 for broker 2, an inside address"));
}

TEST(DemoReport, ALeakThatWasFollowedIsFound) {
  DemoRun run = good_run();
  run.attempts.push_back({"127.0.0.1:40001/1", {"127.0.0.1", 40001}, false});
  EXPECT_THAT(
      demo_findings(run),
      ElementsAre("the client went to 127.0.0.1:40001 (127.0.0.1:40001/1), an inside address"));
}

TEST(DemoReport, MissingAndStrangeMessagesAreFound) {
  DemoRun run = good_run();
  run.read = {{"a", 0, 0, 1}, {"a", 0, 1, 1}};
  EXPECT_THAT(demo_findings(run),
              ElementsAre("\"a\" was read though nobody wrote it", "\"b\" was not read"));
}

TEST(DemoReport, ABrokerThatWasNeverReachedIsFound) {
  DemoRun run = good_run();
  run.attempts.pop_back();
  run.view.brokers.pop_back();
  EXPECT_THAT(demo_findings(run),
              ElementsAre("the client was not told of broker 2",
                          "the client never went to 127.64.0.1:9093 for broker 2"));
}

TEST(DemoReport, AMessageTakenByAnotherThanTheLeaderIsFound) {
  DemoRun run = good_run();
  run.written[1].broker_id = 1;
  EXPECT_THAT(demo_findings(run),
              ElementsAre("\"b\" was taken by broker 1, but broker 2 leads partition 1"));
}

TEST(DemoReport, TablesAreAligned) {
  const DemoRun run = good_run();
  EXPECT_EQ(port_plan_text(run.bootstrap, run.advertised, run.inside),
            "  what clients use  leads to    inside address, hidden from clients\n"
            "  ----------------  ----------  -----------------------------------\n"
            "  127.64.0.1:9091   any broker\n"
            "  127.64.0.1:9092   broker 1    127.0.0.1:40001\n"
            "  127.64.0.1:9093   broker 2    127.0.0.1:40002\n");
  EXPECT_THAT(messages_text(run), HasSubstr("b        1          0       broker 2    port 9093"));
  EXPECT_THAT(attempts_text(run), HasSubstr("127.64.0.1:9091          1      any broker"));
}

}  // namespace
}  // namespace portway::app
