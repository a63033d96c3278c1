#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/problem.h"
#include "plan/spec.h"
#include "plan/spec_fields.h"
#include "plan/yaml_tree.h"

namespace portway::plan {

// What reading a file found out besides its values.
struct Findings {
  std::vector<Problem> problems;
  Places places;
  std::vector<size_t> node_order;  // where cluster.nodes[i], sorted by id, stands in the file

  void add(Place place, std::string key, std::string message, Check code = Check::kBadValue);
};

// One value of a list, and where it stands.
struct Text {
  Place place;
  std::string key;  // "cluster.bootstrap[1]"
  std::string text;
};

struct Exception;

// A block of keys and values, read by the table of fields: keys that the table does not know, keys
// that come twice, required ones that are missing and values of the wrong form or out of bounds go
// to the findings, and the default (or nothing) is returned in their place.
//
// A view: the YAML tree and the findings outlive it.
class Section {
 public:
  // `path` is the block's place in the table ("external_listeners[].ports[]"), `key` its name in
  // messages ("external_listeners[0].ports"). A null node is an empty block.
  Section(const YamlNode& node, std::string path, std::string key, Findings& findings);

  bool has(std::string_view key) const { return find(key) != nullptr; }
  bool has_keys() const { return !node_->keys.empty(); }

  Section mapping(std::string_view key) const;
  std::vector<Section> mappings(std::string_view key) const;  // one block counts as a list of one
  std::string text(std::string_view key) const;
  std::string choice(std::string_view key) const;
  bool flag(std::string_view key) const;
  std::string range(std::string_view key) const;  // an IPv4 range
  std::vector<Text> texts(std::string_view key) const;
  std::vector<IdRange> ids(std::string_view key) const;  // sorted by their first id
  std::vector<Exception> exceptions(std::string_view key) const;

  // A number, port, duration (ms) or size (bytes) within the field's bounds.
  int64_t quantity(std::string_view key) const;
  // The same for text that the caller got from text().
  int64_t quantity_of(std::string_view key, std::string_view text) const;

  void add(std::string_view key, std::string message, Check code = Check::kBadValue) const;

 private:
  // A block that is not there: every field has its default, and nothing is missing in it.
  Section(std::string path, std::string key, Findings& findings);

  const YamlNode* find(std::string_view key) const;
  const Field& field(std::string_view key) const;
  std::string key_of(std::string_view key) const;
  Place place_of(std::string_view key) const;
  void check_keys();
  void unknown_key(const YamlNode& key);
  std::vector<Text> fallback_texts(std::string_view key) const;
  std::vector<const YamlNode*> scalars(std::string_view key) const;

  const YamlNode* node_;
  std::string path_;
  std::string key_;
  Findings* findings_;
};

// One entry of `brokers`.
struct Exception {
  int32_t broker_id = 0;
  uint16_t port = 0;             // when `block` is absent
  std::optional<Section> block;  // {port: ..., advertised_port: ...}
};

// An api key by number or, whatever the case of its letters, by Kafka's name.
Result<int16_t> parse_api_key(std::string_view text);

}  // namespace portway::plan
