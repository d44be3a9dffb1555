// A membrane approaches its drive: v <- drive + (v - drive) exp(-ms / tau), `retain` the last
// factor.
// Operands: voltage (update), drive.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

constinit const KindTraits relax_traits = {
    .kind = Kind::relax,
    .verb = "relax",
    .biology = "membrane time constant",
    .fits = [](const Operands& o) { return o.are_cells(0, 2); },
    .equation =
        [](const Operands& o) {
            return fmt::format("{} = {} + {:.6g} ({} - {})", o.name(0), o.name(1), o.op().retain,
                               o.name(0), o.name(1));
        },
    .writes = Carrier::voltage,
    .writes_vector = Carrier::voltage,
    .locality = Locality::own_cell,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .hands_on = HandsOn::between_cells,
    .size = SizeRule::same,
};

}  // namespace apical
