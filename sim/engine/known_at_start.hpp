#pragma once

#include <vector>

#include "circuits/program/program.hpp"

namespace apical {

// By slot, whether it has numbers before the first step: initial ones, which the first step reads
// before it makes others, or nothing ever makes others. What is read includes what is remembered
// before the first step. The rest, say the voltage that a step begins by setting, is not made yet.
std::vector<bool> known_at_start(const Program& program);

}  // namespace apical
