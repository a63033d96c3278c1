#include "plan/reference.h"

#include <gtest/gtest.h>

#include "plan/golden_testing.h"
#include "plan/json_schema.h"

namespace portway::plan {
namespace {

TEST(Reference, ConfigurationPageIsThatOfTheTable) {
  expect_golden("docs/configuration.md", configuration_reference());
}

TEST(Reference, KafkaProxyPageIsThatOfTheTable) {
  expect_golden("docs/kafka-proxy.md", kafka_proxy_reference());
}

TEST(Reference, JsonSchemaIsThatOfTheTable) {
  expect_golden("docs/portway.schema.json", spec_json_schema());
}

}  // namespace
}  // namespace portway::plan
