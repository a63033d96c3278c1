#pragma once

#include "plan/kafka_proxy_settings.h"
#include "proxy/server.h"

namespace portway::app {

// What runs a proxy as kafka-proxy's flags ask for. Raises the limit on open files, because
// kafka-proxy has no limit of its own on connections. What a plan leaves out is logged as it is
// found out. There is nothing to reload.
proxy::ServerInput server_input(plan::KafkaProxySettings settings);

}  // namespace portway::app
