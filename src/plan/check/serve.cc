// How `portway serve` runs: timeouts along the way of a connection, health checks, limits.
#include <fmt/format.h>

#include <algorithm>

#include "kafka/api_keys.h"
#include "plan/check/check_plan.h"
#include "plan/check/tidb_cloud_name_check.h"
#include "plan/planned_brokers.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

// Brokers close what was silent for connections.max.idle.ms, 10 minutes unless changed; TiCDC
// v7.5.6 to v8.5.6 does not try again when it finds a connection closed.
constexpr uint32_t kIdleLeastMs = 600'000;

// What forgets a silent connection first: Google's load balancer after 600 s and its VPC after 10
// minutes, AWS's NLB after 350 s, Azure's Private Link after 4 to 5 minutes.
uint32_t forgotten_after_ms(const Spec& spec) {
  if (!spec.cloud || spec.cloud->provider == CloudProvider::kGcp) return 600'000;
  return spec.cloud->provider == CloudProvider::kAws ? 350'000 : 240'000;
}

// Google Cloud's health checks ask every 5 s unless told otherwise.
constexpr uint32_t kHealthCheckIntervalMs = 5'000;

// max-message-bytes of a changefeed, unless changed.
constexpr uint32_t kTicdcRequestBytes = 10 << 20;

// Without these a changefeed does not start: what its Kafka client was seen to send.
constexpr int16_t kNeededApis[] = {0 /* Produce */,          3 /* Metadata */,
                                   17 /* SaslHandshake */,   18 /* ApiVersions */,
                                   32 /* DescribeConfigs */, 36 /* SaslAuthenticate */};

void check_timeouts(const PlanToCheck& plan, SpecReport& report) {
  const ServeSpec& serve = plan.spec.serve;
  if (serve.idle_timeout_ms > 0 && serve.idle_timeout_ms < kIdleLeastMs) {
    report.add(Check::kIdleTimeoutShort, "serve.idle_timeout",
               fmt::format("connections are closed after {} of silence, before the brokers would",
                           duration_text(serve.idle_timeout_ms)));
  }
  const uint32_t forgotten_ms = forgotten_after_ms(plan.spec);
  if (serve.keep_alive_ms == 0 || serve.keep_alive_ms >= forgotten_ms) {
    report.add(Check::kKeepAliveLong, "serve.keep_alive",
               serve.keep_alive_ms == 0
                   ? "TCP keep-alive is off"
                   : fmt::format("{} is no shorter than the {} after which the network forgets a "
                                 "silent connection",
                                 duration_text(serve.keep_alive_ms), duration_text(forgotten_ms)));
  }
  if ((plan.spec.cloud || plan.spec.kubernetes) && serve.drain_notice_ms < kHealthCheckIntervalMs) {
    report.add(
        Check::kDrainNoticeShort, "serve.drain_notice",
        fmt::format("{} is shorter than the {} between two health checks",
                    duration_text(serve.drain_notice_ms), duration_text(kHealthCheckIntervalMs)));
  }
}

void check_admin(const PlanToCheck& plan, SpecReport& report) {
  if (!plan.spec.cloud && !plan.spec.kubernetes) return;
  const auto& admin = plan.spec.serve.admin;
  if (!admin) {
    report.add(Check::kAdminOff, "serve.admin", "off, so that no health check can be answered");
  } else if (admin->host.starts_with("127.") || admin->host == "::1") {
    report.add(Check::kAdminLoopback, "serve.admin",
               fmt::format("{} can be asked from the same machine only", to_string(*admin)),
               fmt::format("write 0.0.0.0:{}", admin->port));
  }
}

void check_listen(const PlanToCheck& plan, SpecReport& report) {
  if (!plan.spec.cloud || plan.spec.cloud->provider != CloudProvider::kGcp) return;
  const auto& listen = plan.spec.serve.listen;
  if (std::find(listen.begin(), listen.end(), "0.0.0.0") != listen.end()) return;
  report.add(Check::kListenNotEverywhere, "serve.listen",
             fmt::format("ports are bound on {} only", fmt::join(listen, ", ")));
}

void check_connections(const PlanToCheck& plan, SpecReport& report) {
  for (const size_t index : plan.deployment.proxy->external_listeners) {
    const ExternalListenerSpec& listener = plan.spec.external_listeners[index];
    if (listener.connections_max <= plan.spec.serve.connections_max) continue;
    report.add(Check::kConnectionsMaxUnreachable, listener_key(index) + ".connections_max",
               fmt::format("{} is above serve.connections_max, {}", listener.connections_max,
                           plan.spec.serve.connections_max));
  }
}

void check_requests(const PlanToCheck& plan, SpecReport& report) {
  const auto& listeners = plan.deployment.proxy->external_listeners;
  const bool has_tidb = std::any_of(listeners.begin(), listeners.end(), [&](size_t index) {
    return is_meant_for_tidb_cloud(plan.spec.external_listeners[index].advertise);
  });
  if (!has_tidb) return;
  const ServeSpec& serve = plan.spec.serve;
  if (serve.request_bytes_max < kTicdcRequestBytes) {
    report.add(Check::kRequestTooSmall, "serve.request_bytes_max",
               fmt::format("{} is less than the {} of a changefeed's largest request",
                           size_text(serve.request_bytes_max), size_text(kTicdcRequestBytes)));
  }
  for (const int16_t key : serve.forbidden_api_keys) {
    if (std::find(std::begin(kNeededApis), std::end(kNeededApis), key) == std::end(kNeededApis)) {
      continue;
    }
    report.add(Check::kNeededApiForbidden, "serve.forbidden_api_keys",
               fmt::format("{} is forbidden", kafka::api_name(key)),
               fmt::format("leave {} out", kafka::api_name(key)));
  }
}

}  // namespace

void check_serve(const PlanToCheck& plan, SpecReport& report) {
  if (!plan.deployment.proxy) return;
  check_timeouts(plan, report);
  check_admin(plan, report);
  check_listen(plan, report);
  check_connections(plan, report);
  check_requests(plan, report);
}

}  // namespace portway::plan
