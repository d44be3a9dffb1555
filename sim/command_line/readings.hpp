#pragma once

#include <string_view>

#include "sim/system/reading_trial.hpp"

namespace apical {

// The ways to read a file that a process of this program may be started for. Nothing when there is
// none of this name: a way that is missing here makes every file of its kind a damaged one.
const Reading* find_reading(std::string_view name);

}  // namespace apical
