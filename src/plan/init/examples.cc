#include "plan/init/examples.h"

#include <span>

#include "base/embedded_file.h"

namespace portway {
extern const std::span<const EmbeddedFile> kSpecExamples;
}

namespace portway::plan {
namespace {

constexpr std::string_view kExtension = ".yaml";

std::string_view name_of(const EmbeddedFile& file) {
  return file.path.substr(0, file.path.size() - kExtension.size());
}

}  // namespace

std::vector<std::string_view> example_names() {
  std::vector<std::string_view> names;
  for (const EmbeddedFile& file : kSpecExamples) names.push_back(name_of(file));
  return names;
}

std::string_view example_text(std::string_view name) {
  for (const EmbeddedFile& file : kSpecExamples) {
    if (name_of(file) == name) return file.text;
  }
  return {};
}

}  // namespace portway::plan
