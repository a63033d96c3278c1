#include "plan/yaml_tree.h"

#include <fmt/format.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/parser.h>

#include <sstream>
#include <utility>

namespace portway::plan {
namespace {

Place place_of(const YAML::Mark& mark) { return {mark.line + 1, mark.column + 1}; }

// Leaves the library's parser from inside an event; caught in parse_yaml, never seen outside.
struct Refused {
  Problem problem;
};

[[noreturn]] void refuse(Place place, std::string message) {
  throw Refused{{place, "", std::move(message), Check::kNotYaml}};
}

// Builds the tree from the library's events: unlike its node tree, these carry the place of
// everything, keep keys that come twice, and can be refused before memory is spent.
class TreeBuilder : public YAML::EventHandler {
 public:
  YamlNode take() { return std::move(root_); }

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) refuse(place_of(mark), "a second document starts; write one per file");
  }
  void OnDocumentEnd() override {}

  void OnNull(const YAML::Mark& mark, YAML::anchor_t) override {
    add({YamlNode::Kind::kNull, place_of(mark), "", {}, {}});
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t) override {
    refuse(place_of(mark), "aliases (*name) are not supported; write the value out");
  }
  void OnAnchor(const YAML::Mark& mark, const std::string& name) override {
    refuse(place_of(mark),
           fmt::format("anchors (&{}) are not supported; write the value out", name));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                const std::string& value) override {
    check(mark, tag, anchor);
    add({YamlNode::Kind::kScalar, place_of(mark), value, {}, {}});
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                       YAML::EmitterStyle::value) override {
    check(mark, tag, anchor);
    open({YamlNode::Kind::kSequence, place_of(mark), "", {}, {}});
  }
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor,
                  YAML::EmitterStyle::value) override {
    check(mark, tag, anchor);
    open({YamlNode::Kind::kMapping, place_of(mark), "", {}, {}});
  }
  void OnMapEnd() override { close(); }

 private:
  static void check(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t anchor) {
    if (anchor != 0) refuse(place_of(mark), "anchors are not supported; write the value out");
    if (!tag.empty() && tag != "?" && tag != "!") {
      refuse(place_of(mark), fmt::format("tags ({}) are not supported; remove it", tag));
    }
  }

  void open(YamlNode node) {
    if (open_.size() >= kYamlDepthMax) {
      refuse(node.place, fmt::format("nested deeper than {} levels", kYamlDepthMax));
    }
    open_.push_back(std::move(node));
  }

  void close() {
    YamlNode node = std::move(open_.back());
    open_.pop_back();
    add(std::move(node));
  }

  void add(YamlNode node) {
    if (++nodes_ > kYamlNodesMax) {
      refuse(node.place, fmt::format("more than {} values in one file", kYamlNodesMax));
    }
    if (open_.empty()) {
      root_ = std::move(node);
      return;
    }
    YamlNode& parent = open_.back();
    const bool is_key =
        parent.kind == YamlNode::Kind::kMapping && parent.keys.size() == parent.items.size();
    if (is_key && node.kind != YamlNode::Kind::kScalar) {
      refuse(node.place, "a key must be a word or a number");
    }
    // The library places a value that is not there at whatever comes next.
    if (!is_key && node.kind == YamlNode::Kind::kNull && !parent.keys.empty()) {
      node.place = parent.keys.back().place;
    }
    (is_key ? parent.keys : parent.items).push_back(std::move(node));
  }

  YamlNode root_;
  std::vector<YamlNode> open_;  // from the root down to the collection being read
  size_t nodes_ = 0;
  size_t documents_ = 0;
};

}  // namespace

tl::expected<YamlNode, Problem> parse_yaml(std::string_view text) {
  if (text.size() > kYamlBytesMax) {
    return tl::unexpected(Problem{
        {},
        "",
        fmt::format("{} bytes; a configuration has at most {} (1 MiB)", text.size(), kYamlBytesMax),
        Check::kNotYaml});
  }
  // The library takes UTF-16 and UTF-32 by their first bytes and skips what it cannot read.
  if (const size_t at = text.find('\0'); at != std::string_view::npos) {
    return tl::unexpected(Problem{
        {}, "", fmt::format("byte {} is zero; write plain UTF-8 text", at), Check::kNotYaml});
  }
  try {
    std::istringstream stream{std::string(text)};
    YAML::Parser parser(stream);
    TreeBuilder builder;
    while (parser.HandleNextDocument(builder)) {
    }
    return builder.take();
  } catch (const Refused& refused) {
    return tl::unexpected(refused.problem);
  } catch (const YAML::Exception& exception) {
    return tl::unexpected(Problem{place_of(exception.mark), "",
                                  fmt::format("not YAML: {}", exception.msg), Check::kNotYaml});
  }
}

}  // namespace portway::plan
