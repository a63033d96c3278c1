#pragma once

#include <string>
#include <string_view>

#include "base/result.h"
#include "plan/properties/properties_file.h"

namespace portway::plan {

// Changes to a file that its owner wrote by hand: what is not named stays as it is, byte for byte,
// and an edit done twice changes nothing more. Pure functions; the file that is given is not
// changed.
//
// An entry that no longer counts becomes a comment ("#" before each of its lines) and is not
// deleted: the owner sees what was in force, and can take it back.
//
// Errors (operator, "bad_property"): an empty key, or a key or value that is not UTF-8.
// "bad_properties": the file would exceed kPropertiesBytesMax.

// Where a key goes that the file does not have yet.
struct PropertyPlace {
  std::string after_key;  // behind the entry of this key that counts, if there is one
  std::string heading;    // else at the end under this comment (one line, without '#'); a heading
                          // that the file has already takes further keys
};

// Gives `key` this value. Where the file has the key, the value alone is replaced: place,
// indentation, separator and comments stay, and a value of several lines becomes one. An entry that
// has the value already is not rewritten. Other entries of the same key become comments: Java
// forgets all but the last, and whoever reads the file or greps in it would take them for true.
// Where the file does not have the key, "key=value" is added.
Result<PropertiesFile> set_property(const PropertiesFile& file, std::string_view key,
                                    std::string_view value, const PropertyPlace& place = {});

// Turns every entry of `key` into a comment; nothing changes when there is none.
Result<PropertiesFile> remove_property(const PropertiesFile& file, std::string_view key);

}  // namespace portway::plan
