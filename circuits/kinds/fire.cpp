// Firing: r <- (1 - alpha) r + alpha phi(sum of gated voltages), alpha in `gain`, 1 - alpha in
// `retain`.
// phi is one of those with a name, or a formula of that sum and of numbers of each cell.
// Operands: rate (update when alpha < 1, else set), then voltage, or voltage and gate, for each
// compartment; `gated[k]` tells which; then the cells' numbers that the formula reads. With each
// cell's own alpha, that as the last one, and the rate is an update.
// The function `spike` fires 1 where the voltage reaches the threshold and the cell does not wait,
// else 0; its operands are rate (set), voltage, threshold, and, of cells that wait, how long they
// do. The function `burst` fires p r beside a rate r; its operands are bursts (set), p and rate.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/activation_formula.hpp"
#include "circuits/program/operands.hpp"

namespace apical {

namespace {

// An activation that is written is a formula of the drive alone.
bool activation_fits(const Operation& op) {
    if (op.activation != Activation::written) return op.formula.empty();
    return check_formula(op.formula, places_of(op.formula)) &&
           std::none_of(op.formula.begin(), op.formula.end(), [](const FormulaNode& node) {
               return node.node == Node::operand && node.index != Index::post;
           });
}

bool spiking_fits(const Operands& o) {
    const bool is_spike = o.function() == Function::spike;
    const bool is_alone =
        is_spike ? o.op().gated == std::vector<bool>{false} : o.op().gated.empty();
    const bool is_counted = o.count() == 3 || (is_spike && o.count() == 4);
    return is_alone && is_counted && o.are_cells(0, o.count()) && o.op().formula.empty() &&
           o.op().activation == Activation::linear && o.op().operands[0].access == Access::set &&
           o.op().gain == 1.0;
}

bool firing_fits(const Operands& o) {
    if (o.function() != Function::none) return spiking_fits(o);
    if (!activation_fits(o.op())) return false;
    std::size_t k = 1;
    for (const bool gated : o.op().gated) {
        if (k >= o.count() || !o.is_vector_of(k, o.at(0).rows)) return false;
        if (gated && (k + 1 >= o.count() || !o.is_gate(k + 1, o.at(0).rows))) return false;
        k += gated ? 2 : 1;
    }
    for (std::size_t n = 1; n < places_of(o.op().formula); ++n, ++k)
        if (!o.is_vector_of(k, o.at(0).rows)) return false;
    if (has_own_alpha(o.op())) {
        if (!o.is_vector_of(k, o.at(0).rows) || o.op().operands[0].access != Access::update)
            return false;
        ++k;
    }
    return k == o.count() && !o.op().gated.empty();
}

std::string firing_text(const Operands& o) {
    const Operation& op = o.op();
    if (op.function == Function::spike)
        return fmt::format("{} = 1 where {} >= {}{}", o.name(0), o.name(1), o.name(2),
                           o.count() > 3 ? fmt::format(" and {} is 0", o.name(3)) : "");
    if (fires_by_formula(op))
        return fmt::format("{} = {}", o.name(0), o.text_of(firing_formula(op)));
    std::vector<std::string> drives;
    std::size_t k = 1;
    for (const bool gated : op.gated) {
        drives.push_back(gated ? fmt::format("{} {}", o.name(k + 1), o.name(k)) : o.name(k));
        k += gated ? 2 : 1;
    }
    std::string phi = fmt::format("{}", fmt::join(drives, " + "));
    if (op.activation != Activation::linear)
        phi = fmt::format("{}({})", name_of(op.activation), phi);
    if (op.gain == 1.0) return fmt::format("{} = {}", o.name(0), phi);
    return fmt::format("{} = {:.6g} {} + {:.6g} {}", o.name(0), op.retain, o.name(0), op.gain, phi);
}

}  // namespace

constinit const KindTraits fire_traits = {
    .kind = Kind::fire,
    .verb = "fire",
    .biology = "firing rate",
    .fits = firing_fits,
    .equation = firing_text,
    .writes = Carrier::rate,
    .writes_vector = Carrier::rate,
    .locality = Locality::own_cell,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = never,
    .hands_on = HandsOn::between_cells,
    .size = SizeRule::fired,
};

}  // namespace apical
