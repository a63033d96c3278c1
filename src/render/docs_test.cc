#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <regex>
#include <set>
#include <sstream>

#include "plan/golden_testing.h"
#include "render/docs_values.h"
#include "render/render_testing.h"

namespace portway::render {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* kExamples[] = {"method1", "method2", "two-projects", "two-projects-proxy",
                                     "existing-cluster"};

std::string run_book(const TestInput& input) {
  const auto files = input.render("docs");
  if (files) return content_of(*files, "docs/runbook.md");
  ADD_FAILURE() << files.error().message;
  return {};
}

std::vector<std::string> lines_of(const std::string& text) {
  std::vector<std::string> lines;
  std::istringstream stream(text);
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

// The cells of a table's row: pipes that are not escaped stand between them.
size_t cells(const std::string& row) {
  size_t count = 0;
  for (size_t i = 1; i < row.size(); ++i) {
    if (row[i] == '|' && row[i - 1] != '\\') ++count;
  }
  return count;
}

// Whether every run of backticks that opens a code span is met by one of the same length.
bool ends_its_code(const std::string& line) {
  size_t open = 0;  // backticks that the code span we are in began with
  for (size_t i = 0; i < line.size(); ++i) {
    if (line[i] == '\\' && open == 0) {
      ++i;
    } else if (line[i] == '`') {
      const size_t run = std::min(line.find_first_not_of('`', i), line.size()) - i;
      if (open == 0 || open == run) open = open == 0 ? run : 0;
      i += run - 1;
    }
  }
  return open == 0;
}

// What is wrong with the Markdown: fences that are not closed, tables whose rows have another
// number of cells than their head or that stand apart from it, code spans that do not end in their
// line.
std::vector<std::string> mistakes(const std::string& text) {
  std::vector<std::string> found;
  bool is_fenced = false;
  size_t columns = 0;  // of the table that this line may belong to
  int last_step = 0;
  for (const std::string& line : lines_of(text)) {
    const size_t start = std::min(line.find_first_not_of(' '), line.size());
    const std::string stripped = line.substr(start);
    if (stripped.starts_with("```")) {
      is_fenced = !is_fenced;
      continue;
    }
    if (is_fenced) continue;
    if (stripped.starts_with("|")) {
      const size_t here = cells(stripped);
      if (columns == 0) columns = here;
      if (here != columns) found.push_back("another number of cells: " + line);
      if (!stripped.ends_with("|")) found.push_back("a row without an end: " + line);
    } else {
      columns = 0;
    }
    if (!ends_its_code(line)) found.push_back("code: " + line);
    if (line.starts_with("## Step ")) {
      const int step = std::stoi(line.substr(8));
      if (step != last_step + 1) found.push_back("steps are not in order: " + line);
      last_step = step;
    }
    if (line.find("{{") != std::string::npos) found.push_back("not filled: " + line);
  }
  if (is_fenced) found.push_back("a fence is not closed");
  return found;
}

TEST(Docs, FindsMistakes) {
  EXPECT_EQ(mistakes("| a | b |\n| --- | --- |\n| 1 | `x\\|y` |\n\n`code`\n"),
            std::vector<std::string>{});
  for (const char* text :
       {"```shell\nls\n", "| a | b |\n| --- | --- |\n| 1 |\n", "| a | b\n", "`code\n", "{{x}}\n",
        "## Step 2. Second\n", "## Step 1. One\n## Step 3. Three\n"}) {
    EXPECT_EQ(mistakes(text).empty(), false) << text;
  }
}

TEST(Docs, MarkdownIsWellFormed) {
  for (const char* example : kExamples) {
    EXPECT_EQ(mistakes(run_book(TestInput::of_example(example))), std::vector<std::string>{})
        << example;
  }
}

// A free text of the plan cannot break out of its place.
TEST(Docs, NamesStayInTheirPlaces) {
  const std::string text = replaced(plan::read_source_file("src/plan/examples/method1.yaml"),
                                    "name: orders", "name: \"or`d|ers | <b> ``x\"");
  EXPECT_EQ(mistakes(run_book(TestInput(text))), std::vector<std::string>{});
  EXPECT_EQ(code_span("a`b``c|"), "``` a`b``c\\| ```");
}

// What the run book calls a file of another target: in code, by its path below the output folder.
std::set<std::string> named_files(const std::string& text) {
  static const std::regex kPath(
      R"((^|[\s`])((kafka|scripts|gcloud|terraform|kubernetes|proxy)/[A-Za-z0-9_./-]*))");
  std::set<std::string> files;
  for (std::sregex_iterator match(text.begin(), text.end(), kPath), end; match != end; ++match) {
    files.insert((*match)[2]);
  }
  return files;
}

// The files there are and the folders they are in, or nothing where the target has none.
std::set<std::string> rendered_paths(const TestInput& input, std::string_view target) {
  std::set<std::string> paths;
  const auto files = input.render(target);
  if (!files) return paths;
  for (const RenderedFile& file : *files) {
    paths.insert(file.path);
    for (size_t at = file.path.find('/'); at != std::string::npos;
         at = file.path.find('/', at + 1)) {
      paths.insert(file.path.substr(0, at));
      paths.insert(file.path.substr(0, at + 1));
    }
  }
  return paths;
}

TEST(Docs, EveryFileThatItNamesIsRendered) {
  for (const char* example : kExamples) {
    const TestInput input = TestInput::of_example(example);
    const std::set<std::string> named = named_files(run_book(input));
    EXPECT_GT(named.size(), 5u) << example;
    for (const std::string& path : named) {
      const std::string target = path.substr(0, path.find('/'));
      const auto files = input.render(target);
      if (!files && files.error().code == "no_target") continue;
      EXPECT_EQ(rendered_paths(input, target).contains(path), true) << example << ": " << path;
    }
  }
}

// Its YAML can be added to the plan as it stands.
TEST(Docs, SecondListenerFitsIntoThePlan) {
  for (const char* example : kExamples) {
    const std::string text =
        plan::read_source_file(std::string("src/plan/examples/") + example + ".yaml");
    const TestInput input(text);
    const std::string added = second_listener(input.input());
    ASSERT_NE(added, "") << example;
    EXPECT_THAT(run_book(input), HasSubstr(added));
    const std::string key = "external_listeners:\n";
    const auto wider = plan::parse_spec(replaced(text, key, key + added + "\n"), "portway.yaml");
    ASSERT_TRUE(wider) << example << ": " << wider.error().message;
    EXPECT_EQ(wider->external_listeners.size(), input.spec().external_listeners.size() + 1);
    const plan::Deployment deployment = plan::make_deployment(*wider);
    EXPECT_EQ(exposures(deployment).size(), 1u) << "on the same service attachment";
  }
}

TEST(Docs, SaysWhatTheConsoleNeeds) {
  const std::string mapped = run_book(TestInput::of_example("method1"));
  EXPECT_THAT(mapped, HasSubstr("| Bootstrap Ports | `9093,9094,9095` |"));
  EXPECT_THAT(mapped, HasSubstr("No port 9092 is mapped"));
  const std::string proxied = run_book(TestInput::of_example("method2"));
  EXPECT_THAT(proxied, HasSubstr("| Bootstrap Ports | `9092,9093,9094` |"));
  EXPECT_THAT(proxied, Not(HasSubstr("No port 9092 is mapped")));
  const std::string second = run_book(TestInput::of_example("two-projects"));
  EXPECT_THAT(second, HasSubstr("| Bootstrap Ports | `9193,9194,9195` |"));
  EXPECT_THAT(second, HasSubstr("tidbcloud-prod-001"));
}

// Without nodes the plan still says how brokers are found.
TEST(Docs, DoesWithoutNodesAndWithoutConsumers) {
  const std::string text =
      "cluster: {bootstrap: \"10.64.0.2:9092\"}\n"
      "external_listeners:\n  - name: EXTERNAL\n    advertise: kafka.example.com\n"
      "    ports: {first: 9092, ids: 1-9}\n"
      "cloud: {project: my-kafka-project, region: us-west1}\n";
  const std::string book = run_book(TestInput(text));
  EXPECT_EQ(mistakes(book), std::vector<std::string>{});
  EXPECT_THAT(book, HasSubstr("| 1-9 | to come | `kafka.example.com:9092` to"));
  EXPECT_THAT(book, HasSubstr("No project may connect yet"));
}

TEST(Docs, RefusesWithoutGoogleCloud) {
  const std::string text = plan::read_source_file("src/plan/examples/method2.yaml");
  const auto none = TestInput(text.substr(0, text.find("\ncloud:"))).render("docs");
  ASSERT_EQ(none.has_value(), false);
  EXPECT_EQ(none.error().code, "no_files");
  const auto other =
      TestInput(replaced(text, "  region: us-west1\n", "  region: us-west1\n  provider: azure\n"))
          .render("docs");
  ASSERT_EQ(other.has_value(), false);
  EXPECT_EQ(other.error().code, "other_cloud");
}

}  // namespace
}  // namespace portway::render
