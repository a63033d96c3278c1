// Renders every target of every example: the files must be those below testdata/EXAMPLE/. Where a
// target refuses, its message is in testdata/EXAMPLE/TARGET.refused. PORTWAY_UPDATE_GOLDEN=1 writes
// them anew (and removes files that are not rendered any more).
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <string>

#include "plan/golden_testing.h"
#include "plan/spec.h"
#include "render/targets.h"

namespace portway::render {
namespace {

namespace fs = std::filesystem;

constexpr const char* kExamples[] = {"method1", "method2", "two-projects", "two-projects-proxy",
                                     "existing-cluster"};

struct Case {
  std::string example;
  const Target* target;
};

std::vector<Case> cases() {
  std::vector<Case> list;
  for (const char* example : kExamples) {
    for (const Target& target : targets()) list.push_back({example, &target});
  }
  return list;
}

// An existing cluster's own files: testdata/EXAMPLE.input/ID.properties.
std::map<int32_t, std::string> server_properties(const std::string& example) {
  std::map<int32_t, std::string> files;
  const std::string folder = "src/render/testdata/" + example + ".input";
  if (!fs::exists(plan::source_path(folder))) return files;
  for (const auto& entry : fs::directory_iterator(plan::source_path(folder))) {
    const std::string name = entry.path().filename().string();
    files[std::stoi(name)] = plan::read_source_file(folder + "/" + name);
  }
  return files;
}

std::set<std::string> files_below(const std::string& folder) {
  std::set<std::string> files;
  if (!fs::exists(plan::source_path(folder))) return files;
  for (const auto& entry : fs::recursive_directory_iterator(plan::source_path(folder))) {
    if (entry.is_regular_file()) {
      files.insert(fs::relative(entry.path(), plan::source_path("")).string());
    }
  }
  return files;
}

void expect_file(const std::string& path, const std::string& content) {
  fs::create_directories(fs::path(plan::source_path(path)).parent_path());
  plan::expect_golden(path, content);
}

class RenderGolden : public testing::TestWithParam<Case> {};

TEST_P(RenderGolden, FilesAreAsExpected) {
  const auto& [example, target] = GetParam();
  const std::string text = plan::read_source_file("src/plan/examples/" + example + ".yaml");
  const auto spec = plan::parse_spec(text, "portway.yaml");
  ASSERT_TRUE(spec) << spec.error().message;
  const plan::Deployment deployment = plan::make_deployment(*spec);
  const auto files = target->render({*spec, deployment, text, server_properties(example)});

  const std::string base = "src/render/testdata/" + example + "/";
  const std::string refused = base + std::string(target->name) + ".refused";
  std::set<std::string> stale = files_below(base + std::string(target->name));
  if (fs::exists(plan::source_path(refused))) stale.insert(refused);
  if (!files) {
    stale.erase(refused);
    expect_file(refused, files.error().message + "\n");
  } else {
    for (const RenderedFile& file : *files) {
      EXPECT_TRUE(file.path.starts_with(std::string(target->name) + "/")) << file.path;
      stale.erase(base + file.path);
      expect_file(base + file.path, file.content);
    }
  }
  for (const std::string& path : stale) {
    if (std::getenv("PORTWAY_UPDATE_GOLDEN") != nullptr) {
      fs::remove(plan::source_path(path));
    } else {
      ADD_FAILURE() << path << " is not rendered any more";
    }
  }
}

std::string case_name(const testing::TestParamInfo<Case>& instance) {
  std::string name = instance.param.example + "_" + std::string(instance.param.target->name);
  std::replace(name.begin(), name.end(), '-', '_');
  return name;
}

INSTANTIATE_TEST_SUITE_P(, RenderGolden, testing::ValuesIn(cases()), case_name);

}  // namespace
}  // namespace portway::render
