#pragma once

#include <span>

#include "circuits/text/keys.hpp"

namespace apical {

// The keys of [record.*].
std::span<const Key> record_keys();

}  // namespace apical
