#include <array>
#include <cstddef>

#include "plan/spec.h"

namespace portway::plan {
namespace {

// In the order of Security.
constexpr std::array<std::string_view, 4> kSecurityNames = {"PLAINTEXT", "SSL", "SASL_PLAINTEXT",
                                                            "SASL_SSL"};

}  // namespace

std::string_view security_name(Security security) {
  return kSecurityNames[static_cast<size_t>(security)];
}

Security security_of(std::string_view name) {
  for (size_t i = 0; i < kSecurityNames.size(); ++i) {
    if (kSecurityNames[i] == name) return static_cast<Security>(i);
  }
  return Security::kPlaintext;
}

bool uses_tls(Security security) {
  return security == Security::kSsl || security == Security::kSaslSsl;
}

bool uses_sasl(Security security) {
  return security == Security::kSaslPlaintext || security == Security::kSaslSsl;
}

std::string_view method_name(Method method) {
  return method == Method::kProxy ? "proxy" : "port-mapping";
}

std::string_view provider_name(CloudProvider provider) {
  if (provider == CloudProvider::kAws) return "aws";
  return provider == CloudProvider::kAzure ? "azure" : "gcp";
}

}  // namespace portway::plan
