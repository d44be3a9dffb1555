// Overwriting or scaling at once: by a copy, the exact Jacobian, a diagonal or zero.
// Operands: matrix or vector (set), source; jacobian: matrix (set), strength, slope; diagonal:
// matrix (update), a, s, t; zero: alone.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

bool assignment_fits(const Operands& o) {
    if (o.function() == Function::zero) return o.count() == 1;
    if (o.function() == Function::jacobian)
        return o.count() == 3 && o.is_square(0) && o.are_alike(0, 1) &&
               o.is_vector_of(2, o.at(0).rows);
    if (o.function() == Function::diagonal)
        return o.count() == 4 && o.is_square(0) && o.is_vector_of(1, o.at(0).rows) &&
               o.are_numbers(2, 4);
    return o.count() == 2 && o.are_alike(0, 1);
}

std::string assignment_text(const Operands& o) {
    if (o.function() == Function::zero) return fmt::format("{} = 0", o.name(0));
    if (o.function() == Function::jacobian)
        return fmt::format("{} = {:.6g} I + {:.6g} diag({}) {}", o.name(0), o.op().retain,
                           o.op().gain, o.name(2), o.name(1));
    if (o.function() == Function::diagonal)
        return fmt::format("{0} = {1} {0} + {2} diag({3})", o.name(0), o.name(2), o.name(3),
                           o.name(1));
    return fmt::format("{} = {}", o.name(0), o.name(1));
}

}  // namespace

// A vector that is overwritten within its cells is reset there; only a matrix cannot be.
constinit const KindTraits assign_traits = {
    .kind = Kind::assign,
    .verb = "assign",
    .biology = "none: no synapse jumps to another's strength",
    .fits = assignment_fits,
    .equation = assignment_text,
    .writes = Carrier::none,
    .writes_vector = Carrier::intracellular,
    .locality = Locality::own_place,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::overwritten,
    .multiplies_matrices = never,
    .goes_by_rows =
        [](const Operation& op) {
            return op.function == Function::none || op.function == Function::zero;
        },
    .hands_on = HandsOn::vector,
    .size = SizeRule::by_function,
};

}  // namespace apical
