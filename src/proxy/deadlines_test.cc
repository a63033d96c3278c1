#include "proxy/deadlines.h"

#include <gtest/gtest.h>

#include <limits>

namespace portway::proxy {
namespace {

TEST(Deadlines, AreTakenInTheOrderOfTheirTimesAndOnlyWhenDue) {
  DeadlineList list;
  Deadline first;
  Deadline second;
  list.set(first, 100);
  list.set(second, 200);
  EXPECT_EQ(list.next_us(), 100);
  EXPECT_EQ(list.take_due(99), nullptr);
  EXPECT_EQ(list.take_due(250), &first);
  EXPECT_FALSE(first.armed());
  EXPECT_EQ(list.next_us(), 200);
  EXPECT_EQ(list.take_due(250), &second);
  EXPECT_EQ(list.take_due(250), nullptr);
  EXPECT_EQ(list.next_us(), std::numeric_limits<int64_t>::max());
}

TEST(Deadlines, SettingAgainMovesToTheEnd) {
  DeadlineList list;
  Deadline first;
  Deadline second;
  list.set(first, 100);
  list.set(second, 200);
  list.set(first, 300);
  EXPECT_EQ(list.take_due(1000), &second);
  EXPECT_EQ(list.take_due(1000), &first);
}

TEST(Deadlines, OneIsInOneListAtMost) {
  DeadlineList list;
  DeadlineList other;
  Deadline deadline;
  list.set(deadline, 100);
  other.set(deadline, 50);
  EXPECT_EQ(list.take_due(1000), nullptr);
  EXPECT_EQ(other.take_due(1000), &deadline);
}

TEST(Deadlines, CancellingTwiceAndDyingWhileArmedAreFine) {
  DeadlineList list;
  Deadline stays;
  {
    Deadline cancelled;
    list.set(cancelled, 1);
    cancelled.cancel();
    cancelled.cancel();
    Deadline dies;
    list.set(dies, 2);
    list.set(stays, 3);
  }
  EXPECT_EQ(list.take_due(10), &stays);
  EXPECT_EQ(list.take_due(10), nullptr);
}

TEST(Deadlines, OutliveTheirList) {
  Deadline deadline;
  {
    DeadlineList list;
    list.set(deadline, 1);
  }
  EXPECT_FALSE(deadline.armed());
}

}  // namespace
}  // namespace portway::proxy
