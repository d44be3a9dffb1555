// The derivative of the loss by strengths, from the past run backwards: G_ij = dL / dS_ij.
// Nothing in the circuit makes it; who runs the program goes back through it (circuits/adjoint).
// Operands: gradient of a set (set), then all that its derivatives read: numbers of cells, and
// strengths, against their direction.
#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/operands.hpp"

namespace apical {

namespace {

std::string strength_of_gradient(const Operands& o) {
    const SlotId strength = o.program().strength_of(o.at(0).synapses);
    return strength ? o.program()[strength].name : "S";
}

std::string loss_text(const Operands& o) {
    if (o.op().lag < 0) return "sum of the trial's L";
    if (o.function() != Function::sum) return "L";
    return fmt::format("sum of {} L", o.op().lag + 1);
}

std::string way_back(const Operands& o) {
    if (o.op().lag < 0) return "to the trial's beginning";
    return fmt::format("{} step{}", o.op().lag + 1, o.op().lag == 0 ? "" : "s");
}

// "gradient(W_in) = d L / d W_in, 20 steps back through W_out, by 8 signals"
std::string backpropagation_text(const Operands& o) {
    std::vector<std::string> through;
    for (std::size_t k = 1; k < o.count(); ++k)
        if (o.at(k).what == What::strength) through.push_back(o.name(k));
    const std::size_t signals = o.count() - 1 - through.size();
    return fmt::format("{} = d {} / d {}, back {}{}{}, by {} signal{}", o.name(0), loss_text(o),
                       strength_of_gradient(o), way_back(o), through.empty() ? "" : " through ",
                       fmt::join(through, ", "), signals, signals == 1 ? "" : "s");
}

}  // namespace

constinit const KindTraits backpropagate_traits = {
    .kind = Kind::backpropagate,
    .verb = "backpropagate",
    .biology = "none: no circuit runs its past backwards",
    .fits = [](const Operands& o) { return o.count() > 1 && o.is_matrix(0); },
    .equation = backpropagation_text,
    .writes = Carrier::none,
    .writes_vector = Carrier::none,
    .locality = Locality::other_cells,
    .gathers = Gathers::nothing,
    .product = {},
    .change = MatrixChange::none,
    .multiplies_matrices = never,
    .goes_by_rows = never,
    .hands_on = HandsOn::nothing,
    .size = SizeRule::unbounded,
};

}  // namespace apical
