// Last step's value, or the last steps' values, kept in the same cell.
// Operands: previous value (set), value; history: history (update), value.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

std::string memory_text(const Operands& o) {
    const char* sign = o.function() == Function::history ? "<-" : "=";
    return fmt::format("{} {} {}", o.name(0), sign, o.name(1));
}

}  // namespace

constinit const KindTraits remember_traits = {
    .kind = Kind::remember,
    .verb = "remember",
    .biology = "intracellular trace",
    .fits =
        [](const Operands& o) {
            if (o.function() == Function::history) return o.is_of_history();
            return o.count() == 2 && o.are_alike(0, 1);
        },
    .equation = memory_text,
    .writes = Carrier::as_source,
    .writes_vector = Carrier::as_source,
    .locality = Locality::own_place,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::overwritten,
    .multiplies_matrices = never,
    .goes_by_rows = always,
    .hands_on = HandsOn::value,
    .size = SizeRule::same,
};

}  // namespace apical
