#pragma once

#include <string>

namespace apical {

// What differs between the builds that share the same compiled tests.
extern const std::string tested_program;  // its path
extern const bool is_sanitized;           // by the address or the thread sanitizer

// How many inputs a test tries, or steps it takes: an eighth where a sanitizer makes each take many
// times as long.
inline int fewer_if_sanitized(int many) { return is_sanitized ? many / 8 : many; }

}  // namespace apical
