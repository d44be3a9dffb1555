// The words for what happens to a voltage inside its cell.
#include <algorithm>
#include <cmath>

#include "circuits/program/program_builder.hpp"

namespace apical {

void ProgramBuilder::silence(CompartmentId c) {
    append(
        {.kind = Kind::assign, .function = Function::zero, .operands = {{drive(c), Access::set}}});
}

SlotId ProgramBuilder::bias(PopulationId id) {
    RuleQuantity name(circuit_[id].name, "bias", "b");
    name.of_cells = true;
    return state(id, name, *circuit_[id].bias);
}

SlotId ProgramBuilder::alpha(PopulationId id) {
    RuleQuantity name(circuit_[id].name, "alpha");
    name.of_cells = true;
    return state(id, name, *circuit_[id].alphas);
}

std::vector<SlotId> ProgramBuilder::numbers_of_activation(PopulationId id) {
    std::vector<SlotId> all;
    const WrittenActivation* phi = circuit_.written(circuit_[id]);
    for (std::size_t k = 0; phi && k < phi->of_cells.size(); ++k) {
        RuleQuantity name(circuit_[id].name, phi->of_cells[k].name);
        name.of_cells = true;
        all.push_back(state(id, name, phi->of_cells[k].init));
    }
    return all;
}

SlotId ProgramBuilder::tau(CompartmentId c) {
    const PopulationId cells = circuit_[c].population;
    RuleQuantity name(circuit_[cells].name, circuit_[c].name + "_tau_ms", "tau");
    name.of_cells = true;
    return state(cells, name, *circuit_[c].tau);
}

void ProgramBuilder::add_numbers_of_cells() {
    for (std::size_t i = 0; i < circuit_.populations.size(); ++i) {
        if (circuit_.populations[i].alphas) alpha(PopulationId(i));
        if (circuit_.populations[i].bias) bias(PopulationId(i));
        numbers_of_activation(PopulationId(i));
    }
    for (std::size_t i = 0; i < circuit_.compartments.size(); ++i)
        if (circuit_.compartments[i].tau) tau(CompartmentId(i));
}

void ProgramBuilder::add_bias(PopulationId cells) {
    const SlotId arrived = drive(circuit_.soma(cells));
    set_sum(arrived, 1.0, arrived, 1.0, bias(cells));
}

// Exact while the drive I is constant: v(t + T) = I + (v(t) - I) exp(-T / tau); what is added in an
// instant decays from then on, v(t + T) = v(t) exp(-T / tau) + I.
void ProgramBuilder::relax(CompartmentId c) {
    const Compartment& compartment = circuit_[c];
    const double nanoseconds = static_cast<double>(circuit_[phase_].nanoseconds);
    Operation op{.kind = Kind::relax,
                 .function = compartment.impulse ? Function::sum : Function::none,
                 .operands = {{voltage(c), Access::update}, {drive(c)}}};
    if (compartment.tau) {
        const Initializer& tau = *compartment.tau;
        op.ms = in_ms(circuit_[phase_].nanoseconds);
        // The most that is kept in a cell, as far as it is known.
        if (tau.kind == Initializer::Kind::uniform)
            op.retain = std::exp(-op.ms / std::max(tau.low.factor, tau.high.factor));
        op.operands.push_back({this->tau(c)});
    } else {
        op.retain = std::exp(-nanoseconds / (compartment.tau_ms * nanoseconds_per_ms));
    }
    append(std::move(op));
}

void ProgramBuilder::couple(PopulationId id) {
    const Coupling& coupling = *circuit_[id].coupling;
    if (circuit_.has_tree(id)) {
        const double ms = in_ms(circuit_[phase_].nanoseconds);
        for (BranchOperation& one : Branches(circuit_, id).coupling(ms))
            append_of_branch(std::move(one));
        return;
    }
    Operation op{.kind = Kind::relax, .weights = {coupling.leak}};
    switch (coupling.solver) {
        case Solver::exact:
            op.function = Function::exact;
            break;
        case Solver::euler:
            op.function = Function::euler;
            break;
        case Solver::steady:
            op.function = Function::steady;
            break;
    }
    op.ms = in_ms(circuit_[phase_].nanoseconds);
    op.operands = {{voltage(circuit_.soma(id)), Access::update}};
    for (const CompartmentId c : circuit_.coupled_dendrites(id)) {
        const GateId interneuron = circuit_[c].gate;
        op.weights.push_back(*circuit_[c].conductance);
        op.gated.push_back(bool(interneuron));
        op.operands.push_back({voltage(c)});
        if (interneuron) op.operands.push_back({gate(interneuron)});
        const bool is_unbounded = interneuron && circuit_[interneuron].form == GateForm::linear;
        op.stays_between |= is_unbounded && op.function == Function::euler;
    }
    append(std::move(op));
}

void ProgramBuilder::append_of_branch(BranchOperation one) {
    append(at_slots(std::move(one), [this](BranchNumber number, CompartmentId c) {
        switch (number) {
            case BranchNumber::voltage:
                return voltage(c);
            case BranchNumber::before:
                return before(voltage(c), phase_);
            case BranchNumber::gate:
                return gate(circuit_[c].gate);
            case BranchNumber::conductance:
            case BranchNumber::drive:
            case BranchNumber::onward:
                break;
        }
        return number_of_branch(number, c);
    }));
}

SlotId ProgramBuilder::number_of_branch(BranchNumber number, CompartmentId c) {
    return signal(circuit_[c].population, name_of_branch(circuit_, number, c));
}

void ProgramBuilder::make_numbers_of_branch(CompartmentId led) {
    for (BranchOperation& one : Branches(circuit_, circuit_[led].population).numbers_of(led)) {
        const BranchOperand& made = one.operands.front();
        if (!is_made(number_of_branch(made.number, made.of))) append_of_branch(std::move(one));
    }
}

std::optional<double> ProgramBuilder::constant_conductance(CompartmentId led) const {
    return Branches(circuit_, circuit_[led].population).constant(led);
}

SlotId ProgramBuilder::conductance(CompartmentId led) {
    make_numbers_of_branch(led);
    return number_of_branch(BranchNumber::conductance, led);
}

SlotId ProgramBuilder::drive_of_branch(CompartmentId led) {
    make_numbers_of_branch(led);
    return number_of_branch(BranchNumber::drive, led);
}

// Where they fire in the phase itself, it is what was before that: an earlier phase's rate, or last
// step's.
SlotId ProgramBuilder::last_rate(PopulationId cells) {
    const Phase& phase = circuit_[phase_];
    const SlotId now = rate(cells);
    bool fired = false;
    for (PhaseId p(0); p < phase_; p = PhaseId(p.value + 1)) fired |= circuit_.fires(cells, p);
    if (fired && !circuit_.fires(cells, phase_)) return now;
    const bool is_of_phase = fired || phase.repeat > 1 || phase.together || phase.sets_back();
    return is_of_phase ? before(now, phase_) : previous(now);
}

}  // namespace apical
