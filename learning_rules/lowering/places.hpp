#pragma once

#include <algorithm>

#include "learning_rules/text_rule.hpp"

namespace apical {

// Where a number is that is made of two: the wider place; of pre- and postsynaptic cells the
// synapse.
constexpr Place join(Place a, Place b) {
    const bool both =
        (a == Place::pre && b == Place::post) || (a == Place::post && b == Place::pre);
    return both ? Place::synapse : std::max(a, b);
}

// Whether a number at `of` can be written at `to`, once for each that is there.
constexpr bool fits_at(Place of, Place to) { return join(of, to) == to; }

constexpr bool is_in_cells(Place place) { return place == Place::pre || place == Place::post; }

}  // namespace apical
