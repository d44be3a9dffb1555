// What happens where a trial begins, before the task gives the cells anything: rates, voltages and
// what equations keep in cells are set to what [trial] says, then what is remembered of them to
// what they are by then, and what rules keep to 0. All of it are operations of the first phase,
// which take place while trial.begins is 1.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "circuits/anatomy/loss_kind.hpp"
#include "circuits/program/program_builder.hpp"
#include "circuits/program/quantity_path.hpp"

namespace apical {

namespace {

const TrialValue* value_of(const Trials& trials, const Slot& slot) {
    const auto found = std::ranges::find(trials.values, slot.name, &TrialValue::address);
    return found == trials.values.end() ? nullptr : &*found;
}

bool is_remembered(const Slot& slot) {
    return slot.what == What::previous || slot.what == What::axon;
}

// Draws that are made anew for each trial are of single numbers.
void check_drawn_alone(const Initializer& init, const Slot& slot, const Where& where) {
    switch (init.kind) {
        case Initializer::Kind::constant:
        case Initializer::Kind::normal:
        case Initializer::Kind::half_normal:
        case Initializer::Kind::lognormal:
        case Initializer::Kind::uniform:
        case Initializer::Kind::file:
            return;
        case Initializer::Kind::orthogonal:
        case Initializer::Kind::identity:
        case Initializer::Kind::copy:
        case Initializer::Kind::activated_normal:
        case Initializer::Kind::connected:
            break;
    }
    reject(where, fmt::format("\"{}\" cannot be drawn anew for each trial; expected init = normal, "
                              "half_normal, lognormal, uniform or constant, or reset = \"init\"",
                              slot.name));
}

}  // namespace

bool ProgramBuilder::is_made_by(SlotId slot, Asker asker) const {
    return std::ranges::any_of(program_.operations, [&](const Operation& op) {
        return op.operands[0].slot == slot && op.asker == asker && !is_from_outside(op);
    });
}

bool ProgramBuilder::is_kept_over_trials(SlotId slot) const {
    const auto& kept = circuit_.trials->keep;
    return std::ranges::count(lasting_, slot) > 0 ||
           std::ranges::any_of(kept,
                               [&](const auto& one) { return one.first == program_[slot].name; });
}

// "beginning(hidden.r)"
SlotId ProgramBuilder::beginning(SlotId of, const Initializer& init) {
    Slot value = held(What::beginning, of);
    value.name = fmt::format("beginning({})", program_[of].name);
    value.kept = true;
    value.init = init;
    return slot(std::move(value), {});
}

// A variable of cells.
void ProgramBuilder::set_at_beginning(SlotId id) {
    const Trials& trials = *circuit_.trials;
    const Slot now = program_[id];
    SlotId from;
    if (const TrialValue* value = value_of(trials, now)) {
        check_drawn_alone(value->init, now, value->where);
        from = beginning(id, value->init);
    } else if (is_kept_over_trials(id) || trials.reset == Trials::Reset::keep) {
        return;
    } else if (trials.reset != Trials::Reset::zero) {
        const bool is_rate = now.what == What::rate && now.dendrites.empty();
        const Initializer& init = is_rate ? circuit_[now.cells].initial_rate : now.init;
        const bool draws = trials.reset == Trials::Reset::draw && init.is_drawn();
        if (draws) check_drawn_alone(init, now, trials.where);
        from = draws ? beginning(id, init) : at_rest(id);
    }
    Operation op{.kind = Kind::reset, .function = from ? Function::none : Function::zero};
    op.operands = {{id, Access::set}};
    if (from) op.operands.push_back({from});
    append(std::move(op));
}

// What is remembered of a value that a trial begins with, and of what the task gives, is that.
void ProgramBuilder::set_as_source(SlotId id) {
    const SlotId of = program_[id].of;
    if (value_of(*circuit_.trials, program_[id])) return set_at_beginning(id);
    if (is_kept_over_trials(id)) return;
    const bool is_set = std::ranges::any_of(program_.operations, [&](const Operation& op) {
        return op.kind == Kind::reset && op.windows == windows_ && op.operands[0].slot == of;
    });
    const bool is_shown = is_given(of) && circuit_.trials->reset != Trials::Reset::keep;
    if (!is_set && !is_shown) return;
    append({.kind = Kind::reset, .operands = {{id, Access::set}, {of}}});
}

// What rules keep: of a history, what has been since the trial's beginning.
void ProgramBuilder::clear_at_beginning(SlotId id) {
    if (value_of(*circuit_.trials, program_[id])) return set_at_beginning(id);
    if (!circuit_.trials->clears_traces || is_kept_over_trials(id)) return;
    append({.kind = Kind::reset, .function = Function::zero, .operands = {{id, Access::set}}});
}

namespace {

// Throws for an address that a trial's beginning is said to change or to keep, and that is none.
void check_address(const Program& program, const std::string& address, const Where& where,
                   const std::vector<SlotId>& known) {
    std::vector<std::string> names;
    for (const SlotId one : known) names.push_back(program[one].name);
    if (std::ranges::count(names, address) > 0) return;
    reject(where, fmt::format("nothing of the name \"{}\" goes on from trial to trial; known are "
                              "{}.{}",
                              shortened(address), list_of(names), did_you_mean(address, names)));
}

}  // namespace

// Numbers of the present trial, but for the loss, which is that of the last whole one.
void ProgramBuilder::measure_trials() {
    const auto add = [&](std::string_view address, std::string units, const char* what,
                         const char* symbol) {
        const std::string name(address.substr(address.find('.') + 1));
        measured(std::string(address), {.path = std::string(quantity_path::trials) + name,
                                        .units = std::move(units),
                                        .long_name = what,
                                        .symbol = symbol});
    };
    add(clock_name::number, "1", "number of the trial, counted from 1", "K");
    add(clock_name::first_step, "1", "first step of the trial", "k");
    add(clock_name::steps, "1", "steps of the trial", "T");
    add(clock_name::type, "1", "type of the trial", "c");
    if (circuit_.has_loss())
        add(clock_name::loss, loss_kind(judged_by(circuit_)).units,
            "mean loss of a trial, over its steps that counted", "L");
}

void ProgramBuilder::add_trials() {
    if (!circuit_.trials) return;
    const Trials& trials = *circuit_.trials;
    begin(PhaseId(0), "trial", trials.where);
    measure_trials();
    only_in(clock(clock_name::begins));
    clock(clock_name::ends);
    iterations_ = 1;
    std::vector<SlotId> of_cells, remembered, of_rules;
    for (std::size_t i = 0; i < program_.slots.size(); ++i) {
        const SlotId id(i);
        const Slot& slot = program_[id];
        const bool is_kept = slot.what == What::tag || slot.what == What::history ||
                             (slot.what == What::of_rule && slot.kept);
        const bool may_begin = slot.what == What::rate || slot.what == What::voltage ||
                               slot.what == What::drive || is_kept;
        if (is_remembered(slot)) remembered.push_back(id);
        if (!may_begin || (is_given(id) && !is_kept)) continue;
        if (is_kept && is_made_by(id, Asker::rule))
            of_rules.push_back(id);
        else if (slot.what != What::tag && is_made_by(id, Asker::circuit))
            of_cells.push_back(id);
    }
    for (const SlotId id : of_cells) set_at_beginning(id);
    for (const SlotId id : remembered) set_as_source(id);
    for (const SlotId id : of_rules) clear_at_beginning(id);
    of_cells.insert(of_cells.end(), remembered.begin(), remembered.end());
    of_cells.insert(of_cells.end(), of_rules.begin(), of_rules.end());
    for (const TrialValue& one : trials.values)
        check_address(program_, one.address, one.where, of_cells);
    for (const auto& [address, where] : trials.keep)
        check_address(program_, address, where, of_cells);
}

}  // namespace apical
