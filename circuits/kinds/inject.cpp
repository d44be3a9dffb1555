// The task sets a population's rate at the beginning of a step.
// Operands: rate (set).
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

constinit const KindTraits inject_traits = {
    .kind = Kind::inject,
    .verb = "inject",
    .biology = "input",
    .fits = [](const Operands& o) { return o.count() == 1 && is_vector(o.at(0).shape); },
    .equation =
        [](const Operands& o) {
            return fmt::format("{} = {}", o.name(0),
                               o.function() == Function::spike ? "spikes of the task" : "task");
        },
    .writes = Carrier::rate,
    .writes_vector = Carrier::rate,
    .locality = Locality::given,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = never,
    .hands_on = HandsOn::nothing,
    .size = SizeRule::input,
};

}  // namespace apical
