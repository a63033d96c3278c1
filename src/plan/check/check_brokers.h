#pragma once

#include <vector>

#include "plan/check/broker_file.h"
#include "plan/check/finding.h"
#include "plan/deployment.h"
#include "plan/spec.h"

namespace portway::plan {

// What is wrong with one file by itself. `version`: Kafka's, where the plan says it.
void check_broker(const BrokerFile& broker, const KafkaVersion* version,
                  std::vector<Finding>& findings);

// What does not fit among the files of one cluster.
void check_brokers_together(const std::vector<BrokerFile>& brokers, std::vector<Finding>& findings);

// What does not fit the plan. `is_whole`: the files are meant to be all of the cluster's.
void check_brokers_by_plan(const std::vector<BrokerFile>& brokers, bool is_whole,
                           const LoadedSpec& loaded, const std::string& spec_file,
                           std::vector<Finding>& findings);

}  // namespace portway::plan
