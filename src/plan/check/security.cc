// How clients of external listeners speak and prove who they are.
#include <fmt/format.h>

#include <algorithm>

#include "plan/check/check_plan.h"
#include "plan/check/tidb_cloud_name_check.h"
#include "plan/planned_brokers.h"

namespace portway::plan {
namespace {

// What a changefeed's form offers.
constexpr std::string_view kOffered[] = {"PLAIN", "SCRAM-SHA-256", "SCRAM-SHA-512"};

bool is_offered(const std::string& mechanism) {
  return std::find(std::begin(kOffered), std::end(kOffered), mechanism) != std::end(kOffered);
}

void check_mechanisms(const ExternalListenerSpec& listener, const std::string& key,
                      SpecReport& report) {
  const auto& mechanisms = listener.sasl_mechanisms;
  if (!uses_sasl(listener.security)) {
    if (mechanisms.empty()) return;
    report.add(Check::kMechanismWithoutSasl, key + ".sasl_mechanisms",
               fmt::format("{} speaks {}, which has no SASL", listener.name,
                           security_name(listener.security)));
    return;
  }
  if (mechanisms.empty()) {
    report.add(Check::kSaslWithoutMechanism, key + ".security",
               fmt::format("{} speaks {} and names no mechanism", listener.name,
                           security_name(listener.security)));
    return;
  }
  if (listener.security == Security::kSaslPlaintext &&
      std::find(mechanisms.begin(), mechanisms.end(), "PLAIN") != mechanisms.end()) {
    report.add(Check::kPasswordInClear, key + ".sasl_mechanisms",
               fmt::format("{} takes PLAIN without TLS", listener.name));
  }
  if (is_meant_for_tidb_cloud(listener.advertise) &&
      std::none_of(mechanisms.begin(), mechanisms.end(), is_offered)) {
    report.add(Check::kMechanismNotOffered, key + ".sasl_mechanisms",
               fmt::format("TiDB Cloud offers none of {}", fmt::join(mechanisms, ", ")));
  }
}

void check_proxy_security(const PlanToCheck& plan, const ExternalListenerSpec& listener,
                          const std::string& key, SpecReport& report) {
  const Security inside = plan.spec.cluster.internal.security;
  if (uses_tls(listener.security) || uses_tls(inside)) {
    const bool is_inside = !uses_tls(listener.security);
    report.add(Check::kProxyCannotReadTls,
               is_inside ? "cluster.listeners.internal.security" : key + ".security",
               fmt::format("{} goes through the proxy, and {} is {}", listener.name,
                           is_inside ? "the internal listener" : "its security",
                           security_name(is_inside ? inside : listener.security)));
  } else if (listener.security != inside) {
    report.add(Check::kSecurityDiffersInside, key + ".security",
               fmt::format("{} is {}, and the internal listener behind the proxy is {}",
                           listener.name, security_name(listener.security), security_name(inside)));
  }
}

}  // namespace

void check_security(const PlanToCheck& plan, SpecReport& report) {
  for (size_t i = 0; i < plan.spec.external_listeners.size(); ++i) {
    const ExternalListenerSpec& listener = plan.spec.external_listeners[i];
    const std::string key = listener_key(i);
    check_mechanisms(listener, key, report);
    if (listener.method == Method::kProxy) check_proxy_security(plan, listener, key, report);
    if (uses_tls(listener.security) && parse_tidb_cloud_name(listener.advertise)) {
      report.add(Check::kTlsOnManagedName, key + ".security",
                 fmt::format("{} speaks {} under a name of tidbcloud.com", listener.name,
                             security_name(listener.security)));
    }
    if (listener.security == Security::kPlaintext) {
      report.add(
          Check::kNoAuthentication, key,
          fmt::format("{} is PLAINTEXT: no encryption and no authentication", listener.name));
    }
  }
}

}  // namespace portway::plan
