#include "app/demo/demo.h"

#include <fmt/format.h>

#include <ostream>
#include <sstream>
#include <string>
#include <utility>

#include "app/demo/demo_client.h"
#include "app/demo/demo_proxy.h"
#include "app/demo/demo_report.h"
#include "app/demo/mock_cluster.h"
#include "app/demo/private_network.h"

namespace portway::app {
namespace {

constexpr const char* kTopic = "demo";

std::string indented(const std::string& text) {
  std::istringstream lines(text);
  std::string result;
  for (std::string line; std::getline(lines, line);) result += "  " + line + "\n";
  return result;
}

std::vector<std::string> message_texts(int count) {
  std::vector<std::string> texts;
  for (int i = 1; i <= count; ++i) texts.push_back(fmt::format("Test message {}", i));
  return texts;
}

// Makes the topic through Portway, spreads its leaders, writes to all partitions and reads back.
Result<void> use_cluster(MockCluster& cluster, DemoClient& client, DemoRun& run) {
  auto view = client.look_at(kTopic);
  if (!view.has_value()) return tl::unexpected(view.error());
  const auto partitions = static_cast<int>(view->leaders.size());
  if (auto spread = cluster.spread_leaders(kTopic, partitions); !spread.has_value()) return spread;
  view = client.look_at(kTopic);
  if (!view.has_value()) return tl::unexpected(view.error());
  run.view = std::move(*view);

  auto written = client.produce(kTopic, partitions, run.texts);
  if (!written.has_value()) return tl::unexpected(written.error());
  run.written = std::move(*written);
  auto read = client.consume(kTopic, run.texts.size());
  if (!read.has_value()) return tl::unexpected(read.error());
  run.read = std::move(*read);
  return {};
}

bool tell_verdict(const DemoRun& run, std::ostream& out) {
  const std::vector<std::string> findings = demo_findings(run);
  if (findings.empty()) {
    out << fmt::format(
        "Verdict: fine. All {} messages were written and read back, every broker was reached\n"
        "through its own port of one address, and no inside address was seen by the client.\n",
        run.texts.size());
    return true;
  }
  out << "Verdict: something is wrong.\n";
  for (const std::string& finding : findings) out << "  - " << finding << "\n";
  return false;
}

Result<bool> show(const DemoOptions& options, std::ostream& out) {
  auto cluster = MockCluster::start(options.brokers);
  if (!cluster.has_value()) return tl::unexpected(cluster.error());
  const auto proxy = DemoProxy::start((*cluster)->brokers());
  if (!proxy.has_value()) return tl::unexpected(proxy.error());

  DemoRun run;
  run.bootstrap = (*proxy)->bootstrap();
  run.inside = (*cluster)->brokers();
  run.advertised = (*proxy)->advertised();
  run.texts = message_texts(options.messages);
  out << fmt::format("A Kafka cluster of {} embedded brokers, and Portway before it.\n\n",
                     options.brokers)
      << "portway.yaml\n\n"
      << indented((*proxy)->yaml()) << "\nThe port plan\n\n"
      << port_plan_text(run.bootstrap, run.advertised, run.inside)
      << fmt::format("\nA client that knows {} and can reach no other address than {}\n\n",
                     to_string(run.bootstrap), (*proxy)->host())
      << std::flush;

  PrivateNetwork network((*proxy)->host());
  DemoClient client(run.bootstrap, network);
  const auto used = use_cluster(**cluster, client, run);
  run.attempts = network.attempts();
  if (!used.has_value()) {
    out << attempts_text(run);
    return tl::unexpected(used.error());
  }
  out << fmt::format(
             "  It made the topic \"{}\" with {} partitions, wrote to all of them and read "
             "back:\n\n",
             kTopic, run.view.leaders.size())
      << messages_text(run) << "\nWhere it went\n\n"
      << attempts_text(run)
      << fmt::format("\nPortway forwarded {} requests and rewrote {} responses.\n\n",
                     (*proxy)->requests_forwarded(), (*proxy)->responses_rewritten());
  return tell_verdict(run, out);
}

}  // namespace

bool run_demo(const DemoOptions& options, std::ostream& out) {
  const auto shown = show(options, out);
  if (shown.has_value()) return *shown;
  out << "\nVerdict: the demo could not be carried through.\n  - " << shown.error().message << "\n";
  return false;
}

}  // namespace portway::app
