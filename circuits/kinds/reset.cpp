// At the beginning of a phase or a trial a value is set back: to what it was before the first step,
// at the end of an earlier phase, to what a trial begins with, or to 0.
// Operands: value (set), what it was; zero: alone.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

constinit const KindTraits reset_traits = {
    .kind = Kind::reset,
    .verb = "reset",
    .biology = "a pause in which cells go back to where they were",
    .fits =
        [](const Operands& o) {
            if (o.function() == Function::zero) return o.count() == 1;
            return o.count() == 2 && o.at(0).shape == o.at(1).shape && o.are_alike(0, 1);
        },
    .equation =
        [](const Operands& o) {
            const bool is_zero = o.function() == Function::zero;
            return fmt::format("{} = {}", o.name(0), is_zero ? "0" : o.name(1));
        },
    .writes = Carrier::as_source,
    .writes_vector = Carrier::as_source,
    .locality = Locality::own_place,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::overwritten,
    .multiplies_matrices = never,
    .goes_by_rows = always,
    .hands_on = HandsOn::value,
    .size = SizeRule::by_function,
};

}  // namespace apical
