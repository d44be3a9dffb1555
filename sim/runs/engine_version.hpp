#pragma once

#include <string>

namespace apical {

// What numbers depend on: the version, and a hash of the sources of what runs.
std::string engine_version();

}  // namespace apical
