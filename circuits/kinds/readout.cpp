// Softmax over a population.
// Operands: rate (set), voltage.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

constinit const KindTraits readout_traits = {
    .kind = Kind::readout,
    .verb = "readout",
    .biology = "none: softmax normalises across cells",
    .fits = [](const Operands& o) { return o.are_cells(0, 2); },
    .equation =
        [](const Operands& o) { return fmt::format("{} = softmax({})", o.name(0), o.name(1)); },
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
