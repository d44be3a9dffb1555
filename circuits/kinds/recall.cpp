// A value of several steps ago.
// Operands: value (set), history, `lag` steps back; or history (increment), value.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

std::string recall_text(const Operands& o) {
    if (o.op().operands[0].access == Access::increment)
        return fmt::format("{}, {} steps ago, += {}", o.name(0), o.op().lag, o.name(1));
    return fmt::format("{} = {}, {} steps ago", o.name(0), o.name(1), o.op().lag);
}

}  // namespace

constinit const KindTraits recall_traits = {
    .kind = Kind::recall,
    .verb = "recall",
    .biology = "none: no cell replays what it was several steps ago",
    .fits = [](const Operands& o) { return o.is_of_history(); },
    .equation = recall_text,
    .writes = Carrier::none,
    .writes_vector = Carrier::none,
    .locality = Locality::own_cell,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = never,
    .hands_on = HandsOn::past,
    .size = SizeRule::past,
};

}  // namespace apical
