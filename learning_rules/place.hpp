#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace apical {

// Where a number of a rule is: one for all, one in each pre- or postsynaptic cell, one at each
// synapse. A number of the text, or a constant of the circuit, is at no place.
enum class Place : std::uint8_t { number, all, pre, post, synapse };

// "a constant", "one number for all", "a number in each postsynaptic cell", "one at each synapse".
std::string_view in_words(Place place);

// The place as a [rule.*] table spells it, "post"; that of a number is "all".
std::string_view spelling_of(Place place);

// The place of a number that is made of two: the wider one; of pre- and postsynaptic cells the
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
