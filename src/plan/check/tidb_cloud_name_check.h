#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace portway::plan {

// What keeps a host name that is meant to be one of TiDB Cloud's from being one. Kafka takes all of
// these without a word; only the changefeed fails.
struct NameFault {
  bool is_case = false;  // right but for capitals
  std::string message;
  std::string instead;
};

// Whether somebody meant a name of TiDB Cloud: it has tidbcloud.com, or ends in tidbcloud.
// tidbcloud.example.com is a domain of its own.
bool is_meant_for_tidb_cloud(std::string_view host);

// Nothing for names that TiDB Cloud gives, and for names that are not meant to be any of them.
// `host` may hold {id}.
std::optional<NameFault> tidb_cloud_name_fault(std::string_view host);

}  // namespace portway::plan
