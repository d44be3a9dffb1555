// An interneuron opens or closes a compartment.
// Operands: gate (set to `gain`).
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

constinit const KindTraits gate_traits = {
    .kind = Kind::gate,
    .verb = "gate",
    .biology = "branch-specific inhibition",
    .fits = [](const Operands& o) { return o.are_numbers(0, 1); },
    .equation =
        [](const Operands& o) {
            const double gain = o.op().gain;
            return fmt::format("{} = {} ({})", o.name(0), gain, gain > 0 ? "open" : "closed");
        },
    .writes = Carrier::interneuron,
    .writes_vector = Carrier::interneuron,
    .locality = Locality::given,
    .gathers = Gathers::interneuron,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .hands_on = HandsOn::nothing,
    .size = SizeRule::share,
};

}  // namespace apical
