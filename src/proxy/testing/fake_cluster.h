#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <vector>

#include "proxy/testing/fake_broker.h"

namespace portway::proxy {

// Brokers that name each other. Each lives on an address of its own (127.0.1.ID), so that an inside
// address that leaks can be seen in what a client got.
class FakeCluster {
 public:
  explicit FakeCluster(const std::vector<int32_t>& ids, const std::string& ip = "");

  FakeBroker& broker(int32_t id) { return *brokers_.at(id); }
  FakeBroker& add(int32_t id, bool named = true);
  std::vector<HostPort> bootstrap() { return {brokers_.begin()->second->address()}; }

  // What Metadata names from now on. As it is: every broker at its own address.
  std::vector<Member> members() const;
  void name_members(std::vector<Member> members);
  void name_all();

 private:
  const std::string ip_;
  mutable std::mutex mutex_;
  std::vector<Member> members_;
  std::map<int32_t, std::unique_ptr<FakeBroker>> brokers_;
};

}  // namespace portway::proxy
