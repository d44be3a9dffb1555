// The experimenter changes a value while an event is on: y <- retain y + gain. The audit judges the
// circuit without it.
// Operands: value (update), the event's number, which entries are changed, of some alone.
#include <fmt/format.h>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

bool intervention_fits(const Operands& o) {
    if (o.count() < 2 || o.count() > 3 || !o.is_number(1)) return false;
    if (o.op().operands[0].access != Access::update) return false;
    return o.count() == 2 || (o.at(2).shape == o.at(0).shape && o.are_alike(0, 2));
}

// "hidden.r = 0 while event.shut, where chosen(shut, hidden)"
std::string intervention_text(const Operands& o) {
    const Operation& op = o.op();
    std::string value = op.retain == 0.0 ? fmt::format("{:.6g}", op.gain)
                                         : fmt::format("{} + {:.6g}", o.name(0), op.gain);
    const std::string where = o.count() == 3 ? fmt::format(" where {}", o.name(2)) : "";
    return fmt::format("{} = {} while {}{}", o.name(0), value, o.name(1), where);
}

}  // namespace

constinit const KindTraits intervene_traits = {
    .kind = Kind::intervene,
    .verb = "intervene",
    .biology = "the experimenter's doing, no part of the circuit",
    .fits = intervention_fits,
    .equation = intervention_text,
    .writes = Carrier::as_source,
    .writes_vector = Carrier::as_source,
    .locality = Locality::given,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = always,
    .hands_on = HandsOn::nothing,
    .size = SizeRule::same,
};

}  // namespace apical
