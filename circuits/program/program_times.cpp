// The slots of values of other times than now, and the signals that addresses name.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "circuits/program/program_builder.hpp"
#include "circuits/program/quantity_path.hpp"

namespace apical {

// "/state/hidden/apical/voltage" -> "/state/hidden/apical/previous_voltage". A rate's own quantity
// is made last, when it is known which slot holds it in which phase.
Quantity ProgramBuilder::quantity_of_time(std::string_view time, std::string_view in_words,
                                          SlotId of) const {
    for (const Quantity& q : program_.quantities) {
        if (q.slots.front() != of) continue;
        return {.path = quantity_path::of_time(time, q.path),
                .long_name = fmt::format("{} {}", in_words, q.long_name),
                .symbol = q.symbol};
    }
    const Slot& rate = program_[of];
    std::string cells = circuit_[rate.cells].name;
    if (!rate.dendrites.empty()) cells += '/' + joined_names(rate.dendrites);
    return {.path = quantity_path::of_time(
                time, quantity_path::of_population(cells, quantity_path::rate)),
            .long_name = fmt::format("{} firing rate {}", in_words, rate.name),
            .symbol = "r"};
}

// What the task gives, or nothing changes, is the same all through a step.
bool ProgramBuilder::is_given(SlotId slot) const {
    const PopulationId cells = program_[slot].cells;
    return cells && is_set_from_outside(circuit_[cells].role);
}

// A value of another time, which is made in each step and needs a name.
Slot ProgramBuilder::held(What what, SlotId of) const {
    Slot value = program_[of];
    value.what = what;
    value.of = of;
    value.kept = false;
    value.init = {};
    return value;
}

SlotId ProgramBuilder::before(SlotId of, PhaseId phase) {
    if (is_given(of) || program_[of].what == What::previous) return of;
    Slot value = held(What::before, of);
    value.name = before_address(value.name);
    Quantity quantity = quantity_of_time("before", "before the iteration, the", of);
    quantity.by_phase = true;
    const SlotId id = slot(std::move(value), std::move(quantity));
    // In a group, what was before all its phases of this iteration.
    remember_in(circuit_.first_in_turn(phase), id, of, circuit_.iterations_of(phase));
    return id;
}

SlotId ProgramBuilder::at_end(SlotId of, PhaseId phase) {
    if (is_given(of)) return of;
    const std::string& name = circuit_[phase].name;
    Slot value = held(What::at_end, of);
    value.name = at_end_address(name, value.name);
    value.phase = phase;
    Quantity quantity =
        quantity_of_time("end_of_" + name, fmt::format("at the end of phase {}, the", name), of);
    const SlotId id = slot(std::move(value), std::move(quantity));
    // In a group the next iteration goes on behind the phase: that of the last one stays.
    remember_in(phase, id, of, circuit_.group_of(phase) ? circuit_.iterations_of(phase) : 1);
    return id;
}

// What it was before the first step; unset of what was 0.
SlotId ProgramBuilder::at_rest(SlotId of) {
    const Slot& now = program_[of];
    const bool is_rate = now.what == What::rate && now.dendrites.empty();
    const Initializer& init = is_rate ? circuit_[now.cells].initial_rate : now.init;
    const bool is_zero = init.kind == Initializer::Kind::constant && init.scale.factor == 0.0;
    if (is_zero || (!is_rate && !now.kept)) return {};
    Slot value = held(What::at_rest, of);
    value.name = fmt::format("rest({})", now.name);
    value.kept = true;
    value.init = init;
    return slot(std::move(value), {});
}

// Rates, voltages and their drives, and what equations keep inside cells; not what is given.
bool ProgramBuilder::is_variable_of_cells(SlotId id) const {
    const Slot& slot = program_[id];
    if (!slot.cells || slot.shape != Shape::per_cell || is_given(id)) return false;
    const bool is_kept =
        slot.what == What::of_rule && slot.kept && slot.rule == circuit_[slot.cells].name;
    return is_kept || slot.what == What::rate || slot.what == What::voltage ||
           slot.what == What::drive;
}

// A number that cells have from the start, which nothing in the circuit changes: a threshold, a
// bias, an alpha, a time constant. None of them is set back: a reset would be their only writer.
bool ProgramBuilder::is_number_of_cells(SlotId id) const {
    return program_[id].what == What::of_rule && !is_made_by(id, Asker::circuit) &&
           !is_made_by(id, Asker::rule);
}

// When all slots are there.
void ProgramBuilder::set_back(PhaseId id) {
    const Phase& phase = circuit_[id];
    if (!phase.sets_back()) return;
    begin(id, "phase." + phase.name, phase.where);
    iterations_ = 1;
    for (std::size_t i = 0, count = program_.slots.size(); i < count; ++i) {
        if (!is_variable_of_cells(SlotId(i)) || is_number_of_cells(SlotId(i))) continue;
        const SlotId from =
            phase.begins_as ? at_end(SlotId(i), phase.begins_as) : at_rest(SlotId(i));
        Operation op{.kind = Kind::reset, .function = from ? Function::none : Function::zero};
        op.operands = {{SlotId(i), Access::set}};
        if (from) op.operands.push_back({from});
        append(std::move(op));
    }
}

// The first phase behind one of these and no later than the other that begins with another value
// of what a set carries than the earlier one ends with.
PhaseId ProgramBuilder::set_back_between(SlotId carried, PhaseId use, PhaseId until) const {
    const auto [from, to] = std::minmax(use, until);
    for (std::size_t p = 0; p < circuit_.phases.size() && is_variable_of_cells(carried); ++p) {
        const Phase& phase = circuit_.phases[p];
        const bool goes_on = !phase.sets_back() || (phase.begins_as && phase.begins_as >= from);
        if (PhaseId(p) > from && PhaseId(p) <= to && !goes_on) return PhaseId(p);
    }
    return {};
}

Operation ProgramBuilder::remembering(SlotId held, SlotId of) const {
    return {.kind = Kind::remember,
            .operands = {{held, Access::set}, {of}},
            .where = where_,
            .asked_by = asked_by_,
            .asker = asker_};
}

// Once in a phase, whoever asks.
void ProgramBuilder::remember_in(PhaseId phase, SlotId held, SlotId of, int iterations) {
    const bool is_there = std::any_of(
        program_.operations.begin(), program_.operations.end(),
        [&](const Operation& op) { return op.phase == phase && op.operands[0].slot == held; });
    if (is_there) return;
    Operation op = remembering(held, of);
    op.phase = phase;
    op.iterations = iterations;
    op.windows.clear();
    place_in_steps(op);
    program_.operations.push_back(std::move(op));
}

SlotId ProgramBuilder::previous(SlotId of) {
    Slot lagged = program_[of];
    if (lagged.cells && circuit_[lagged.cells].role == Role::constant) return of;
    if (lagged.what == What::previous) {
        reject(where_,
               fmt::format(
                   "[{}] asks for the value of \"{}\" a step ago; nothing is kept for two steps",
                   asked_by_, lagged.name));
    }
    if (const SlotId known = program_.previous_of(of)) return known;
    lagged.name = previous_address(lagged.name);
    lagged.what = What::previous;
    lagged.of = of;
    const SlotId id = slot(lagged, quantity_of_time("previous", "last step's", of));
    program_.operations.push_back(remembering(id, of));
    return id;
}

SlotId ProgramBuilder::axon(SlotId of, int steps) {
    const Slot& now = program_[of];
    if (now.cells && circuit_[now.cells].role == Role::constant) return of;
    if (const SlotId known = program_.axon_of(of, steps)) return known;
    Slot end = held(What::axon, of);
    end.name = axon_address(now.name, steps);
    end.line = steps;
    const SlotId id =
        slot(std::move(end),
             quantity_of_time(fmt::format("axon_{}", steps),
                              fmt::format("at the end of axons of {} steps, the", steps), of));
    Operation op = remembering(id, of);
    op.kind = Kind::conduct;
    op.operands[0].access = Access::update;
    op.lag = steps;
    program_.operations.push_back(std::move(op));
    return id;
}

// "hidden.held", which equations inside the cells of a population keep or make.
SlotId ProgramBuilder::kept_in_cells(std::string_view address) const {
    const SlotId found = program_.find(address);
    if (!found) return {};
    const Slot& slot = program_[found];
    const bool is_kept = slot.what == What::of_rule && slot.shape == Shape::per_cell &&
                         slot.cells == circuit_.find_population(slot.rule);
    return is_kept ? found : SlotId{};
}

SlotId ProgramBuilder::signal(const Text& address) {
    const TimedAddress timed = timed_address(address.text);
    SlotId now = kept_in_cells(timed.now);
    if (!now) {
        const Signal named = resolve_signal(circuit_, address);
        now = named.voltage ? voltage(named.voltage) : rate(named.rate);
    }
    switch (timed.time) {
        case SignalTime::now:
            return now;
        case SignalTime::previous:
            return previous(now);
        case SignalTime::before:
            if (phase_) return before(now, phase_);
            reject(address.where,
                   fmt::format("\"{}\" is of an iteration of a phase, and [{}] reads "
                               "it at the step's end",
                               shortened(address.text), asked_by_));
        case SignalTime::at_end:
            return at_end(now, resolve_end(circuit_, timed, address.where));
    }
    return {};
}

}  // namespace apical
