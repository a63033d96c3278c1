// Renders for tests: render_files SPEC FOLDER TARGET... [ID=SERVER_PROPERTIES...]
#include <fstream>
#include <iostream>
#include <iterator>
#include <string>

#include "plan/values.h"
#include "render/output_folder.h"
#include "render/targets.h"

namespace portway::render {
namespace {

std::string content_of(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(file), {}};
}

int failed(const Error& error) {
  std::cerr << error.message << "\n";
  return 1;
}

int run(const std::vector<std::string>& arguments) {
  const auto spec = plan::load_spec(arguments[0]);
  if (!spec) return failed(spec.error());
  const plan::Deployment deployment = plan::make_deployment(*spec);
  RenderInput input{*spec, deployment, content_of(arguments[0]), {}};
  std::vector<const Target*> wanted;
  for (size_t i = 2; i < arguments.size(); ++i) {
    const size_t sign = arguments[i].find('=');
    if (sign == std::string::npos) {
      wanted.push_back(find_target(arguments[i]));
      if (wanted.back() == nullptr) return failed({Fault::kOperator, "", "no such target"});
    } else {
      const auto id = plan::parse_number(arguments[i].substr(0, sign));
      if (!id) return failed({Fault::kOperator, "", "ID=FILE needs a number"});
      input.server_properties[static_cast<int32_t>(*id)] =
          content_of(arguments[i].substr(sign + 1));
    }
  }
  for (const Target* target : wanted) {
    const auto files = target->render(input);
    if (!files) return failed(files.error());
    const auto written = write_files(arguments[1], *files);
    if (!written) return failed(written.error());
  }
  return 0;
}

}  // namespace
}  // namespace portway::render

int main(int argc, char** argv) {
  if (argc < 4) {
    std::cerr << "usage: render_files SPEC FOLDER TARGET... [ID=SERVER_PROPERTIES...]\n";
    return 2;
  }
  return portway::render::run({argv + 1, argv + argc});
}
