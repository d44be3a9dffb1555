// Softmax over a population.
// Operands: rate (set), voltage.
// The function `winners` leaves, of the rates that are not 0, the weights[0] whose cells have the
// largest numbers in the second operand, the first of equal ones, and makes the others 0; its
// operands are rate (update) and the numbers, which may be the rates themselves.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

bool readout_fits(const Operands& o) {
    if (!o.are_cells(0, 2)) return false;
    if (o.function() != Function::winners) return true;
    return o.op().weights.size() == 1 && o.op().weights[0] >= 1.0 &&
           o.op().operands[0].access == Access::update;
}

std::string readout_text(const Operands& o) {
    if (o.function() == Function::winners)
        return fmt::format("{} stays where {} is one of the {} largest", o.name(0), o.name(1),
                           o.op().weights[0]);
    return fmt::format("{} = softmax({})", o.name(0), o.name(1));
}

}  // namespace

constinit const KindTraits readout_traits = {
    .kind = Kind::readout,
    .verb = "readout",
    .biology = "none: softmax normalises across cells, winners are ranked across them",
    .fits = readout_fits,
    .equation = readout_text,
    .writes = Carrier::rate,
    .writes_vector = Carrier::rate,
    .locality = Locality::own_cell,
    .gathers = Gathers::population,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = never,
    .hands_on = HandsOn::between_cells,
    .size = SizeRule::share,
};

}  // namespace apical
