#include "proxy/admin/process_facts.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <unistd.h>

namespace portway::proxy {
namespace {

TEST(ProcessFacts, AreThoseOfThisProcess) {
  const ProcessFacts facts = read_process_facts();
  constexpr double kYear2020 = 1'577'836'800;
  EXPECT_GT(facts.start_unix_seconds, kYear2020);
  EXPECT_GT(facts.cpu_seconds, 0);
  EXPECT_GT(facts.resident_bytes, 1u << 20);
  EXPECT_GE(facts.open_descriptors, 3u);
  EXPECT_GT(facts.descriptors_max, facts.open_descriptors);
  EXPECT_EQ(read_process_facts().start_unix_seconds, facts.start_unix_seconds);
}

TEST(ProcessFacts, CountsDescriptors) {
  const uint64_t before = read_process_facts().open_descriptors;
  const int descriptor = open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(descriptor, 0);
  EXPECT_EQ(read_process_facts().open_descriptors, before + 1);
  close(descriptor);
  EXPECT_EQ(read_process_facts().open_descriptors, before);
}

}  // namespace
}  // namespace portway::proxy
