// Sums of the strengths that a cell receives, the key `scale_incoming` of populations. With
//
//     total_i = sum over the sets and j of |W_ij|, or the root of the sum of W_ij^2
//
// all sets are scaled behind the last change of a step, W_ij <- s_i W_ij, at once by
//
//     s = to / total
//
// or with a time constant by
//
//     s = 1 + (1 - exp(-h / tau)) clip(to / total - 1, -1, 1)
//
// or, with `at_most`, by the smaller of 1 and to / total, and clip(to / total - 1, -1, 0). Here h
// is the time from one scaling to the next: total - to falls by exp(-h / tau), but from less than a
// half of `to` strengths grow by no more than the share of h itself. Absent synapses and signs
// stay; bounds are kept behind it, so that where they cut strengths off, the sum is not kept.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/program/formula_builder.hpp"
#include "circuits/program/program_builder.hpp"

namespace apical {

namespace {

// A sum below it has no direction in which to be scaled.
constexpr double least_total = 1e-300;

// At the synapses of a set whose strengths have either sign.
constexpr std::string_view sizes_name = "magnitude";

// |w| or w^2.
Formula magnitude(int norm) {
    FormulaBuilder b;
    const std::uint16_t w = b.operand(1, Index::synapse);
    return b.formula(norm == 1 ? b.made(Node::absolute, w) : b.power(w, 2));
}

// By the sums of the sets, places from 1 on.
Formula factor_of(const IncomingScaling& scaling, const std::vector<bool>& is_negative,
                  double share) {
    FormulaBuilder b;
    std::uint16_t total = b.number(0.0);
    for (std::size_t k = 0; k < is_negative.size(); ++k) {
        const std::uint16_t sum = b.operand(static_cast<std::uint16_t>(k + 1), Index::post);
        total = b.made(is_negative[k] ? Node::subtract : Node::add, total, sum);
    }
    if (scaling.norm == 2) total = b.made(Node::root, total);
    total = b.made(Node::maximum, total, b.number(least_total));
    const std::uint16_t whole = b.made(Node::divide, b.number(scaling.to), total);
    const std::uint16_t one = b.number(1.0);
    if (scaling.tau_ms == 0.0)
        return b.formula(scaling.at_most ? b.made(Node::minimum, whole, one) : whole);
    const std::uint16_t away = b.made(Node::subtract, whole, one);
    const std::uint16_t within = b.made(Node::minimum, b.made(Node::maximum, away, b.number(-1.0)),
                                        b.number(scaling.at_most ? 0.0 : 1.0));
    return b.formula(b.made(Node::add, one, b.made(Node::multiply, b.number(share), within)));
}

Formula strength_times_factor() {
    FormulaBuilder b;
    return b.formula(
        b.made(Node::multiply, b.operand(1, Index::post), b.operand(0, Index::synapse)));
}

Formula clipped(const StrengthRange& range) {
    FormulaBuilder b;
    std::uint16_t value = b.operand(0, Index::synapse);
    if (range.has_low()) value = b.made(Node::maximum, value, b.number(range.low));
    if (range.has_high()) value = b.made(Node::minimum, value, b.number(range.high));
    return b.formula(value);
}

}  // namespace

void ProgramBuilder::add_scaling() {
    for (std::size_t i = 0; i < circuit_.populations.size(); ++i) {
        if (circuit_.populations[i].scaling) scale_incoming(PopulationId(i));
    }
}

// The sum over a cell's synapses of the set: of strengths as they are, where they have one sign.
SlotId ProgramBuilder::incoming(PopulationId cells, SynapseSetId set) {
    const IncomingScaling& scaling = *circuit_[cells].scaling;
    const StrengthRange range = circuit_.strength_range(set);
    SlotId summed = strength(set);
    if (scaling.norm == 2 || (range.low < 0.0 && range.high > 0.0)) {
        if (program_.tag_of(set, sizes_name)) {
            reject(
                scaling.where,
                fmt::format("a rule keeps \"{}\" at synapses, which is the name of what is summed "
                            "up of \"{}\"; expected another name in the rule",
                            sizes_name, circuit_[set].name));
        }
        const SlotId sizes = tag(set, sizes_name);
        synaptic(sizes, magnitude(scaling.norm), {strength(set)});
        summed = sizes;
    }
    RuleQuantity name(circuit_[cells].name, fmt::format("incoming_{}", circuit_[set].name));
    name.of_cells = true;
    return gathered(summed, name);
}

double ProgramBuilder::share_of_scaling(const IncomingScaling& scaling) const {
    const PeriodicSteps steps = phase_ ? circuit_[phase_].steps : PeriodicSteps{};
    if (steps.last != steps.first) {
        reject(scaling.where,
               fmt::format(
                   "[{}] scales with a time constant in phase \"{}\", which is carried out in "
                   "{} of {} steps; expected changes in a phase of each step, or of one in "
                   "so many",
                   asked_by_, circuit_[phase_].name, steps.last - steps.first + 1, steps.period));
    }
    const double ms = iterations_ > 1 ? ms_between() : circuit_.step_ms() * steps.period;
    return -std::expm1(-ms / scaling.tau_ms);
}

// Behind the last change of a step: in each iteration, where only iterations change them then.
void ProgramBuilder::scale_incoming(PopulationId cells) {
    const IncomingScaling& scaling = *circuit_[cells].scaling;
    PhaseId phase(0);
    int iterations = 1;
    bool is_changed = false;
    for (const Operation& op : program_.operations) {
        const bool is_change = std::any_of(
            scaling.of.begin(), scaling.of.end(),
            [&](SynapseSetId set) { return op.operands[0].slot == program_.strength_of(set); });
        if (!is_change || (is_changed && op.phase < phase)) continue;
        const bool is_same = is_changed && op.phase == phase;
        iterations = is_same ? std::min(iterations, op.iterations) : op.iterations;
        phase = op.phase;
        is_changed = true;
    }
    if (!is_changed) phase = PhaseId(circuit_.phases.size() - 1);
    begin(phase, "population." + circuit_[cells].name, scaling.where, Asker::scaling);
    iterations_ = iterations;
    std::vector<SlotId> sums;
    std::vector<bool> is_negative;
    for (const SynapseSetId set : scaling.of) {
        sums.push_back(incoming(cells, set));
        is_negative.push_back(scaling.norm == 1 && circuit_.strength_range(set).high <= 0.0);
    }
    const double share = scaling.tau_ms > 0.0 ? share_of_scaling(scaling) : 1.0;
    RuleQuantity name(circuit_[cells].name, "scaling");
    name.of_cells = true;
    const SlotId factor = formula(cells, name, factor_of(scaling, is_negative, share), sums);
    for (const SynapseSetId set : scaling.of)
        synaptic(strength(set), strength_times_factor(), {factor});
    for (const SynapseSetId set : scaling.of) {
        if (!circuit_[set].bounds.is_limited()) continue;
        synaptic(strength(set), clipped(circuit_.strength_range(set)), {});
    }
}

}  // namespace apical
