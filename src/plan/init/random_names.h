#pragma once

#include <functional>
#include <string>

#include "plan/spec.h"

namespace portway::plan {

// So many bytes that nobody can guess.
using RandomSource = std::function<std::string(size_t count)>;

// A unique random string for a console's "Kafka Advertised Listener Pattern": digits and lower-case
// letters, none that an external listener of `spec` has. `spec` may be null.
std::string new_unique_name(const Spec* spec, const RandomSource& random);

// A KRaft cluster id: a random UUID (version 4) in base64url, as kafka-storage.sh random-uuid makes
// it (Kafka's Uuid.randomUuid: none that starts with a hyphen).
std::string new_cluster_id(const RandomSource& random);

}  // namespace portway::plan
