#include "circuits/program/program_builder.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "circuits/anatomy/loss_kind.hpp"
#include "circuits/program/check_shapes.hpp"
#include "circuits/program/formula_builder.hpp"
#include "circuits/program/order_program.hpp"
#include "circuits/program/quantity_path.hpp"
#include "circuits/program/reward_names.hpp"

namespace apical {

namespace {

std::string window_name(const Circuit& circuit, WindowId window) {
    return fmt::format("{}{}", clock_name::window, circuit[window].name);
}

std::vector<ActivationFormulas> formulas_of_activations(const Circuit& circuit) {
    std::vector<ActivationFormulas> all;
    Mistakes mistakes;
    for (const WrittenActivation& one : circuit.activations)
        mistakes.attempt([&] { all.push_back(formulas_of(one)); });
    mistakes.reject_any();
    return all;
}

}  // namespace

ProgramBuilder::ProgramBuilder(const Circuit& circuit)
    : circuit_(circuit), activations_(formulas_of_activations(circuit)) {
    for (const Phase& phase : circuit.phases) program_.phase_names.push_back(phase.name);
    add_numbers_of_cells();
    for (std::size_t p = 0; p < circuit.phases.size() && !circuit.groups.empty(); ++p) {
        const PhaseGroup* group = circuit.group_of(PhaseId(p));
        program_.turns.push_back({circuit.first_in_turn(PhaseId(p)), group ? group->repeat : 1});
    }
    for (std::size_t i = 0; i < circuit.windows.size(); ++i) window(WindowId(i));
    if (!circuit.has_loss()) return;
    slot({.name = "loss", .what = What::loss}, {.path = std::string(quantity_path::loss),
                                                .units = loss_kind(judged_by(circuit)).units,
                                                .long_name = "loss of the step, before any change",
                                                .symbol = "L"});
}

void ProgramBuilder::begin(PhaseId phase, std::string asked_by, Where where, Asker asker) {
    phase_ = phase;
    asker_ = asker;
    where_ = std::move(where);
    asked_by_ = std::move(asked_by);
    statement_.clear();
    every_ = 1;
    iterations_ = 1;
    windows_.clear();
    if (asker == Asker::circuit) in_each_iteration();
}

void ProgramBuilder::append(Operation op) {
    op.phase = phase_;
    op.where = where_;
    op.asked_by = asked_by_;
    op.statement = statement_;
    op.asker = asker_;
    op.every = every_;
    op.windows = windows_;
    const bool is_given = op.kind == Kind::inject || is_gate_of_timetable(op);
    // Between the phases of a group gates move in each iteration.
    const bool moves = is_gate_of_timetable(op) && program_.is_in_group(phase_);
    op.iterations = is_given && !moves ? 1 : iterations_;
    // In a step in which a phase is not carried out its gates move and its time passes.
    if (phase_ && !is_given && op.kind != Kind::relax) place_in_steps(op);
    program_.operations.push_back(std::move(op));
}

// A rule's quantity has another address than a compartment, as "hidden.apical" of a rule that is
// labelled like a population; and no two quantities have one dataset, as a state "previous_x" and
// what previous(x) keeps would.
void ProgramBuilder::check_free(const Slot& slot, const Quantity& quantity) const {
    if (slot.what == What::of_rule && circuit_.find_compartment(slot.name))
        reject(where_, fmt::format("[{}] makes \"{}\", which is a compartment; expected another "
                                   "name for one of the two",
                                   asked_by_, slot.name));
    const auto other = std::find_if(program_.quantities.begin(), program_.quantities.end(),
                                    [&](const Quantity& one) { return one.path == quantity.path; });
    if (quantity.path.empty() || other == program_.quantities.end()) return;
    reject(where_, fmt::format("[{}] makes \"{}\" beside \"{}\", and both would be \"{}\" in a run "
                               "file; expected another name for one of the two",
                               asked_by_, slot.name, other->address, quantity.path));
}

void ProgramBuilder::place_in_steps(Operation& op) const {
    const Phase& phase = circuit_[op.phase];
    if (phase.window) op.windows.push_back(program_.clock_of(window_name(circuit_, phase.window)));
    if (phase.steps.is_each()) return;
    if (op.every != 1) {
        reject(op.where, fmt::format("[{}] takes place every {} steps of its own, in phase \"{}\" "
                                     "that is not carried out in each step; expected another phase",
                                     op.asked_by, op.every, phase.name));
    }
    op.every = phase.steps.period;
    op.first = phase.steps.first;
    op.last = phase.steps.last;
}

bool ProgramBuilder::is_made(SlotId slot) const {
    return std::any_of(program_.operations.begin(), program_.operations.end(),
                       [&](const Operation& op) {
                           return op.operands[0].slot == slot && op.phase == phase_ &&
                                  op.kind != Kind::intervene && op.iterations >= iterations_;
                       });
}

void ProgramBuilder::check_own_use(SynapseSetId set) const {
    if (circuit_.own_use(set)) return;
    reject(where_,
           fmt::format("[{}] needs the rate that \"{}\" carries, but the set has no use of its "
                       "own; expected the key \"during\" in [synapses.{}]",
                       asked_by_, circuit_[set].name, circuit_[set].name));
}

PhaseId ProgramBuilder::made_anew(SynapseSetId set, PhaseId of, PhaseId until) const {
    const SynapseUse* own = circuit_.own_use(set, of);
    // What acts once acts behind all phases that are iterated in turn.
    if (until && iterations_ == 1) until = circuit_.last_in_turn(until);
    const std::vector<Operation>& all = program_.operations;
    const auto use = std::find_if(all.begin(), all.end(), [&](const Operation& op) {
        return own && op.kind == Kind::transmit && !op.reverse && op.phase == own->phase &&
               op.operands.size() == 3 && program_[op.operands[2].slot].what == What::strength &&
               program_[op.operands[2].slot].synapses == set &&
               program_[op.operands[0].slot].compartment == own->target;
    });
    if (use == all.end()) return {};
    // An unset phase is behind all others.
    const bool is_behind = own->phase <= until;
    const auto first = is_behind ? std::next(use) : all.begin(), last = is_behind ? all.end() : use;
    const auto made = std::find_if(first, last, [&](const Operation& op) {
        return op.phase && op.operands[0].slot == use->operands[1].slot &&
               op.kind != Kind::intervene && (op.phase <= until) == is_behind;
    });
    if (made != last) return made->phase;
    return set_back_between(use->operands[1].slot, own->phase, until);
}

SlotId ProgramBuilder::presynaptic(SynapseSetId set) {
    check_own_use(set);
    const SynapseUse& own = *circuit_.own_use(set, phase_);
    if (const PhaseId made = made_anew(set, phase_, phase_)) {
        reject(where_, fmt::format("[{}] needs what \"{}\" carries in phase \"{}\", but \"{}\" "
                                   "makes it anew in phase \"{}\"; expected during = \"{}\"",
                                   asked_by_, circuit_[set].name, circuit_[own.phase].name,
                                   circuit_[own.source].name, circuit_[made].name,
                                   circuit_[own.phase].name));
    }
    return carried(own);
}

SlotId ProgramBuilder::clock(std::string_view name) {
    return slot({.name = std::string(name),
                 .what = What::clock,
                 .quantity = std::string(name),
                 .where = circuit_.trials->where},
                {.path = quantity_path::of_clock(name),
                 .long_name = name.starts_with(clock_name::of_task)
                                  ? fmt::format("{} of the trial", name)
                                  : fmt::format("1 while {} holds, else 0", name),
                 .symbol = "1"});
}

SlotId ProgramBuilder::window(WindowId id) { return clock(window_name(circuit_, id)); }

void ProgramBuilder::only_where_loss_counts() { only_in(clock(clock_name::counts)); }

SlotId ProgramBuilder::slope(CompartmentId c) {
    const Population& cells = circuit_[circuit_[c].population];
    if (cells.activation == Activation::softmax) {
        reject(where_,
               fmt::format(
                   "[{}] needs the slope of each cell's activation; the softmax of \"{}\" has none",
                   asked_by_, cells.name));
    }
    if (cells.spikes) {
        reject(where_, fmt::format("[{}] needs the slope of an activation, but \"{}\" spikes; "
                                   "expected a rule that reads post.slope",
                                   asked_by_, cells.name));
    }
    for (std::size_t p = 0; p < circuit_.phases.size(); ++p) {
        const std::vector<CompartmentId> open =
            circuit_.open_compartments(circuit_[c].population, PhaseId(p));
        if (open.size() < 2 || open.front() != c) continue;
        reject(
            where_,
            fmt::format("[{}] needs the slope at \"{}\" alone, but \"{}\" drives firing with it in "
                        "phase \"{}\"",
                        asked_by_, circuit_.full_name(c), circuit_.full_name(open[1]),
                        circuit_.phases[p].name));
    }
    const SlotId v = voltage(c);
    const SlotId result = slope_slot(c);
    if (!is_made(result)) append_slope(circuit_[c].population, v, result);
    return result;
}

void ProgramBuilder::append_slope(PopulationId id, SlotId v, SlotId result) {
    const Population& cells = circuit_[id];
    if (!cells.written)
        return append({.kind = Kind::cellwise,
                       .function = Function::slope,
                       .activation = cells.activation,
                       .operands = {{result, Access::set}, {v}}});
    const Formula& slope = activations_[cells.written.value].slope;
    FormulaBuilder b;
    std::vector<SlotId> all = {v}, read;
    for (const SlotId number : numbers_of_activation(id)) all.push_back(number);
    std::vector<std::uint16_t> at(all.size());
    for (std::size_t place = 0; place < all.size(); ++place) {
        if (!reads(slope, place)) continue;
        read.push_back(all[place]);
        at[place] = b.operand(static_cast<std::uint16_t>(read.size()), Index::post);
    }
    const std::uint16_t value = b.composed(slope, at);
    set_formula(result, b.formula(value), read);
}

void ProgramBuilder::inject(PopulationId population) {
    append({.kind = Kind::inject,
            .function = circuit_[population].firing ? Function::spike : Function::none,
            .operands = {{rate(population), Access::set}}});
}

Access ProgramBuilder::first_into(SlotId target) const {
    return is_made(target) ? Access::increment : Access::set;
}

void ProgramBuilder::transmit(const SynapseUse& use) {
    if (use.own && circuit_[use.set].short_term) release(use);
    const SlotId target = use.gate ? gate_drive(use.gate) : drive(use.target);
    append({.kind = Kind::transmit,
            .reverse = use.reverse,
            .operands = {{target, first_into(target)}, {carried(use)}, {strength(use.set)}}});
}

void ProgramBuilder::transmit_one_to_one(SlotId source, CompartmentId compartment, double gain) {
    const SlotId target = drive(compartment);
    append({.kind = Kind::transmit,
            .operands = {{target, first_into(target)}, {source}},
            .gain = gain});
}

void ProgramBuilder::transmit(const Wire& wire) {
    const SlotId source = carried(wire),
                 target = wire.clamps ? voltage(wire.target) : drive(wire.target);
    if (wire.window) {  // outside of it nothing arrives
        if (first_into(target) == Access::set) silence(wire.target);
        only_in(window(wire.window));
    }
    append({.kind = Kind::transmit,
            .operands = {{target, wire.clamps ? Access::set : first_into(target)}, {source}},
            .gain = wire.gain,
            .first_cell = wire.first_cell});
}

// What has been made inside the cells is what they fire.
void ProgramBuilder::emit(PopulationId population, GateId through) {
    const Compartment& dendrite = circuit_[circuit_[through].compartment];
    const SlotId emitted =
        program_.of_rule({circuit_[population].name, emitted_quantity(dendrite.name)});
    append({.kind = Kind::fire,
            .operands = {{rate_in(population, phase_), Access::set}, {emitted}, {gate(through)}},
            .gated = {true},
            .retain = 0.0});
}

void ProgramBuilder::fire(PopulationId population) {
    if (const GateId through = circuit_.emitting_gate(population, phase_))
        return emit(population, through);
    const Population& cells = circuit_[population];
    const std::vector<CompartmentId> open = circuit_.open_compartments(population, phase_);
    // A dendrite alone makes the cells fire phi(u) at once; the soma integrates with alpha.
    const bool is_soma = circuit_.is_soma(open.front()), is_own = is_soma && cells.alphas;
    const double alpha = is_soma && !is_own ? cells.alpha : 1.0;
    Operation op{
        .kind = Kind::fire, .activation = cells.activation, .retain = 1.0 - alpha, .gain = alpha};
    if (cells.written) op.formula = activations_[cells.written.value].value;
    op.operands = {
        {rate_in(population, phase_), alpha < 1.0 || is_own ? Access::update : Access::set}};
    for (const CompartmentId c : circuit_[population].compartments) {
        if (!circuit_.may_be_open(c, phase_)) continue;
        op.operands.push_back({voltage(c)});
        const GateId interneuron = circuit_[c].gate;
        op.gated.push_back(bool(interneuron));
        if (interneuron) op.operands.push_back({gate(interneuron)});
    }
    const std::size_t numbers = op.formula.empty() ? 0 : places_of(op.formula) - 1;
    for (std::size_t k = 0; k < numbers; ++k)
        op.operands.push_back({numbers_of_activation(population)[k]});
    if (is_own) op.operands.push_back({this->alpha(population)});
    append(std::move(op));
}

void ProgramBuilder::readout(PopulationId population) {
    append({.kind = Kind::readout,
            .operands = {{rate(population), Access::set}, {voltage(circuit_.soma(population))}}});
}

void ProgramBuilder::leave_winners(PopulationId id) {
    const Population& cells = circuit_[id];
    if (cells.winners == 0) return;
    const SlotId rates = rate(id);
    append(
        {.kind = Kind::readout,
         .function = Function::winners,
         .operands = {{rates, Access::update}, {cells.spikes ? voltage(circuit_.soma(id)) : rates}},
         .weights = {static_cast<double>(cells.winners)},
         .where = cells.where_winners});
}

Program ProgramBuilder::finish() && {
    add_trials();
    for (std::size_t p = 0; p < circuit_.phases.size(); ++p) set_back(PhaseId(p));
    add_rate_quantities();
    add_bounds();
    add_scaling();
    add_lesions();
    check_shapes(program_);
    order_program(program_, circuit_);
    return std::move(program_);
}

}  // namespace apical
