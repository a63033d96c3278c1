#include "proxy/admin/admin_pages.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>

#include "proxy/admin/fake_admin_source.h"

namespace portway::proxy {
namespace {

ProxyStatus with_homeless_broker() {
  ProxyStatus status = FakeAdminSource().status();
  status.external_listeners[0].brokers_without_place = {65, 70};
  status.external_listeners[0].widen_hint = "ports: {first: 9092, ids: 1-70}";
  return status;
}

TEST(AdminPages, ReadinessNamesEveryPortAndItsBroker) {
  const auto json = nlohmann::json::parse(readiness_json(FakeAdminSource().status()));
  EXPECT_EQ(json["ready"], true);
  EXPECT_EQ(json["topology"]["state"], "known");
  EXPECT_EQ(json["topology"]["age_ms"], 1500);
  const auto& ports = json["external_listeners"][0]["ports"];
  ASSERT_EQ(ports.size(), 3u);
  EXPECT_EQ(ports[0]["target"], "any broker");
  EXPECT_EQ(ports[0]["broker_id"], nullptr);
  EXPECT_EQ(ports[0]["advertised"], nullptr);
  EXPECT_EQ(ports[1]["listen"], "0.0.0.0:9092");
  EXPECT_EQ(ports[1]["broker_id"], 1);
  EXPECT_EQ(ports[1]["advertised"], "b1.abc.example:9092");
  EXPECT_EQ(ports[1]["broker"], "10.64.0.2:9092");
  EXPECT_EQ(ports[2]["listen"], "[::]:9093");
  EXPECT_EQ(ports[2]["broker"], nullptr);
}

TEST(AdminPages, ReadinessSaysWhichRangeToWiden) {
  const auto json = nlohmann::json::parse(readiness_json(with_homeless_broker()));
  const auto& listener = json["external_listeners"][0];
  EXPECT_EQ(listener["brokers_without_place"], nlohmann::json({65, 70}));
  EXPECT_EQ(listener["widen_hint"], "ports: {first: 9092, ids: 1-70}");
}

TEST(AdminPages, StatusIsReadinessAndMore) {
  ProxyStatus proxy = FakeAdminSource().status();
  proxy.configuration_error = "portway.yaml:3:1: bad";
  proxy.configuration_failures = 1;
  const auto status = nlohmann::json::parse(status_json(proxy));
  const auto readiness = nlohmann::json::parse(readiness_json(proxy));
  for (const auto& [key, value] : readiness.items()) {
    EXPECT_EQ(status[key], value) << key;
  }
  EXPECT_EQ(status["uptime_ms"], 90'061'000);
  EXPECT_EQ(status["configuration"]["generation"], 2);
  EXPECT_EQ(status["configuration"]["reload_failures"], 1);
  EXPECT_EQ(status["configuration"]["last_error"], "portway.yaml:3:1: bad");
  EXPECT_EQ(status["connections_by_worker"], nlohmann::json({3, 4}));
}

TEST(AdminPages, JsonSurvivesBytesThatAreNotUtf8) {
  ProxyStatus status = FakeAdminSource().status();
  status.topology_error = "broker said \xff\xfe";
  EXPECT_TRUE(nlohmann::json::accept(status_json(status)));
}

TEST(AdminPages, PageShowsWhatIsWrong) {
  ProxyStatus status = with_homeless_broker();
  status.ready = false;
  status.not_ready_reason = "port 9093 is not bound";
  status.external_listeners[0].ports[2].bound = false;
  const std::string html = status_html(status);
  EXPECT_NE(html.find("not ready</span>: port 9093 is not bound"), std::string::npos);
  EXPECT_NE(html.find("65, 70. ports: {first: 9092, ids: 1-70}"), std::string::npos);
  EXPECT_NE(html.find("<span class=\"bad\">no</span>"), std::string::npos);
  EXPECT_NE(html.find("1 day 01:01:01"), std::string::npos);
}

TEST(AdminPages, PageGathersPortsThatWaitForTheirBrokers) {
  ProxyStatus status = FakeAdminSource().status();
  for (int id = 3; id <= 64; ++id) {
    const auto port = static_cast<uint16_t>(9091 + id);
    status.external_listeners[0].ports.push_back(
        {"0.0.0.0", port, "broker " + std::to_string(id), id, {"b.example", port}, {}, true});
  }
  const std::string html = status_html(status);
  EXPECT_NE(html.find("<td>broker 1</td>"), std::string::npos);
  EXPECT_EQ(html.find("<td>broker 64</td>"), std::string::npos);
  EXPECT_NE(html.find("63 more ports from 9093 to 9155 are bound"), std::string::npos);
}

TEST(AdminPages, PageEscapesAndLoadsNothing) {
  ProxyStatus status = FakeAdminSource().status();
  status.cluster = "<script>alert('x')</script>";
  const std::string html = status_html(status);
  EXPECT_EQ(html.find("<script"), std::string::npos);
  EXPECT_NE(html.find("&lt;script&gt;"), std::string::npos);
  EXPECT_EQ(html.find("http://"), std::string::npos);
  EXPECT_EQ(html.find("https://"), std::string::npos);
  EXPECT_EQ(html.find("src="), std::string::npos);
}

}  // namespace
}  // namespace portway::proxy
