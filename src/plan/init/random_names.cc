#include "plan/init/random_names.h"

#include <algorithm>
#include <string_view>

#include "plan/deployment.h"
#include "plan/values.h"

namespace portway::plan {
namespace {

constexpr std::string_view kUniqueDigits = "0123456789abcdefghijklmnopqrstuvwxyz";
constexpr size_t kUniqueLength = 10;  // 36^10: nobody else has it

bool is_taken(const Spec* spec, const std::string& unique) {
  return spec != nullptr &&
         std::any_of(spec->external_listeners.begin(), spec->external_listeners.end(),
                     [&](const ExternalListenerSpec& listener) {
                       const auto name = parse_tidb_cloud_name(listener.advertise);
                       return name && name->unique == unique;
                     });
}

// Bytes from here on would favour the first digits.
constexpr unsigned char kByteEnd = 256 / kUniqueDigits.size() * kUniqueDigits.size();

std::string unique_string(const RandomSource& random) {
  std::string text;
  while (text.size() < kUniqueLength) {
    for (const char c : random(kUniqueLength)) {
      const auto byte = static_cast<unsigned char>(c);
      if (byte < kByteEnd && text.size() < kUniqueLength) {
        text += kUniqueDigits[byte % kUniqueDigits.size()];
      }
    }
  }
  return text;
}

}  // namespace

std::string new_unique_name(const Spec* spec, const RandomSource& random) {
  while (true) {
    std::string name = unique_string(random);
    if (!is_taken(spec, name)) return name;
  }
}

std::string new_cluster_id(const RandomSource& random) {
  while (true) {
    std::string bytes = random(16);
    bytes[6] = static_cast<char>((bytes[6] & 0x0f) | 0x40);  // RFC 9562, version 4
    bytes[8] = static_cast<char>((bytes[8] & 0x3f) | 0x80);  // RFC 9562, variant
    std::string id = base64url(bytes);
    if (!id.starts_with('-')) return id;
  }
}

}  // namespace portway::plan
