#include "plan/spec_defaults.h"

#include "plan/cluster_reader.h"
#include "plan/external_listener_reader.h"

namespace portway::plan {

ClusterSpec default_cluster() {
  Findings what_is_missing;
  const YamlNode nothing;
  return read_cluster(Section(nothing, "cluster", "cluster", what_is_missing), what_is_missing);
}

ExternalListenerSpec default_external_listener() {
  Findings what_is_missing;
  const YamlNode nothing;
  const Section empty(nothing, "external_listeners[]", "external_listeners[0]", what_is_missing);
  return read_external_listener(empty, Security::kPlaintext, what_is_missing);
}

}  // namespace portway::plan
