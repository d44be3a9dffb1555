#include "sim/simulation/start_bounds.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <string>

#include "circuits/program/formula_cut.hpp"
#include "circuits/text/keys.hpp"
#include "sim/engine/state_matrices.hpp"

namespace apical {

namespace {

// The bounds that the last nodes of a formula are, from the outermost inwards.
StrengthRange bounds_of(const Formula& formula) {
    StrengthRange bounds;
    for (auto cut = cut_at(formula, formula.size() - 1); cut; cut = cut_at(formula, cut->of)) {
        if (cut->above && !bounds.has_high()) bounds.high = cut->bound;
        if (!cut->above && !bounds.has_low()) bounds.low = cut->bound;
    }
    return bounds;
}

// "begin below 0 or above 0.25"
std::string where_they_begin(const StrengthRange& bounds) {
    const std::string below = bounds.has_low() ? fmt::format("below {}", bounds.low) : "",
                      above = bounds.has_high() ? fmt::format("above {}", bounds.high) : "";
    return fmt::format("{}{}{}", below, below.empty() || above.empty() ? "" : " or ", above);
}

std::string expected_start(const StrengthRange& bounds) {
    if (!bounds.has_low() || !bounds.has_high()) return "a start within";
    return fmt::format("a start within, as init = {{ uniform = [{}, {}] }}", bounds.low,
                       bounds.high);
}

// The place of what a slot begins with; `otherwise` where nobody says what.
Where where_it_begins(const Circuit& circuit, const Slot& slot, const Where& otherwise) {
    const bool strength = slot.what == What::strength;
    const Where own = strength ? circuit[slot.synapses].init.where : slot.init.where;
    if (own.line > 0) return own;
    return strength ? circuit[slot.synapses].where : otherwise;
}

struct Outside {
    std::size_t count, of;
};

Outside count_outside(const algebra::Matrix& numbers, const StrengthRange& bounds) {
    const auto outside = std::count_if(numbers.data(), numbers.data() + numbers.size(),
                                       [&](double one) { return !bounds.holds(one); });
    return {static_cast<std::size_t>(outside), static_cast<std::size_t>(numbers.size())};
}

// What is outside among the numbers of a slot; its synapses, of a matrix stored by rows.
Outside count_outside(const State& state, SlotId id, const StrengthRange& bounds) {
    const Slot& slot = state.program()[id];
    if (!slot.places) return count_outside(numbers_of(state, id), bounds);
    const double* const numbers = state.data(id);
    const auto outside = std::count_if(numbers, numbers + entries_of(slot),
                                       [&](double one) { return !bounds.holds(one); });
    return {static_cast<std::size_t>(outside), entries_of(slot)};
}

// Where a set has no synapse the strength is 0, whatever the bounds. What nothing changes keeps no
// places, and 0 stands for them.
Outside count_outside(const Circuit& circuit, const State& state, SynapseSetId id,
                      const StrengthRange& bounds) {
    const Program& program = state.program();
    if (program[program.strength_of(id)].places)
        return count_outside(state, program.strength_of(id), bounds);
    const algebra::Matrix strengths = numbers_of(state, program.strength_of(id));
    if (!circuit[id].connect) return count_outside(strengths, bounds);
    const SlotId places = program.tag_of(id, connected_name);
    const algebra::Matrix exist = places ? numbers_of(state, places) : strengths;
    Outside outside = {0, 0};
    for (Eigen::Index k = 0; k < strengths.size(); ++k) {
        if (exist.data()[k] == 0.0) continue;
        ++outside.of;
        if (!bounds.holds(strengths.data()[k])) ++outside.count;
    }
    return outside;
}

void check_start(const Circuit& circuit, const State& state, const Operation& op) {
    const StrengthRange bounds = bounds_of(op.formula);
    if (!bounds.is_limited()) return;
    const SlotId id = op.operands[0].slot;
    const Slot& slot = state.program()[id];
    const Outside outside = slot.what == What::strength
                                ? count_outside(circuit, state, slot.synapses, bounds)
                                : count_outside(state, id, bounds);
    if (outside.count == 0) return;
    reject(where_it_begins(circuit, slot, op.where),
           fmt::format("{} of {} numbers of \"{}\" begin {}, within which {}{}{} keeps them; "
                       "expected {}",
                       outside.count, outside.of, slot.name, where_they_begin(bounds), op.asked_by,
                       op.statement.empty() ? "" : ", ", op.statement, expected_start(bounds)));
}

// "\"inh\" is inhibitory", "bounds = [0, 2]": what asks for the set's bounds.
std::string who_asks(const Circuit& circuit, SynapseSetId id) {
    const SynapseSet& set = circuit[id];
    const Population& cells = circuit[set.pre];
    std::string text;
    if (cells.sign) text = fmt::format("\"{}\" is {}", cells.name, name_of(*cells.sign));
    if (!set.bounds.is_limited()) return text;
    return fmt::format("{}{}[synapses.{}] has bounds = [{}, {}]", text, text.empty() ? "" : " and ",
                       set.name, set.bounds.low, set.bounds.high);
}

// "-0.1", "\"0.5/sqrt(pre)\""
std::string scale_text(const Scale& scale) {
    const std::string_view divisor = divisor_of(scale.relative);
    if (divisor.empty()) return fmt::format("{}", scale.factor);
    return fmt::format("\"{}/sqrt({})\"", scale.factor, divisor);
}

// On one side of 0 alone a half of what the set is drawn from, as large as that.
std::string expected_start_of(const SynapseSet& set, const StrengthRange& bounds) {
    const bool above = bounds.low == 0.0 && !bounds.has_high(),
               below = bounds.high == 0.0 && !bounds.has_low();
    if (!above && !below) return expected_start(bounds);
    Scale scale;
    scale.factor = 0.1;
    if (set.init.kind == Initializer::Kind::normal) scale = set.init.scale;
    scale.factor = std::copysign(scale.factor, above ? 1.0 : -1.0);
    return fmt::format("a start within, as init = {{ half_normal = {} }}", scale_text(scale));
}

// A set that nothing changes is checked too: what asks for its bounds says what its strengths are.
void check_start(const Circuit& circuit, const State& state, SynapseSetId id) {
    const StrengthRange bounds = circuit.strength_range(id);
    const SlotId strength = state.program().strength_of(id);
    if (!strength || !bounds.is_limited()) return;
    const Outside outside = count_outside(circuit, state, id, bounds);
    if (outside.count == 0) return;
    reject(where_it_begins(circuit, state.program()[strength], {}),
           fmt::format("{} of {} strengths of \"{}\" begin {}, but {}; expected {}", outside.count,
                       outside.of, circuit[id].name, where_they_begin(bounds),
                       who_asks(circuit, id), expected_start_of(circuit[id], bounds)));
}

// Numbers of each cell that a file has, `what` they are and what they have to be.
void check_numbers(const State& state, const Initializer& init, const RuleQuantity& name,
                   const std::string& what, double most) {
    const SlotId slot = state.program().of_rule(name);
    if (init.kind != Initializer::Kind::file || !slot) return;
    const algebra::Matrix numbers = numbers_of(state, slot);
    const auto outside = std::count_if(numbers.data(), numbers.data() + numbers.size(),
                                       [&](double one) { return !(one > 0.0 && one <= most); });
    if (outside == 0) return;
    reject(
        init.where,
        fmt::format("{} of {} {} of \"{}\" are not above 0{}; expected numbers that are", outside,
                    numbers.size(), what, name.rule, most <= 1.0 ? " and at most 1" : ""));
}

void check_numbers_of_cells(const Circuit& circuit, const State& state) {
    for (const Population& cells : circuit.populations) {
        if (cells.alphas) check_numbers(state, *cells.alphas, {cells.name, "alpha"}, "alphas", 1.0);
    }
    for (const Compartment& one : circuit.compartments) {
        if (one.tau)
            check_numbers(state, *one.tau, {circuit[one.population].name, one.name + "_tau_ms"},
                          fmt::format("time constants of \"{}\"", one.name), no_limit);
    }
}

}  // namespace

void check_starts(const Circuit& circuit, const State& state) {
    check_numbers_of_cells(circuit, state);
    for (std::size_t i = 0; i < circuit.synapses.size(); ++i)
        check_start(circuit, state, SynapseSetId(i));
    for (const Operation& op : state.program().operations) {
        const bool changes_what_was = op.operands[0].access == Access::update;
        if (!op.formula.empty() && changes_what_was) check_start(circuit, state, op);
    }
}

}  // namespace apical
