#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "plan/spec.h"

namespace portway::plan {

// The answers from which `portway init` writes a portway.yaml.
struct Draft {
  Method method = Method::kProxy;
  bool is_new = false;  // a cluster to be set up
  std::string cluster_name;
  std::string cluster_id;  // of a new cluster
  std::string kafka_version;
  std::vector<std::string> nodes;  // ID=ADDRESS or ID=ADDRESS@ZONE
  std::string advertise;           // with {id}
  std::vector<std::string> consumers;
  std::string project;
  std::string region;
  std::string binary;  // of the proxy; may be empty
};

// The file, commented where there is a choice. Checked: an answer that cannot stand in the file is
// an error (the operator's, "bad_answer"), with parse_spec's words for it.
Result<std::string> draft_yaml(const Draft& draft);

}  // namespace portway::plan
