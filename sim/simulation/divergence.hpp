#pragma once

#include <string>

#include "sim/engine/state.hpp"

namespace apical {

// What the numbers of a state say about why one of them is no longer finite, for the end of a
// message: whether strengths or rates have grown without bound, with the size of the largest
// eigenvalue of each recurrent matrix that is still finite (by power iteration), or not.
std::string why_not_finite(const State& state);

}  // namespace apical
