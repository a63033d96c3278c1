#include "render/output_folder.h"

#include <fmt/format.h>

#include <fstream>
#include <iterator>
#include <optional>
#include <system_error>

namespace portway::render {
namespace {

namespace fs = std::filesystem;

std::optional<std::string> content_of(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file) return std::nullopt;
  return std::string(std::istreambuf_iterator<char>(file), {});
}

fs::perms permissions_of(const RenderedFile& file) {
  const fs::perms plain = fs::perms::owner_read | fs::perms::owner_write | fs::perms::group_read |
                          fs::perms::others_read;
  const fs::perms run = fs::perms::owner_exec | fs::perms::group_exec | fs::perms::others_exec;
  return file.is_executable ? plain | run : plain;
}

tl::unexpected<Error> cannot_write(const fs::path& path, const std::string& why) {
  return fail(Fault::kOperator, "cannot_write", fmt::format("{}: {}", path.string(), why));
}

Result<void> write_file(const fs::path& path, const RenderedFile& file) {
  const fs::path beside = path.string() + ".portway-new";
  std::error_code error;
  {
    std::ofstream out(beside, std::ios::binary | std::ios::trunc);
    out << file.content;
    out.close();
    if (!out)
      return cannot_write(beside, "cannot be written; is the folder writable, the disk full?");
  }
  fs::permissions(beside, permissions_of(file), error);
  if (!error) fs::rename(beside, path, error);
  if (error) return cannot_write(path, error.message());
  return {};
}

}  // namespace

Result<std::vector<WrittenFile>> write_files(const fs::path& folder, const RenderedFiles& files) {
  std::vector<WrittenFile> written;
  for (const RenderedFile& file : files) {
    const fs::path path = folder / file.path;
    std::error_code error;
    fs::create_directories(path.parent_path(), error);
    if (error) return cannot_write(path.parent_path(), error.message());
    if (fs::is_directory(path, error)) {
      return cannot_write(path, "a folder is in the file's place; move it away");
    }
    const auto before = content_of(path);
    if (before == file.content) {
      fs::permissions(path, permissions_of(file), error);
      written.push_back({file.path, Outcome::kUnchanged});
      continue;
    }
    if (const auto done = write_file(path, file); !done) return tl::unexpected(done.error());
    written.push_back({file.path, before ? Outcome::kChanged : Outcome::kCreated});
  }
  return written;
}

}  // namespace portway::render
