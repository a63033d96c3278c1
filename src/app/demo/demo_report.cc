#include "app/demo/demo_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstddef>
#include <set>

namespace portway::app {
namespace {

using Row = std::vector<std::string>;

// Columns as wide as their widest cell; the first row is the head.
std::string table(const std::vector<Row>& rows) {
  std::vector<size_t> widths(rows.front().size(), 0);
  for (const Row& row : rows) {
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string text;
  for (size_t number = 0; number < rows.size(); ++number) {
    std::string line = " ";
    std::string rule = " ";
    for (size_t i = 0; i < widths.size(); ++i) {
      line += fmt::format(" {:<{}} ", rows[number][i], widths[i]);
      rule += fmt::format(" {:-<{}} ", "", widths[i]);
    }
    line.erase(line.find_last_not_of(' ') + 1);
    text += line + "\n";
    if (number == 0) text += rule.erase(rule.find_last_not_of(' ') + 1) + "\n";
  }
  return text;
}

std::string broker_name(int id) { return fmt::format("broker {}", id); }

// The port of the plan through which a broker is reached; empty where it has none.
std::string port_of(const DemoRun& run, int broker_id) {
  const auto found = run.advertised.find(broker_id);
  return found == run.advertised.end() ? "" : std::to_string(found->second.port);
}

std::string leads_to(const DemoRun& run, const HostPort& address) {
  if (address == run.bootstrap) return "any broker";
  for (const auto& [id, advertised] : run.advertised) {
    if (advertised == address) return broker_name(id);
  }
  return "not Portway";
}

bool is_inside(const DemoRun& run, const HostPort& address) {
  return std::ranges::any_of(run.inside, [&](const auto& item) { return item.second == address; });
}

void check_view(const DemoRun& run, std::vector<std::string>& findings) {
  std::set<int> told;
  for (const NamedBroker& broker : run.view.brokers) {
    told.insert(broker.id);
    const auto planned = run.advertised.find(broker.id);
    if (planned != run.advertised.end() && planned->second == broker.address) continue;
    findings.push_back(fmt::format("the client was told {} for broker {}{}",
                                   to_string(broker.address), broker.id,
                                   is_inside(run, broker.address) ? ", an inside address" : ""));
  }
  for (const auto& [id, address] : run.advertised) {
    if (told.contains(id)) continue;
    findings.push_back(fmt::format("the client was not told of broker {}", id));
  }
}

void check_messages(const DemoRun& run, std::vector<std::string>& findings) {
  std::multiset<std::string> missing(run.texts.begin(), run.texts.end());
  for (const DemoMessage& message : run.read) {
    const auto found = missing.find(message.text);
    if (found != missing.end()) {
      missing.erase(found);
    } else {
      findings.push_back(fmt::format("\"{}\" was read though nobody wrote it", message.text));
    }
  }
  for (const std::string& text : missing) {
    findings.push_back(fmt::format("\"{}\" was not read", text));
  }
  for (const DemoMessage& message : run.written) {
    const int leader = run.view.leaders.at(static_cast<size_t>(message.partition));
    if (message.broker_id == leader) continue;
    findings.push_back(
        fmt::format("\"{}\" was taken by broker {}, but broker {} leads partition {}", message.text,
                    message.broker_id, leader, message.partition));
  }
}

void check_attempts(const DemoRun& run, std::vector<std::string>& findings) {
  std::set<HostPort> reached;
  for (const ConnectAttempt& attempt : run.attempts) {
    reached.insert(attempt.address);
    if (attempt.allowed) continue;
    findings.push_back(fmt::format("the client went to {} ({}){}", to_string(attempt.address),
                                   attempt.broker,
                                   is_inside(run, attempt.address) ? ", an inside address" : ""));
  }
  for (const auto& [id, address] : run.advertised) {
    if (reached.contains(address)) continue;
    findings.push_back(
        fmt::format("the client never went to {} for broker {}", to_string(address), id));
  }
}

}  // namespace

std::vector<std::string> demo_findings(const DemoRun& run) {
  std::vector<std::string> findings;
  check_view(run, findings);
  check_messages(run, findings);
  check_attempts(run, findings);
  return findings;
}

std::string port_plan_text(const HostPort& bootstrap, const std::map<int, HostPort>& advertised,
                           const std::map<int, HostPort>& inside) {
  std::vector<Row> rows = {{"what clients use", "leads to", "inside address, hidden from clients"},
                           {to_string(bootstrap), "any broker", ""}};
  for (const auto& [id, address] : advertised) {
    const auto found = inside.find(id);
    rows.push_back({to_string(address), broker_name(id),
                    found == inside.end() ? "" : to_string(found->second)});
  }
  return table(rows);
}

std::string messages_text(const DemoRun& run) {
  std::vector<Row> rows = {
      {"message", "partition", "offset", "written to", "through", "read from"}};
  for (const DemoMessage& written : run.written) {
    const auto read = std::ranges::find(run.read, written.text, &DemoMessage::text);
    rows.push_back({written.text, std::to_string(written.partition), std::to_string(written.offset),
                    broker_name(written.broker_id), "port " + port_of(run, written.broker_id),
                    read == run.read.end() ? "not read" : broker_name(read->broker_id)});
  }
  return table(rows);
}

std::string attempts_text(const DemoRun& run) {
  std::map<HostPort, size_t> counts;
  for (const ConnectAttempt& attempt : run.attempts) ++counts[attempt.address];
  std::vector<Row> rows = {{"the client connected to", "times", "which leads to"}};
  for (const auto& [address, count] : counts) {
    rows.push_back({to_string(address), std::to_string(count), leads_to(run, address)});
  }
  return table(rows);
}

}  // namespace portway::app
