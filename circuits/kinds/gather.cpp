// A sum over each cell's own synapses: y_i = sum_j S_ij.
// Operands: a vector of the cells that the synapses end on (set), strengths or tags.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

bool gathering_fits(const Operands& o) {
    return o.count() == 2 && o.is_matrix(1) && o.is_vector_of(0, o.at(1).rows) &&
           o.op().operands[0].access == Access::set;
}

std::string gathering_text(const Operands& o) {
    return fmt::format("{} = gather({})", o.name(0), o.name(1));
}

}  // namespace

constinit const KindTraits gather_traits = {
    .kind = Kind::gather,
    .verb = "gather",
    .biology = "intracellular: a sum over the cell's own synapses",
    .fits = gathering_fits,
    .equation = gathering_text,
    .writes = Carrier::none,
    .writes_vector = Carrier::intracellular,
    .locality = Locality::own_cell,
    .gathers = Gathers::own_synapses,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = always,
    .hands_on = HandsOn::value,
    .size = SizeRule::over_synapses,
};

}  // namespace apical
