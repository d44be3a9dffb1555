#include "learning_rules/lowering/names_in_circuit.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <utility>

#include "circuits/anatomy/loss_kind.hpp"
#include "learning_rules/lowering/beyond_words.hpp"

namespace apical {

const SlotId NamesInCircuit::own{std::size_t{UINT32_MAX - 1}};

NamesInCircuit::NamesInCircuit(ProgramBuilder& program, const Binding& binding,
                               const TextRule& rule)
    : program_(program),
      circuit_(program.circuit()),
      binding_(binding),
      rule_(rule),
      post_(postsynaptic(program, binding, rule.name)),
      set_(binding.cells ? SynapseSetId{} : binding.synapses.front()),
      names_(rule) {}

void NamesInCircuit::begin(const Statement& statement, SynapseSetId set) {
    statement_ = &statement;
    set_ = set;
}

void NamesInCircuit::turn_to(SynapseSetId set) {
    statement_ = nullptr;
    set_ = set;
}

PopulationId NamesInCircuit::cells(Place place) const {
    const bool of_pre = place == Place::pre || place == Place::pairs_of_pre;
    return of_pre ? circuit_[set_].pre : post_;
}

RuleQuantity NamesInCircuit::quantity(std::string_view name, Place place,
                                      std::string_view symbol) const {
    if (place != Place::pre && place != Place::pairs_of_pre)
        return binding_.signal_name(name, symbol);
    return binding_.signal_name(fmt::format("{}({})", name, circuit_[set_].name),
                                symbol.empty() ? name : symbol);
}

double NamesInCircuit::parameter(const Parameter& declared) const {
    if (!rule_.of_cells && binding_.options.has(declared.name))
        return binding_.options.number(declared.name);
    return declared.default_value.value();
}

// The rate of an optimiser is none of the equations'.
bool NamesInCircuit::is_set(const Intervention& event) const {
    if (rule_.of_cells) return event.sets_number_in(binding_.label, rule_.name);
    return event.sets_number_of(binding_.label, false) &&
           !(binding_.is_optimised && event.number == learning_rate.name);
}

// One that an event sets is a number of the program, made anew whenever the rule acts.
SlotId NamesInCircuit::set_parameter(std::string_view name) const {
    for (const Intervention& event : circuit_.interventions) {
        if (is_set(event) && event.number == name)
            return program_.so_far().of_rule(quantity(name, Place::all));
    }
    return {};
}

void NamesInCircuit::reject_here(const Expression& at, const std::string& why) const {
    const std::string told = statement_ ? with_character(why, at.where, *statement_) : why;
    reject(at.where, fmt::format("rule \"{}\": {}", rule_.name, told));
}

// ---- expressions

Part NamesInCircuit::part_of(const Expression& e) {
    if (e.symbol == Symbol::number) return number_part(e.number, &e);
    if (e.symbol == Symbol::name) return named(e);
    if (e.symbol == Symbol::call) return call(e);
    std::vector<Part> of;
    for (const Expression& one : e.of) of.push_back(part_of(one));
    Part made;
    const bool divides_by_0 = e.symbol == Symbol::divide && of[0].symbol != Symbol::number &&
                              of[1].symbol == Symbol::number && of[1].number == 0.0;
    if (divides_by_0) {
        reject_here(e, fmt::format("\"{}\" divides by \"{}\", which is 0", shortened(to_text(e)),
                                   shortened(to_text(e.of[1]))));
    }
    if (e.symbol == Symbol::negative) {
        made = of[0].symbol == Symbol::number
                   ? number_part(-of[0].number, &e)
                   : made_part(Symbol::multiply, {number_part(-1.0), of[0]}, &e);
    } else {
        made = made_part(e.symbol, std::move(of), &e);
    }
    if (made.symbol == Symbol::number && !std::isfinite(made.number))
        reject_here(e, fmt::format("\"{}\" is no finite number", shortened(to_text(e))));
    return made;
}

Part NamesInCircuit::call(const Expression& e) {
    const Expression& first = e.of[0];
    if (e.name == "previous") {
        const std::optional<Meaning> meaning = names_.find(first.name);
        if (meaning && meaning->source == Source::loss && circuit_.has_loss())
            return slot_part(program_.previous(program_.so_far().loss()), Place::all, &e);
        if (rule_.of_cells && meaning && meaning->source == Source::voltage) {
            const SlotId v = program_.voltage(compartment(first, *meaning));
            return slot_part(last_step_of(e, v), meaning->place, &e);
        }
        if (meaning && meaning->source == Source::carried)
            return slot_part(last_step_of(e, carried_last_step(e)), Place::pre, &e);
        const Part of = part_of(first);
        // A rate that is not yet made in the step is last step's already.
        const bool is_rate = meaning && meaning->source == Source::rate;
        if (rule_.of_cells && is_rate) {
            const Slot& rate = program_.so_far()[of.slot];
            const bool is_previous = rate.what == What::previous;
            const SlotId now = rate.what == What::before ? rate.of : of.slot;
            return slot_part(is_previous ? of.slot : program_.previous(now), of.place, &e);
        }
        return slot_part(last_step_of(e, actual(of.slot)), of.place, &e);
    }
    // Rules share the slope at a voltage, to which equations inside cells may yet add.
    if (!rule_.of_cells && e.name == "slope" && first.symbol == Symbol::name) {
        const std::optional<Meaning> meaning = names_.find(first.name);
        if (meaning && meaning->source == Source::voltage)
            return slot_part(program_.slope(compartment(first, *meaning)), meaning->place, &e);
    }
    if (e.name == "gather") return over_synapses(e);
    std::vector<Part> of;
    for (const Expression& one : e.of) of.push_back(part_of(one));
    // dot multiplies by what its matrix is before a statement that changes the matrix.
    if (e.name == "dot") of[0].slot = actual(of[0].slot);
    check_bounds(e, of);
    Part made = call_part(e.name, std::move(of), &e);
    if (made.symbol == Symbol::number && !std::isfinite(made.number))
        reject_here(e, fmt::format("\"{}\" is no finite number", shortened(to_text(e))));
    return made;
}

void NamesInCircuit::check_bounds(const Expression& e, const std::vector<Part>& of) const {
    if (e.name != "clip" || of[1].symbol != Symbol::number || of[2].symbol != Symbol::number)
        return;
    if (of[1].number <= of[2].number) return;
    reject_here(e, fmt::format("\"{}\" has the bounds {} and {}, between which there is no number; "
                               "expected the smaller one first, as in clip(x, low, high)",
                               shortened(to_text(e)), of[1].number, of[2].number));
}

// A sum is made before the statement's own target changes, so it reads that as any other name.
Part NamesInCircuit::over_synapses(const Expression& e) {
    const bool within = std::exchange(over_synapses_, true);
    Part sum = call_part(e.name, {part_of(e.of[0])}, &e);
    over_synapses_ = within;
    sum.slot = program_.strength(set_);
    return sum;
}

Part NamesInCircuit::named(const Expression& e) {
    const std::optional<Meaning> found = names_.find(e.name);
    if (!found) throw std::logic_error("an unchecked name: " + e.name);
    const Meaning& meaning = *found;
    if (statement_ && e.name == statement_->target && !over_synapses_)
        return slot_part(own, meaning.place, &e);
    switch (meaning.source) {
        case Source::strength:
            return slot_part(program_.strength(set_), Place::synapse, &e);
        case Source::carried:
            return slot_part(carried(e), Place::pre, &e);
        case Source::rate:
            return slot_part(rate(e, meaning), Place::post, &e);
        case Source::voltage:
            return slot_part(voltage(e, meaning), meaning.place, &e);
        case Source::alpha:
        case Source::slope:
        case Source::adaptation:
        case Source::share:
        case Source::conductance:
        case Source::drive:
            return of_cells(e, meaning);
        case Source::step:
            return number_part(program_.ms_between(), &e);
        case Source::loss:
            return slot_part(loss(e), Place::all, &e);
        case Source::parameter:
            if (const SlotId number = set_parameter(e.name))
                return slot_part(number, Place::all, &e);
            return number_part(parameter(*rule_.find_parameter(e.name)), &e);
        case Source::state:
            return slot_part(state(*rule_.find_state(e.name)), meaning.place, &e);
        case Source::signal:
        case Source::made: {
            Part part = bound(e.name);
            part.text = &e;
            return part;
        }
    }
    return {};
}

// ---- names that the rule declares or makes

void NamesInCircuit::bind(const std::string& name, Part part) {
    const bool of_all = part.place == Place::post || part.place == Place::all;
    names_.make(name, part.place, 0.0);
    bound_.push_back({name, of_all ? SynapseSetId{} : set_, std::move(part)});
}

const Part& NamesInCircuit::bound(std::string_view name) const {
    const auto found = std::find_if(bound_.begin(), bound_.end(), [&](const Bound& one) {
        return one.name == name && (!one.set || one.set == set_);
    });
    if (found == bound_.end()) throw std::logic_error(fmt::format("\"{}\" has no slot", name));
    return found->part;
}

SlotId NamesInCircuit::slot_of(std::string_view name) const { return bound(name).slot; }

SlotId NamesInCircuit::state(const StateDeclaration& declared) {
    if (declared.drawn != Drawn::no) return drawn(declared);
    if (declared.at == Place::synapse)
        return program_.tag(set_, declared.name, declared.init, declared.symbol);
    if (is_of_pairs(declared.at))
        return program_.pairs(cells(declared.at),
                              quantity(declared.name, declared.at, declared.symbol), declared.init);
    if (!is_in_cells(declared.at))
        return program_.state({}, quantity(declared.name, declared.at, declared.symbol),
                              declared.init);
    return program_.state(cells(declared.at), quantity(declared.name, declared.at, declared.symbol),
                          declared.init);
}

SlotId NamesInCircuit::slot_of_own() {
    const std::string& target = statement_->target;
    if (target.find('.') != std::string::npos) {
        const Expression name{.symbol = Symbol::name, .name = target, .where = statement_->where};
        return voltage(name, *names_.find(target));
    }
    if (target == "w") return program_.strength(set_);
    if (const StateDeclaration* declared = rule_.find_state(target)) return state(*declared);
    return program_.tag(set_, target);
}

// ---- names of the circuit

// It is made behind the operations of its phase, the first in which the output fires.
SlotId NamesInCircuit::loss(const Expression& e) {
    if (!circuit_.has_loss())
        reject_here(e,
                    fmt::format("there is no \"loss\": the circuit has {}", why_no_loss(circuit_)));
    const std::vector<PhaseId> phases = circuit_.loss_phases();
    std::size_t made = phases.empty() ? circuit_.phases.size() : phases.front().value;
    // In a group it is made in the last iteration.
    if (made < circuit_.phases.size()) made = circuit_.last_in_turn(PhaseId(made)).value;
    const PhaseId now = program_.phase();
    if (!now || now.value > made) return program_.so_far().loss();
    const std::string& phase = circuit_.phases.at(std::min(made, circuit_.phases.size() - 1)).name;
    const bool is_last = made + 1 >= circuit_.phases.size();
    reject_here(e, fmt::format("\"loss\" is made at the end of phase \"{}\", and the rule takes "
                               "place in \"{}\"; expected {}",
                               phase, circuit_[now].name,
                               is_last ? "a phase behind it, or previous(loss)"
                                       : fmt::format("during = \"{}\" or later",
                                                     circuit_.phases[made + 1].name)));
}

// The slot of what the set carries in its own use, which holds it until the cells fire again.
SlotId NamesInCircuit::carried(const Expression& e) {
    program_.check_own_use(set_);
    const PhaseId made = program_.made_anew(set_, program_.phase(), program_.phase());
    if (!made) return program_.presynaptic(set_);
    const SynapseUse& use = *circuit_.own_use(set_, program_.phase());
    const std::string& phase = circuit_[use.phase].name;
    const bool no_phase_has_it = made == use.phase && use.phase <= program_.phase();
    reject_here(
        e, fmt::format("\"{}\" is what \"{}\" carries in phase \"{}\", but \"{}\" makes it anew "
                       "in phase \"{}\", and [plasticity.{}] takes place in \"{}\"; expected {}a "
                       "signal of pre cells, bound to \"{}\" or to what [dynamics.*] holds",
                       e.name, circuit_[set_].name, phase, circuit_[use.source].name,
                       circuit_[made].name, binding_.label, circuit_[program_.phase()].name,
                       no_phase_has_it ? "" : fmt::format("during = \"{}\", or ", phase),
                       rate_address(circuit_[use.source].name)));
}

// Equations inside cells take place within a phase: what it has yet to transmit is not there.
SlotId NamesInCircuit::voltage(const Expression& e, const Meaning& meaning) {
    const CompartmentId of = compartment(e, meaning);
    const SlotId v = program_.voltage(of);
    if (!rule_.of_cells || program_.is_made(v)) return v;
    if (circuit_.is_driven(of, program_.phase()))
        reject_here(e,
                    fmt::format("the phase \"{}\" transmits into \"{}\" behind these equations; "
                                "expected an earlier phase for what it transmits there, when = "
                                "\"after firing\", or previous({})",
                                circuit_[program_.phase()].name, circuit_.full_name(of), e.name));
    if (statement_->target == e.name)
        reject_here(e, fmt::format("nothing drives \"{}\" in phase \"{}\", so that what is added "
                                   "would add up; expected a phase that transmits there",
                                   circuit_.full_name(of), circuit_[program_.phase()].name));
    return v;
}

// The rate that the cells have: of last step until they fire in this one; in iterations, of the one
// before until they fire in this one.
SlotId NamesInCircuit::rate_of_cells() {
    const SlotId now = program_.rate(post_);
    const std::vector<Operation>& all = program_.so_far().operations;
    const bool is_made = std::any_of(
        all.begin(), all.end(), [&](const Operation& op) { return op.operands[0].slot == now; });
    if (is_made) return now;
    const PhaseId phase = program_.phase();
    const bool is_of_phase = phase && (circuit_.iterations_of(phase) > 1 ||
                                       circuit_[phase].together || circuit_[phase].sets_back());
    return is_of_phase ? program_.before(now, phase) : program_.previous(now);
}

SlotId NamesInCircuit::rate(const Expression& e, const Meaning& meaning) {
    if (meaning.compartment.empty()) return rule_.of_cells ? rate_of_cells() : program_.rate(post_);
    const CompartmentId fires = compartment(e, meaning);
    if (circuit_.is_soma(fires)) return program_.rate(post_);
    for (std::size_t p = 0; p < circuit_.phases.size(); ++p) {
        const std::vector<CompartmentId> open = circuit_.open_compartments(post_, PhaseId(p));
        if (open.size() == 1 && open.front() == fires) return program_.rate_in(post_, PhaseId(p));
    }
    reject_here(e, fmt::format("\"{}\" is what \"{}\" fires while \"{}\" alone drives it, which "
                               "it does in no phase; expected one in which the others are shut",
                               e.name, circuit_[post_].name, circuit_.full_name(fires)));
}

}  // namespace apical
