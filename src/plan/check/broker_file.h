#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "plan/check/finding.h"
#include "plan/properties/kafka_listeners.h"
#include "plan/properties/properties_file.h"

namespace portway::plan {

// One server.properties as checks see it: read once, with findings for what cannot be read. Names
// of listeners are in capitals, as Kafka compares them.
struct BrokerFile {
  PropertiesFile file;
  std::optional<int32_t> node_id;
  bool is_kraft = false;
  bool is_broker = true;  // with ZooKeeper, always
  bool is_controller = false;

  // What Kafka would take where a key is not there. Nothing where a value cannot be read: findings
  // say so, and no check goes by it.
  std::optional<std::vector<KafkaListener>> listeners;
  std::optional<std::vector<KafkaListener>> advertised;  // the brokers' own, without controllers'
  std::optional<std::map<std::string, SecurityProtocol>> protocols;
  std::vector<std::string> controller_names;
  std::optional<std::vector<QuorumVoter>> voters;  // also nothing when the key is not there

  bool is_controller_name(std::string_view name) const;
  const PropertiesEntry* entry(std::string_view key) const { return find_property(file, key); }
};

// A host that stands where a placeholder was left in, so that the rest of the value can still be
// read. Different ones stand for different hosts.
std::string placeholder_host(size_t number);
bool is_placeholder(std::string_view host);

std::string trimmed(std::string_view text);  // without blanks around it, as Kafka reads numbers

const KafkaListener* find_listener(const std::vector<KafkaListener>& listeners,
                                   std::string_view name);

// Findings about one server.properties.
class BrokerReport {
 public:
  BrokerReport(std::string file, std::vector<Finding>& findings)
      : file_(std::move(file)), findings_(findings) {}

  void add(Check check, const PropertiesEntry* entry, std::string_view key, std::string message,
           std::string instead = {});

 private:
  const std::string file_;
  std::vector<Finding>& findings_;
};

// Nothing when Java could not read the file.
std::optional<BrokerFile> read_broker_file(const std::string& text, const std::string& name,
                                           std::vector<Finding>& findings);

}  // namespace portway::plan
