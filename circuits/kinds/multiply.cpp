// A matrix times a vector or a matrix, by no synapses.
// Operands: result (set or increment), matrix, vector; reverse: the matrix's transpose; or matrix
// or vector (update), the matrix that it is multiplied by from the left.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

bool multiplication_fits(const Operands& o) {
    if (o.count() == 3) return o.is_product(0, 1, 2);
    return o.count() == 2 && o.is_square(1) && o.at(0).rows == o.at(1).rows;
}

std::string multiplication_text(const Operands& o) {
    if (o.count() == 2) return fmt::format("{0} = {1} {0}", o.name(0), o.name(1));
    return fmt::format("{} {} {} {}", o.name(0), o.sign(), o.matrix(1), o.name(2));
}

}  // namespace

constinit const KindTraits multiply_traits = {
    .kind = Kind::multiply,
    .verb = "multiply",
    .biology = "none: nothing transmits through a matrix that is no synapse set",
    .fits = multiplication_fits,
    .equation = multiplication_text,
    .writes = Carrier::none,
    .writes_vector = Carrier::none,
    .locality = Locality::other_cells,
    .gathers = Gathers::matrix,
    .product = {.matrix = 1, .vector = 2},
    .change = MatrixChange::product,
    .multiplies_matrices = [](const Operation& op) { return op.operands.size() == 2; },
    // A vector that is made of another.
    .goes_by_rows = [](const Operation& op) { return op.operands.size() == 3; },
    .hands_on = HandsOn::nothing,
    .size = SizeRule::product,
};

}  // namespace apical
