#include "app/properties_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <optional>

#include "plan/properties/properties_file.h"
#include "plan/values.h"

namespace portway::app {
namespace {

namespace fs = std::filesystem;

class PropertiesReader {
 public:
  explicit PropertiesReader(const plan::Spec& spec) : spec_(spec) {}

  Result<void> read(const std::string& path) {
    std::error_code error;
    if (fs::is_directory(path, error)) return read_folder(path);
    const size_t equals = path.find('=');
    if (equals == std::string::npos) return read_file(path, std::nullopt);
    const auto id = plan::parse_id_range(std::string_view(path).substr(0, equals));
    if (!id || id->first != id->last) {
      return bad(path, "is neither a folder, a file, nor ID=FILE with a broker's id");
    }
    return read_file(path.substr(equals + 1), id->first);
  }

  std::map<int32_t, std::string> take() { return std::move(texts_); }

 private:
  static tl::unexpected<Error> bad(const std::string& path, const std::string& what) {
    return fail(Fault::kOperator, "bad_properties_file",
                fmt::format("--properties: {} {}", path, what));
  }

  Result<void> read_folder(const std::string& folder) {
    std::vector<std::string> paths;
    std::error_code error;
    for (fs::recursive_directory_iterator entry(folder, error), end; !error && entry != end;
         entry.increment(error)) {
      if (entry->path().extension() == ".properties") paths.push_back(entry->path().string());
    }
    if (error) return bad(folder, fmt::format("cannot be read: {}", error.message()));
    if (paths.empty()) return bad(folder, "has no *.properties file below it");
    std::sort(paths.begin(), paths.end());
    for (const std::string& path : paths) {
      if (auto done = read_file(path, std::nullopt); !done) return done;
    }
    return {};
  }

  Result<void> read_file(const std::string& path, std::optional<int32_t> id) {
    std::ifstream file(path, std::ios::binary);
    std::string text(plan::kPropertiesBytesMax + 1, '\0');
    if (!file.read(text.data(), static_cast<std::streamsize>(text.size())) && !file.eof()) {
      return bad(path, "cannot be read; is it there, a file, and readable?");
    }
    text.resize(static_cast<size_t>(file.gcount()));
    const auto parsed = plan::parse_properties(text, path);
    if (!parsed) return tl::unexpected(parsed.error());
    if (!id) id = own_id(*parsed);
    if (!id) {
      return bad(path, "has neither node.id nor broker.id; say whose it is: ID=" + path);
    }
    const auto& nodes = spec_.cluster.nodes;
    if (std::none_of(nodes.begin(), nodes.end(),
                     [&](const plan::NodeSpec& node) { return node.id == *id; })) {
      return bad(path, fmt::format("is that of node {}, which cluster.nodes does not have", *id));
    }
    if (!texts_.emplace(*id, std::move(text)).second) {
      return bad(path, fmt::format("is a second file for node {}", *id));
    }
    return {};
  }

  static std::optional<int32_t> own_id(const plan::PropertiesFile& file) {
    for (const char* key : {"node.id", "broker.id"}) {
      const plan::PropertiesEntry* entry = plan::find_property(file, key);
      if (entry == nullptr) continue;
      const auto id = plan::parse_id_range(entry->value);
      if (id && id->first == id->last) return id->first;
    }
    return std::nullopt;
  }

  const plan::Spec& spec_;
  std::map<int32_t, std::string> texts_;
};

}  // namespace

Result<std::map<int32_t, std::string>> read_properties_files(const std::vector<std::string>& paths,
                                                             const plan::Spec& spec) {
  PropertiesReader reader(spec);
  for (const std::string& path : paths) {
    if (const auto done = reader.read(path); !done) return tl::unexpected(done.error());
  }
  return reader.take();
}

}  // namespace portway::app
