#include "render/template.h"

#include <algorithm>
#include <cstdlib>
#include <iostream>
#include <kainjow/mustache.hpp>
#include <span>

#include "base/embedded_file.h"

namespace portway {
extern const std::span<const EmbeddedFile> kRenderTemplates;
}

namespace portway::render {
namespace {

using Json = nlohmann::ordered_json;
namespace mustache = kainjow::mustache;

// A template and the code that fills it belong together: a mismatch is a mistake in the program,
// which a test of the target finds.
[[noreturn]] void broken(std::string_view template_name, std::string_view what) {
  std::cerr << "template " << template_name << ": " << what << "\n";
  std::abort();
}

mustache::data data_of(const Json& value);

mustache::data list_of(const Json& array) {
  mustache::data list{mustache::data::type::list};
  for (size_t i = 0; i < array.size(); ++i) {
    mustache::data item = data_of(array[i]);
    if (array[i].is_object()) {
      item.set("first", mustache::data(i == 0));
      item.set("last", mustache::data(i + 1 == array.size()));
    }
    list.push_back(item);
  }
  return list;
}

mustache::data data_of(const Json& value) {
  if (value.is_object()) {
    mustache::data object{mustache::data::type::object};
    for (const auto& [key, inner] : value.items()) object.set(key, data_of(inner));
    return object;
  }
  if (value.is_array()) return list_of(value);
  if (value.is_boolean()) return mustache::data(value.get<bool>());
  if (value.is_string()) return mustache::data(value.get<std::string>());
  return mustache::data(value.dump());
}

// Mustache renders nothing for a name that it does not find; here that is a mistake.
class StrictContext : public mustache::context<std::string> {
 public:
  StrictContext(const mustache::data* data, std::string_view template_name)
      : context(data), template_name_(template_name) {}

  const mustache::data* get(const std::string& name) const override {
    const mustache::data* found = context::get(name);
    if (found == nullptr) broken(template_name_, "no value " + name);
    return found;
  }

 private:
  std::string_view template_name_;
};

std::string as_it_is(std::string_view text) { return std::string(text); }

using Escape = std::string (*)(std::string_view);
struct EscapeOf {
  std::string_view extension;
  Escape escape;
};
constexpr EscapeOf kEscapes[] = {
    {".sh", shell_word},         {".env", shell_word},      {".tf", hcl_text},
    {".hcl", hcl_text},          {".yaml", yaml_scalar},    {".yml", yaml_scalar},
    {".service", systemd_value}, {".timer", systemd_value}, {".properties", properties_value},
    {".md", markdown_text},
};

Escape escape_of(std::string_view template_name) {
  for (const EscapeOf& known : kEscapes) {
    if (template_name.ends_with(known.extension)) return known.escape;
  }
  return as_it_is;
}

// Stands behind a tag that was alone in its line, so that the library never sees one that is.
constexpr char kNoLineEnd = '\x01';

// A line that holds only a section's tag is no line of the text (mustache(5)). The library keeps
// the line end after a section that it skips, so the line ends are taken away before.
std::string without_tag_lines(std::string_view text) {
  std::string joined;
  while (!text.empty()) {
    const size_t end = std::min(text.find('\n'), text.size() - 1) + 1;
    std::string_view line = text.substr(0, end);
    text.remove_prefix(end);
    const size_t first = std::min(line.find_first_not_of(" \t"), line.size());
    std::string_view tag = line.substr(first);
    while (tag.ends_with('\n') || tag.ends_with(' ')) tag.remove_suffix(1);
    const bool is_tag = tag.size() > 4 && tag.starts_with("{{") && tag.ends_with("}}") &&
                        std::string_view("#^/!").find(tag[2]) != std::string_view::npos &&
                        tag.find("}}") == tag.size() - 2;
    joined += is_tag ? std::string(tag) + kNoLineEnd : std::string(line);
  }
  return joined;
}

}  // namespace

std::string_view template_text(std::string_view template_name) {
  for (const EmbeddedFile& file : kRenderTemplates) {
    if (file.path == template_name) return file.text;
  }
  broken(template_name, "there is none");
}

std::string fill(std::string_view template_name, const Json& values) {
  mustache::mustache filled{without_tag_lines(template_text(template_name))};
  const Escape escape = escape_of(template_name);
  filled.set_custom_escape([escape](const std::string& text) { return escape(text); });
  const mustache::data data = data_of(values);
  StrictContext context(&data, template_name);
  std::string text = filled.render(context);
  if (!filled.is_valid()) broken(template_name, filled.error_message());
  std::erase(text, kNoLineEnd);
  return text;
}

}  // namespace portway::render
