#include "plan/show/console_card.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace portway::plan {
namespace {

const Exposure& exposure_of(const Deployment& deployment, Method method) {
  return method == Method::kProxy ? *deployment.proxy : *deployment.port_mapping;
}

// The domain below which the brokers' names are: what follows the first label.
std::string domain_of(const ExternalListenerSpec& listener) {
  const size_t dot = listener.advertise.find('.');
  return dot == std::string::npos ? listener.advertise : listener.advertise.substr(dot + 1);
}

std::string attachment_of(const Spec& spec, const Deployment& deployment, size_t index) {
  return service_attachment_uri(spec,
                                exposure_of(deployment, spec.external_listeners[index].method));
}

std::string tls_of(const ExternalListenerSpec& listener) {
  return uses_tls(listener.security) ? "on" : "off";
}

std::string authentication_of(const ExternalListenerSpec& listener) {
  if (!uses_sasl(listener.security)) return "Disable";
  std::string text;
  for (const std::string& mechanism : listener.sasl_mechanisms) {
    text += (text.empty() ? "SASL/" : " or SASL/") + mechanism;
  }
  return text.empty() ? "SASL, with the mechanism that the brokers offer" : text;
}

// TiDB Cloud chooses a client by Kafka's major version, and knows these two.
std::string version_of(const Spec& spec) {
  return kafka_version(spec).major >= 3 ? "Kafka v3" : "Kafka v2";
}

CardForm earlier_form(const Spec& spec, const Deployment& deployment, size_t index,
                      const TidbCloudName& name) {
  return {
      "Changefeed form with the connectivity method Private Service Connect (until October "
      "2025)",
      {{"Kafka Advertised Listener Pattern", name.unique},
       {"Service Attachment", attachment_of(spec, deployment, index)},
       {"Bootstrap Ports", bootstrap_ports(spec, index)}}};
}

CardForm endpoint_form(const Spec& spec, const Deployment& deployment, size_t index,
                       const std::optional<TidbCloudName>& name) {
  const ExternalListenerSpec& listener = spec.external_listeners[index];
  CardForm form{"Private endpoint for changefeeds (since October 2025)",
                {{"Private Endpoint Name", fmt::format("{}-{}", spec.cluster.name, listener.name)},
                 {"Service Attachment", attachment_of(spec, deployment, index)},
                 {"Advertised Listener for Kafka", "on"}}};
  if (name) {
    form.fields.push_back({"Domain Type", "TiDB Managed"});
    form.fields.push_back({"Domain Pattern", fmt::format("{}, then Generate", name->unique)});
  } else {
    form.fields.push_back({"Domain Type", "Custom"});
    form.fields.push_back({"Root Domain", fmt::format("{}, then Check", domain_of(listener))});
  }
  return form;
}

CardForm changefeed_form(const Spec& spec, size_t index) {
  const ExternalListenerSpec& listener = spec.external_listeners[index];
  return {"Then, in the changefeed's form",
          {{"Private Endpoint", fmt::format("{}-{}", spec.cluster.name, listener.name)},
           {"Bootstrap Ports", bootstrap_ports(spec, index)},
           {"Authentication", authentication_of(listener)},
           {"TLS Encryption", tls_of(listener)},
           {"Kafka Version", version_of(spec)}}};
}

std::string form_text(const CardForm& form) {
  size_t width = 0;
  for (const CardField& field : form.fields) width = std::max(width, field.field.size());
  std::string text = fmt::format("  {}\n", form.title);
  for (const CardField& field : form.fields) {
    text += fmt::format("    {:<{}}  {}\n", field.field, width, field.value);
  }
  return text;
}

// What the console shows in return, to be compared before the endpoint is made.
std::string generated_pattern(const TidbCloudName& name) {
  const std::string az = name.az_id.empty() ? "" : name.az_id + ".";
  if (name.number.empty()) {
    return fmt::format("<broker_id>.{}{}.{}.plc.tidbcloud.com:<port>", az, name.unique, name.cloud);
  }
  return fmt::format("<broker_id>.{}{}.{}.{}.{}.tidbcloud.com:<port>", az, name.unique, name.region,
                     name.cloud, name.number);
}

}  // namespace

std::string bootstrap_ports(const Spec& spec, size_t external_listener) {
  std::string text;
  for (const HostPort& server : bootstrap_servers(spec, external_listener)) {
    text += fmt::format("{}{}", text.empty() ? "" : ",", server.port);
  }
  return text;
}

std::vector<CardForm> console_card(const Spec& spec, const Deployment& deployment,
                                   size_t external_listener) {
  const auto name = parse_tidb_cloud_name(spec.external_listeners[external_listener].advertise);
  std::vector<CardForm> forms;
  if (name) forms.push_back(earlier_form(spec, deployment, external_listener, *name));
  forms.push_back(endpoint_form(spec, deployment, external_listener, name));
  forms.push_back(changefeed_form(spec, external_listener));
  return forms;
}

std::string console_cards_text(const Spec& spec, const Deployment& deployment) {
  if (!spec.cloud) return {};
  std::string text;
  for (size_t i = 0; i < spec.external_listeners.size(); ++i) {
    const ExternalListenerSpec& listener = spec.external_listeners[i];
    text += fmt::format("\nTo type into TiDB Cloud's console for {}\n", listener.name);
    for (const CardForm& form : console_card(spec, deployment, i)) text += form_text(form);
    if (const auto name = parse_tidb_cloud_name(listener.advertise)) {
      text += fmt::format(
          "  The console must then show {}; if it shows another pattern, write that "
          "into advertise.\n",
          generated_pattern(*name));
    }
  }
  return text;
}

}  // namespace portway::plan
