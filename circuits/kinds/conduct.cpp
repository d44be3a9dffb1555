// An axon hands on what its cell fired: in each step the numbers on their way move on by one place,
// and those at its end are what the value was `lag` steps ago.
// Operands: what arrives at the end (update), the value.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

constinit const KindTraits conduct_traits = {
    .kind = Kind::conduct,
    .verb = "conduct",
    .biology = "an axon, whose end only synapses read",
    .fits =
        [](const Operands& o) {
            return o.count() == 2 && o.are_cells(0, 2) && o.op().lag >= 2 &&
                   o.at(0).line == o.op().lag && o.op().operands[0].access == Access::update;
        },
    .equation =
        [](const Operands& o) {
            return fmt::format("{} = {} of {} steps ago", o.name(0), o.name(1), o.op().lag);
        },
    .writes = Carrier::as_source,
    .writes_vector = Carrier::as_source,
    .locality = Locality::own_cell,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = never,
    .hands_on = HandsOn::nothing,
    .size = SizeRule::same,
};

}  // namespace apical
