#include "proxy/pipe_pool.h"

#include <gtest/gtest.h>

#include <memory>
#include <vector>

#include "net/linux_system.h"
#include "proxy/testing/proxy_under_test.h"

namespace portway::proxy {
namespace {

class PipePoolTest : public testing::Test {
 protected:
  const std::unique_ptr<net::System> system_ = std::move(*net::make_linux_system());
};

TEST_F(PipePoolTest, AnEmptyPipeIsUsedAgain) {
  PipePool pool(*system_);
  auto pipe = pool.take();
  ASSERT_NE(pipe, nullptr);
  EXPECT_GT(pipe->ends.capacity_bytes, 0u);
  const net::Descriptor read_end = pipe->ends.read_end;
  pool.give_back(std::move(pipe));
  pipe = pool.take();
  EXPECT_EQ(pipe->ends.read_end, read_end);
  pool.give_back(std::move(pipe));
}

TEST_F(PipePoolTest, APipeWithBytesLeftInItIsClosed) {
  PipePool pool(*system_);
  const size_t before = open_descriptors();
  auto pipe = pool.take();
  EXPECT_EQ(open_descriptors(), before + 2);
  pipe->bytes = 1;
  pool.give_back(std::move(pipe));
  EXPECT_EQ(open_descriptors(), before);
  pipe = pool.take();
  EXPECT_EQ(pipe->bytes, 0u);
  pool.give_back(std::move(pipe));
}

TEST_F(PipePoolTest, ThereAreNoMoreThanItsLimitAndAllAreClosedAtItsEnd) {
  const size_t before = open_descriptors();
  {
    PipePool pool(*system_);
    std::vector<std::unique_ptr<BodyPipe>> taken;
    while (auto pipe = pool.take()) taken.push_back(std::move(pipe));
    EXPECT_EQ(taken.size(), PipePool::kPipesMax);
    for (size_t i = 0; i < taken.size(); ++i) {
      taken[i]->bytes = i % 2;
      pool.give_back(std::move(taken[i]));
    }
    auto again = pool.take();
    ASSERT_NE(again, nullptr) << "those that were closed still count";
    pool.give_back(std::move(again));
  }
  EXPECT_EQ(open_descriptors(), before);
}

}  // namespace
}  // namespace portway::proxy
