#pragma once

#include <map>
#include <string>
#include <vector>

#include "app/demo/demo_client.h"
#include "app/demo/private_network.h"
#include "base/host_port.h"

namespace portway::app {

// All that a run of the demo saw.
struct DemoRun {
  HostPort bootstrap;                  // the one address that the client was given
  std::map<int, HostPort> inside;      // broker id -> the address that the broker advertises
  std::map<int, HostPort> advertised;  // broker id -> what the port plan tells clients
  TopicView view;                      // what the client was told
  std::vector<std::string> texts;      // what was to be written, each once
  std::vector<DemoMessage> written;
  std::vector<DemoMessage> read;
  std::vector<ConnectAttempt> attempts;  // where the client went
};

// What is wrong with the run, one sentence each; empty: all is right. A pure function.
std::vector<std::string> demo_findings(const DemoRun& run);

// The parts of the report as aligned plain text, each ending with a newline.
std::string port_plan_text(const HostPort& bootstrap, const std::map<int, HostPort>& advertised,
                           const std::map<int, HostPort>& inside);
std::string messages_text(const DemoRun& run);
std::string attempts_text(const DemoRun& run);

}  // namespace portway::app
