#include "circuits/program/forward_pass.hpp"

namespace apical {

namespace {

// Appends the operations of one phase, part by part.
class EmittedPhase {
public:
    EmittedPhase(ProgramBuilder& program, PhaseId phase)
        : p_(program), circuit_(program.circuit()), phase_(phase) {}

    void begin_phase() {
        for (std::size_t i = 0; i < circuit_.gates.size(); ++i) {
            if (circuit_.gates[i].is_by_cells()) continue;
            announce(GateId(i));
            p_.set_gate(GateId(i), circuit_.gates[i].open_in[phase_.value]);
            hold(GateId(i));
        }
        if (phase_ == PhaseId(0)) inject();
        silence_held();
    }

    void arrive(CompartmentId compartment) {
        const PopulationId cells = circuit_[compartment].population;
        if (circuit_.is_branch(compartment)) return end_arrival(compartment, cells);
        if (circuit_[cells].role == Role::error && circuit_[cells].fires_in == phase_)
            compare(cells);
        for (const SynapseUse& use : circuit_.uses) {
            if (use.target == compartment && !use.gate) transmit(use);
        }
        if (!pair(compartment)) {
            inject(compartment, cells);
            follow(compartment, cells);
        }
        end_arrival(compartment, cells);
    }

    void gate(GateId gate) {
        for (const SynapseUse& use : circuit_.uses) {
            if (use.gate == gate) transmit(use);
        }
        announce(gate);
        p_.make_gate(gate);
        hold(gate);
    }

    void fire(PopulationId population) {
        announce(population);
        if (circuit_[population].activation == Activation::softmax) {
            p_.readout(population);
        } else if (circuit_[population].spikes) {
            p_.spike(population);
        } else {
            p_.fire(population);
            p_.leave_winners(population);
        }
        add_noise({}, population);
        silence(population);
    }

private:
    using Action = Intervention::Action;

    // ---- what the experimenter does

    void announce(const Intervention& event) {
        p_.begin(phase_, "event." + event.name, event.where);
    }

    void hold(GateId gate) {
        for (const Intervention& event : circuit_.interventions) {
            if (event.action != Action::gate || event.gate != gate) continue;
            announce(event);
            p_.intervene(p_.gate(gate), event, 0.0, event.amount);
        }
    }

    // The rate that the cells fire in the phase, or that they hold.
    void silence(PopulationId cells) {
        for (const Intervention& event : circuit_.interventions) {
            const bool is_such = event.action == Action::silence || event.sets_rates();
            if (!is_such || event.cells != cells) continue;
            announce(event);
            const SlotId rate = p_.rate_in(cells, phase_);
            p_.intervene(rate ? rate : p_.rate(cells), event, 0.0, event.amount);
        }
    }

    // What is added to a voltage, or set there, behind all that makes it.
    void end_arrival(CompartmentId compartment, PopulationId cells) {
        add_noise(compartment, cells);
        for (const Intervention& event : circuit_.interventions) {
            if (event.action != Action::set || event.compartment != compartment) continue;
            announce(event);
            p_.intervene(p_.voltage(compartment), event, 0.0, event.amount);
        }
    }

    // Cells that go on with the rate that they have, or that the task gives them.
    void silence_held() {
        for (std::size_t i = 0; i < circuit_.populations.size(); ++i) {
            const bool is_error = circuit_.populations[i].role == Role::error;
            if (!circuit_.fires(PopulationId(i), phase_) && !is_error) silence(PopulationId(i));
        }
    }

    // Into what has arrived; into what no synapses reach, in the phases in which the cells fire.
    void inject(CompartmentId compartment, PopulationId cells) {
        const bool is_driven = circuit_.is_driven(compartment, phase_),
                   is_alone = is_undriven(compartment);
        clear(compartment);
        if (!is_driven && !(is_alone && circuit_.fires(cells, phase_))) return;
        for (const Intervention& event : circuit_.interventions) {
            if (event.action != Action::inject || event.compartment != compartment) continue;
            announce(event);
            p_.intervene(p_.drive(compartment), event, 1.0, event.amount);
        }
    }

    // What noise or a current is about to be added to, and would stay in.
    void clear(CompartmentId compartment) {
        if (!is_undriven(compartment)) return;
        const PopulationId cells = circuit_[compartment].population;
        bool is_added_to = false;
        for (const NoiseSource& noise : circuit_.noises)
            is_added_to |= noise.voltage == compartment && noise.during[phase_.value];
        for (const Intervention& event : circuit_.interventions) {
            is_added_to |= event.action == Action::inject && event.compartment == compartment &&
                           circuit_.fires(cells, phase_);
        }
        if (!is_added_to) return;
        announce(cells);
        p_.silence(compartment);
    }

    // Into a voltage, or the rate of the cells.
    void add_noise(CompartmentId compartment, PopulationId cells) {
        for (const NoiseSource& noise : circuit_.noises) {
            const bool is_here =
                compartment ? noise.voltage == compartment : !noise.voltage && noise.cells == cells;
            if (!is_here || !noise.during[phase_.value]) continue;
            p_.begin(phase_, "noise." + noise.name, noise.where);
            p_.add_noise(noise);
        }
    }

