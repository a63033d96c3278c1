#pragma once

#include <string>

namespace portway::plan {

// Pages of docs/ that are written from the tables the code reads by. A test compares them with the
// committed files.
std::string configuration_reference();  // docs/configuration.md, from spec_fields.h
std::string kafka_proxy_reference();    // docs/kafka-proxy.md, from kafka_proxy_flags.h

}  // namespace portway::plan
