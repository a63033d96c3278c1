#include "proxy/admin/admin_server.h"

#include <gtest/gtest.h>
#include <httplib.h>

#include <thread>
#include <vector>

#include "proxy/admin/fake_admin_source.h"

namespace portway::proxy {
namespace {

class AdminServerTest : public testing::Test {
 protected:
  void SetUp() override {
    auto started = AdminServer::start({.address = {"127.0.0.1", 0},
                                       .extra_health_path = "/health",
                                       .extra_metrics_path = "/prometheus"},
                                      source_);
    ASSERT_TRUE(started.has_value()) << started.error().message;
    server_ = std::move(*started);
  }

  httplib::Client client() const { return httplib::Client("127.0.0.1", server_->port()); }

  FakeAdminSource source_;
  std::unique_ptr<AdminServer> server_;
};

TEST_F(AdminServerTest, AnswersEveryPage) {
  for (const char* path :
       {"/livez", "/readyz", "/metrics", "/status", "/", "/health", "/prometheus"}) {
    const auto result = client().Get(path);
    ASSERT_TRUE(result) << path;
    EXPECT_EQ(result->status, 200) << path;
    EXPECT_FALSE(result->body.empty()) << path;
    EXPECT_EQ(result->get_header_value("Cache-Control"), "no-store");
  }
  EXPECT_EQ(client().Get("/metrics")->get_header_value("Content-Type"),
            "text/plain; version=0.0.4; charset=utf-8");
  EXPECT_EQ(client().Get("/readyz")->get_header_value("Content-Type"), "application/json");
}

TEST_F(AdminServerTest, ReadinessFollowsTheProxyAndLivenessDoesNot) {
  ProxyStatus status = source_.status();
  status.ready = false;
  status.draining = true;
  status.not_ready_reason = "draining";
  source_.set(status);
  const auto ready = client().Get("/readyz");
  EXPECT_EQ(ready->status, 503);
  EXPECT_NE(ready->body.find("\"reason\": \"draining\""), std::string::npos);
  EXPECT_EQ(client().Get("/livez")->status, 200);
  EXPECT_EQ(client().Get("/health")->status, 200);
}

TEST_F(AdminServerTest, OtherPathsAre404) {
  for (const char* path : {"/nothing", "/readyz/", "/metrics/x", "/../etc/passwd", "//"}) {
    EXPECT_EQ(client().Get(path)->status, 404) << path;
  }
}

TEST_F(AdminServerTest, OtherMethodsAre405) {
  EXPECT_EQ(client().Post("/metrics")->status, 405);
  EXPECT_EQ(client().Delete("/")->status, 405);
  EXPECT_EQ(client().Options("/")->status, 405);
  EXPECT_EQ(client().Options("/")->get_header_value("Allow"), "GET, HEAD");
  EXPECT_EQ(client().Post("/nothing")->status, 404);
}

TEST_F(AdminServerTest, HeadHasNoBody) {
  const auto result = client().Head("/status");
  ASSERT_TRUE(result);
  EXPECT_EQ(result->status, 200);
  EXPECT_TRUE(result->body.empty());
}

TEST_F(AdminServerTest, ManyAtOnceAreAllAnswered) {
  std::vector<std::thread> threads;
  std::atomic<int> answered = 0;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([this, &answered] {
      for (int n = 0; n < 5; ++n) {
        const auto result = client().Get("/metrics");
        if (result && result->status == 200) answered.fetch_add(1);
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  EXPECT_EQ(answered.load(), 40);
}

TEST_F(AdminServerTest, AnAddressInUseIsNamed) {
  const HostPort taken = {"127.0.0.1", server_->port()};
  const auto second = AdminServer::start({taken, "", ""}, source_);
  ASSERT_FALSE(second.has_value());
  EXPECT_EQ(second.error().code, "admin_bind_failed");
  EXPECT_NE(second.error().message.find(to_string(taken)), std::string::npos);
  EXPECT_NE(second.error().message.find("in use"), std::string::npos) << second.error().message;
}

TEST_F(AdminServerTest, AnAddressOfAnotherMachineIsNamed) {
  const auto elsewhere = AdminServer::start({{"192.0.2.1", 9080}, "", ""}, source_);
  ASSERT_FALSE(elsewhere.has_value());
  EXPECT_NE(elsewhere.error().message.find("192.0.2.1:9080"), std::string::npos);
}

TEST_F(AdminServerTest, ThePortIsFreeAfterwards) {
  const HostPort address = {"127.0.0.1", server_->port()};
  EXPECT_EQ(client().Get("/livez")->status, 200);
  server_.reset();
  auto again = AdminServer::start({address, "", ""}, source_);
  ASSERT_TRUE(again.has_value()) << again.error().message;
  EXPECT_EQ((*again)->port(), address.port);
}

TEST(AdminServer, MayStopAsSoonAsItStarted) {
  const FakeAdminSource source;
  for (int i = 0; i < 20; ++i) {
    auto started = AdminServer::start({{"127.0.0.1", 0}, "", ""}, source);
    ASSERT_TRUE(started.has_value());
  }
}

}  // namespace
}  // namespace portway::proxy
