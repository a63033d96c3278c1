#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "plan/problem.h"

namespace portway::plan {

inline constexpr size_t kYamlBytesMax = 1 << 20;
inline constexpr size_t kYamlDepthMax = 16;       // mappings and sequences inside one another
inline constexpr size_t kYamlNodesMax = 100'000;  // scalars, mappings and sequences in all

// One value of a YAML file. Nothing of the YAML library is seen outside yaml_tree.cc.
struct YamlNode {
  enum class Kind : uint8_t { kNull, kScalar, kSequence, kMapping };

  Kind kind = Kind::kNull;
  Place place;
  std::string text;             // kScalar
  std::vector<YamlNode> keys;   // kMapping, in the order of the file; keys may come twice
  std::vector<YamlNode> items;  // kSequence; kMapping: the value of each key
};

// Reads one YAML document. Refused, because a configuration of this size needs none of it and each
// is a way to make a small file large or to hide what it says: anchors, aliases, tags, several
// documents, keys that are not plain values, and whatever exceeds the limits above.
// An empty file is a kNull node. Throws nothing.
tl::expected<YamlNode, Problem> parse_yaml(std::string_view text);

}  // namespace portway::plan
