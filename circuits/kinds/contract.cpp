// A tensor with three indices: M_kij <- sum_l J_kl M_lij + gain delta_ki slope_i pre_j, or
// sum_k c_k M_kij of it.
// Operands: tensor (update), Jacobian, slope, pre; credit: matrix (set), tensor, credit.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

bool contraction_fits(const Operands& o) {
    const bool sums = o.function() == Function::credit;
    const std::size_t tensor = sums ? 1 : 0;
    if (o.count() <= tensor || o.at(tensor).shape != Shape::tensor) return false;
    const int rows = o.at(tensor).rows, pre = o.at(tensor).columns / rows;
    if (sums)
        return o.count() == 3 && o.is_matrix(0) && o.at(0).rows == rows && o.at(0).columns == pre &&
               o.is_vector_of(2, rows);
    return o.count() == 4 && o.is_square(1) && o.at(1).rows == rows && o.is_vector_of(2, rows) &&
           o.is_vector_of(3, pre);
}

std::string contraction_text(const Operands& o) {
    if (o.function() == Function::credit)
        return fmt::format("{}_ij = sum_k {}_k {}_kij", o.name(0), o.name(2), o.name(1));
    return fmt::format("{0} = {1} {0} + {2:.6g} delta_ki {3}_i {4}_j", o.name(0), o.name(1),
                       o.op().gain, o.name(2), o.name(3));
}

}  // namespace

constinit const KindTraits contract_traits = {
    .kind = Kind::contract,
    .verb = "contract",
    .biology = "none: no cell holds a tensor",
    .fits = contraction_fits,
    .equation = contraction_text,
    .writes = Carrier::none,
    .writes_vector = Carrier::none,
    .locality = Locality::other_cells,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::product,
    .multiplies_matrices = [](const Operation& op) { return op.function != Function::credit; },
    .goes_by_rows = never,
    .hands_on = HandsOn::nothing,
    .size = SizeRule::unbounded,
};

}  // namespace apical
