#pragma once

#include <rapidcheck.h>

#include <string>
#include <vector>

namespace portway::plan {

// A text in which everything that means something in a properties file comes often.
inline std::string any_properties_text() {
  const auto parts = *rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
      "a", "b", "=", ":", " ", "\t", "\f", "\\", "\n", "\r", "\r\n", "#", "!", "\\u00e9", "\\u12",
      "\xc3\xa9", "a=1\n", "b: 2\\\n", "# a=0\n", "\\\r\n  ", "a", "\n\n"));
  std::string text;
  for (const std::string& part : parts) text += part;
  return text;
}

}  // namespace portway::plan
