#include "app/demo/demo.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <sstream>

#include "base/log.h"

namespace portway::app {
namespace {

using testing::HasSubstr;

// The main job, small: brokers, Portway and a client in this process.
TEST(Demo, ThreeBrokersAreReachedThroughOneAddress) {
  configure_logging(LogFormat::kLogfmt, LogLevel::kWarning);
  std::ostringstream out;
  EXPECT_TRUE(run_demo({.brokers = 3, .messages = 5}, out)) << out.str();
  EXPECT_THAT(out.str(), HasSubstr("Verdict: fine. All 5 messages were written and read back"));
}

}  // namespace
}  // namespace portway::app
