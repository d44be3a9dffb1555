#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace apical {

// Where a number of a rule is: one for all, one in each pre- or postsynaptic cell, one at each
// synapse, one of each pair of presynaptic or of postsynaptic cells, whether synapses join them or
// not. A number of the text, or a constant of the circuit, is at no place.
enum class Place : std::uint8_t { number, all, pre, post, synapse, pairs_of_pre, pairs_of_post };

// "a constant", "one number for all", "a number in each postsynaptic cell", "one at each synapse".
std::string_view in_words(Place place);

// The place as a [rule.*] table spells it, "post"; that of a number is "all", of pairs "pairs".
std::string_view spelling_of(Place place);

constexpr bool is_in_cells(Place place) { return place == Place::pre || place == Place::post; }

constexpr bool is_of_pairs(Place place) {
    return place == Place::pairs_of_pre || place == Place::pairs_of_post;
}
// The pairs of cells, and the cells of pairs.
constexpr Place pairs_of(Place cells) {
    return cells == Place::pre ? Place::pairs_of_pre : Place::pairs_of_post;
}
constexpr Place cells_of_pairs(Place pairs) {
    return pairs == Place::pairs_of_pre ? Place::pre : Place::post;
}

// The place of a number that is made of two: the wider one; of pre- and postsynaptic cells the
// synapse. Numbers of pairs are made with constants and numbers for all alone.
constexpr Place join(Place a, Place b) {
    const bool both =
        (a == Place::pre && b == Place::post) || (a == Place::post && b == Place::pre);
    return both ? Place::synapse : std::max(a, b);
}

// Whether a number at `of` can be written at `to`, once for each that is there.
constexpr bool fits_at(Place of, Place to) {
    if (is_of_pairs(to)) return of == to || of <= Place::all;
    return join(of, to) == to;
}

}  // namespace apical