    // Whether what is added to its voltage would stay in it.
    bool is_undriven(CompartmentId compartment) const {
        const Compartment& is = circuit_[compartment];
        return is.driven_in.empty() && is.tau_ms == 0.0 && !circuit_.is_led(compartment) &&
               is.backpropagated == 0.0 && !is.transient;
    }

    // What a compartment does by itself behind all that synapses and wires bring.
    void follow(CompartmentId compartment, PopulationId cells) {
        const Compartment& is = circuit_[compartment];
        const bool is_soma = circuit_.is_soma(compartment),
                   is_driven = circuit_.is_driven(compartment, phase_);
        announce(cells);
        if (is.backpropagated != 0.0 && (is_driven || is.driven_in.empty()))
            p_.transmit_one_to_one(p_.last_rate(cells), compartment, is.backpropagated);
        else if ((is.transient || is.impulse) && !is_driven)
            p_.silence(compartment);
        if (is_soma && circuit_[cells].bias && is_driven) p_.add_bias(cells);
        if (is.tau_ms > 0.0) p_.relax(compartment);
        if (is_soma && circuit_[cells].coupling) p_.couple(cells);
        if (is_soma && circuit_[cells].spikes && circuit_.fires(cells, phase_))
            p_.lose_last_spike(cells);
    }

    // What wires bring. Returns whether one clamps the voltage, which then follows no drive.
    bool pair(CompartmentId compartment) {
        bool clamps = false;
        for (const Wire& wire : circuit_.wires) {
            if (wire.phase != phase_ || wire.target != compartment) continue;
            p_.begin(phase_, wire.asked_by, wire.where);
            p_.transmit(wire);
            clamps |= wire.clamps;
        }
        return clamps;
    }

    void announce(PopulationId population) {
        p_.begin(phase_, "population." + circuit_[population].name, circuit_[population].where);
    }

    void announce(GateId gate) {
        p_.begin(phase_, gate_address(circuit_[gate].name), circuit_[gate].where);
    }

    void transmit(const SynapseUse& use) {
        if (use.phase != phase_) return;
        p_.begin(phase_, "synapses." + circuit_[use.set].name + (use.reverse ? ".back" : ""),
                 use.where);
        p_.transmit(use);
    }

    void inject() {
        for (const Role role : {Role::input, Role::label}) {
            const PopulationId population = circuit_.find_role(role);
            if (!population) continue;
            announce(population);
            p_.inject(population);
            if (role == Role::input) add_noise({}, population);
        }
    }

    // Error cells are excited by the output and inhibited by the label, one to one. Where the loss
    // does not count nothing arrives, since they fire its derivative.
    void compare(PopulationId error) {
        announce(error);
        const CompartmentId soma = circuit_.soma(error);
        if (circuit_.trials && circuit_.trials->counts_in_part()) {
            p_.silence(soma);
            p_.only_where_loss_counts();
        }
        const SlotId fired = p_.rate(circuit_[error].same_cells_as);
        const bool together = circuit_[phase_].together;
        p_.transmit_one_to_one(together ? p_.before(fired, phase_) : fired, soma, 1.0);
        p_.transmit_one_to_one(p_.rate(circuit_.find_role(Role::label)), soma, -1.0);
    }

    ProgramBuilder& p_;
    const Circuit& circuit_;
    PhaseId phase_;
};

// Whether something follows in the phase on what takes place in the cells: their firing, or a wire
// that carries a potential of theirs.
bool has_station(const Circuit& circuit, PopulationId cells, PhaseId phase) {
    return circuit.fires(cells, phase) || circuit.hands_on_potential(cells, phase);
}

void add_phase(std::vector<ForwardPart>& parts, const Circuit& circuit, PhaseId phase) {
    using enum ForwardPart::What;
    parts.push_back({beginning, phase});
    for (const Station& station : order_of_phase(circuit, phase)) {
        if (const auto* compartment = std::get_if<CompartmentId>(&station)) {
            parts.push_back({arrival, phase, *compartment});
            continue;
        }
        if (const auto* gate = std::get_if<GateId>(&station)) {
            parts.push_back({gating, phase, {}, {}, *gate});
            continue;
        }
        const PopulationId population = std::get<PopulationId>(station);
        if (!has_station(circuit, population, phase)) continue;
        parts.push_back({before_firing, phase, {}, population});
        if (circuit.fires(population, phase)) parts.push_back({firing, phase, {}, population});
    }
    for (std::size_t i = 0; i < circuit.populations.size(); ++i) {
        if (!has_station(circuit, PopulationId(i), phase))
            parts.push_back({before_firing, phase, {}, PopulationId(i)});
    }
    parts.push_back({end, phase});
}

}  // namespace

std::vector<ForwardPart> forward_parts(const Circuit& circuit) {
    std::vector<ForwardPart> parts;
    for (std::size_t p = 0; p < circuit.phases.size(); ++p) add_phase(parts, circuit, PhaseId(p));
    return parts;
}

void emit(ProgramBuilder& program, const ForwardPart& part) {
    using enum ForwardPart::What;
    EmittedPhase emitted(program, part.phase);
    switch (part.what) {
        case beginning:
            return emitted.begin_phase();
        case arrival:
            return emitted.arrive(part.compartment);
        case gating:
            return emitted.gate(part.gate);
        case firing:
            return emitted.fire(part.population);
        case before_firing:
        case end:
            return;
    }
}

}  // namespace apical
