#include "net/log/log_line.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <vector>

namespace portway {
namespace {

LogLine example(const std::vector<LogField>& fields) {
  return {.unix_ms = 1'700'000'000'123,
          .level = LogLevel::kWarning,
          .event = "broker_dial_failed",
          .message = "broker does not answer",
          .fields = fields,
          .suppressed = 0,
          .dropped = 0};
}

TEST(LogLine, LogfmtQuotesOnlyWhereNeeded) {
  const std::vector<LogField> fields = {{"broker_id", "4"}, {"listener", ""}, {"why", "a=\"b\""}};
  EXPECT_EQ(format_log_line(LogFormat::kLogfmt, {}, example(fields)),
            "ts=2023-11-14T22:13:20.123Z level=warning event=broker_dial_failed "
            "msg=\"broker does not answer\" broker_id=4 listener=\"\" why=\"a=\\\"b\\\"\"");
}

TEST(LogLine, JsonIsOneObjectWithTheSameFields) {
  const std::vector<LogField> fields = {{"broker_id", "4"}, {"why", "a \"b\"\\"}};
  const std::string line = format_log_line(LogFormat::kJson, {}, example(fields));
  const auto json = nlohmann::json::parse(line);
  EXPECT_EQ(json["ts"], "2023-11-14T22:13:20.123Z");
  EXPECT_EQ(json["level"], "warning");
  EXPECT_EQ(json["event"], "broker_dial_failed");
  EXPECT_EQ(json["msg"], "broker does not answer");
  EXPECT_EQ(json["broker_id"], "4");
  EXPECT_EQ(json["why"], "a \"b\"\\");
  EXPECT_EQ(json.size(), 6u);
}

TEST(LogLine, NamesOfFixedFieldsAreTheUsers) {
  const LogFieldNames names = {.time = "@timestamp", .level = "@level", .message = "@message"};
  const std::string line = format_log_line(LogFormat::kLogfmt, names, example({}));
  EXPECT_EQ(line,
            "@timestamp=2023-11-14T22:13:20.123Z @level=warning event=broker_dial_failed "
            "@message=\"broker does not answer\"");
}

// Every byte a client may choose, in both formats: one line of printable ASCII.
TEST(LogLine, HostileBytesStayInsideTheirValue) {
  std::string hostile;
  for (int byte = 0; byte < 256; ++byte) hostile += static_cast<char>(byte);
  const std::vector<LogField> fields = {{"client_id", hostile}};
  for (const LogFormat format : {LogFormat::kLogfmt, LogFormat::kJson}) {
    for (const char c : format_log_line(format, {}, example(fields))) {
      EXPECT_TRUE(c >= 0x20 && c < 0x7f) << static_cast<int>(c);
    }
  }
  const auto json = nlohmann::json::parse(format_log_line(LogFormat::kJson, {}, example(fields)));
  EXPECT_EQ(json["client_id"].get<std::string>().substr(0, 128), hostile.substr(0, 128));
}

TEST(LogLine, LongValuesAreCut) {
  const std::vector<LogField> fields = {{"client_id", std::string(1 << 20, 'x')}};
  const std::string line = format_log_line(LogFormat::kLogfmt, {}, example(fields));
  EXPECT_LT(line.size(), kLogValueBytesMax + 200);
  EXPECT_EQ(line.substr(line.size() - 4), "x...");
}

TEST(LogLine, SuppressedStandsLastAndOnlyWhenThereAreAny) {
  LogLine line = example({});
  line.suppressed = 123;
  const std::string text = format_log_line(LogFormat::kLogfmt, {}, line);
  EXPECT_EQ(text.substr(text.rfind(' ') + 1), "suppressed=123");
  line.dropped = 7;
  EXPECT_TRUE(format_log_line(LogFormat::kLogfmt, {}, line).ends_with(" suppressed=123 dropped=7"));
}

}  // namespace
}  // namespace portway
