#include "app/diagram_file.h"

#include <fmt/format.h>
#include <sys/wait.h>

#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>

#include "render/template.h"

namespace portway::app {
namespace {

constexpr int kExitNotFound = 127;  // of sh: no such program

Result<void> write_text(const std::string& text, const std::string& path) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (file) return {};
  return fail(Fault::kOperator, "cannot_write", fmt::format("{}: cannot be written", path));
}

Result<void> lay_out(const std::string& dot_text, const std::string& path,
                     const std::string& format) {
  const std::string command = fmt::format("dot -T{} -o {}", format, render::shell_word(path));
  // Where there is no dot, nobody reads the pipe: the shell's status tells, not a signal.
  std::signal(SIGPIPE, SIG_IGN);
  FILE* dot = ::popen(command.c_str(), "w");
  if (dot == nullptr) {
    return fail(Fault::kOperator, "no_graphviz", fmt::format("{}: cannot start dot", path));
  }
  std::fwrite(dot_text.data(), 1, dot_text.size(), dot);
  const int status = ::pclose(dot);
  if (WIFEXITED(status) && WEXITSTATUS(status) == 0) return {};
  if (WIFEXITED(status) && WEXITSTATUS(status) == kExitNotFound) {
    return fail(
        Fault::kOperator, "no_graphviz",
        fmt::format("{}: Graphviz's program dot is not here; install graphviz, or write the "
                    "picture as a .dot file",
                    path));
  }
  return fail(Fault::kOperator, "cannot_write",
              fmt::format("{}: dot could not write it; see its message above", path));
}

}  // namespace

Result<void> write_diagram(const std::string& dot_text, const std::string& path) {
  const std::string extension = std::filesystem::path(path).extension().string();
  if (extension == ".dot") return write_text(dot_text, path);
  if (extension == ".svg" || extension == ".png" || extension == ".pdf") {
    return lay_out(dot_text, path, extension.substr(1));
  }
  return fail(Fault::kOperator, "bad_diagram",
              fmt::format("--diagram: '{}' does not end with .svg, .png, .pdf or .dot", path));
}

}  // namespace portway::app
