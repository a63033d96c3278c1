#pragma once

#include <string>
#include <vector>

#include "plan/check/finding.h"
#include "plan/spec.h"

namespace portway::plan {

// Findings about one portway.yaml as they are made: knows where its keys stand. At most
// kProblemsMax are kept. The spec and the list outlive it.
class SpecReport {
 public:
  SpecReport(const LoadedSpec& loaded, std::string file, std::vector<Finding>& findings)
      : loaded_(loaded), file_(std::move(file)), findings_(findings) {}

  // `instead`: what to write here, where the catalog's words can be made more exact.
  void add(Check check, const std::string& key, std::string message, std::string instead = {});

  // "cluster.nodes[2]": the node's place in the file, where nodes need not be in order.
  std::string node_key(size_t node) const;

 private:
  // The place of a key, or of the nearest entry around it that the file has.
  Place place(std::string key) const;

  const LoadedSpec& loaded_;
  const std::string file_;
  std::vector<Finding>& findings_;
};

}  // namespace portway::plan
