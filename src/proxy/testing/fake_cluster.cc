#include "proxy/testing/fake_cluster.h"

namespace portway::proxy {

FakeCluster::FakeCluster(const std::vector<int32_t>& ids, const std::string& ip) : ip_(ip) {
  for (const int32_t id : ids) add(id);
}

FakeBroker& FakeCluster::add(int32_t id, bool named) {
  const std::string ip = ip_.empty() ? "127.0.1." + std::to_string(id % 250 + 1) : ip_;
  auto& broker = brokers_[id];
  broker = std::make_unique<FakeBroker>(id, ip, [this] { return members(); });
  if (named) name_all();
  return *broker;
}

std::vector<Member> FakeCluster::members() const {
  const std::lock_guard lock(mutex_);
  return members_;
}

void FakeCluster::name_members(std::vector<Member> members) {
  const std::lock_guard lock(mutex_);
  members_ = std::move(members);
}

void FakeCluster::name_all() {
  std::vector<Member> members;
  for (const auto& [id, broker] : brokers_) {
    members.push_back({id, broker->address().host, broker->address().port});
  }
  name_members(std::move(members));
}

}  // namespace portway::proxy
