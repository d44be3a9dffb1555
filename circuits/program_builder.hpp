#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "circuits/circuit.hpp"
#include "circuits/keys.hpp"
#include "circuits/program.hpp"

namespace apical {

// The words in which the forward pass and every plasticity rule are written. Each call names a
// slot, or appends one operation to the phase and in the name of whoever was announced last by
// `begin`.
class ProgramBuilder {
public:
    explicit ProgramBuilder(const Circuit& circuit);
    const Circuit& circuit() const { return circuit_; }

    // Who asks for the operations that follow, and in which phase they take place.
    void begin(PhaseId phase, std::string asked_by, Where where = {});
    PhaseId phase() const { return phase_; }

    // ---- slots of the circuit
    SlotId rate(
        PopulationId population);  // "hidden.r": made by the soma, held until it fires again
    SlotId rate_in(PopulationId population,
                   PhaseId phase);              // what its cells fire in a phase; unset when silent
    SlotId voltage(CompartmentId compartment);  // "hidden.apical.v"
    SlotId drive(
        CompartmentId compartment);     // what a slow voltage relaxes to; else the voltage itself
    SlotId gate(GateId gate);           // "gate.disinhibition"
    SlotId strength(SynapseSetId set);  // "W_rec"
    SlotId carried(const Transmission& use);  // the rate that this use of a set carries
    SlotId presynaptic(SynapseSetId set);     // the rate that the set's own use carries
    SlotId previous(SlotId slot);  // its value at the end of last step: "previous(hidden.r)"

    // The slot of an address in the model file: "hidden.apical" or "hidden.apical.v", "hidden.r",
    // "previous(...)" of these. Throws Error{bad_model} with the nearest known address.
    SlotId signal(const Text& address);

    // ---- what happens inside one cell
    SlotId slope(CompartmentId compartment);  // phi'(v)
    SlotId product(SlotId a, SlotId b, std::string_view name);
    SlotId sum(SlotId a, SlotId b, std::string_view name);
    SlotId difference(SlotId a, SlotId b, std::string_view name);

    // ---- what happens at synapses
    SlotId tag(SynapseSetId set,
               std::string_view name);  // a second number at each synapse: "eligibility(W_rec)"
    void hebb(SlotId matrix, SlotId post, SlotId pre, double retain, double gain);
    void consolidate(SlotId strength, SlotId post, SlotId tag, double gain);

    // ---- what no circuit can do
    void assign(SlotId matrix, SlotId source, int every);
    // matrix = (1 - alpha) I + alpha diag(slope) strength, the Jacobian dr(t) / dr(t-1)
    void assign_jacobian(SlotId matrix, SlotId strength, SlotId slope, double alpha);

    // ---- what the circuit itself does (circuits/forward_pass.cpp)
    void inject(PopulationId population);
    void set_gate(GateId gate, bool open);
    void transmit(const Transmission& use);
    void transmit_one_to_one(SlotId rate, CompartmentId target, double gain);
    void relax(CompartmentId compartment, double factor);
    void fire(PopulationId population);
    void readout(PopulationId population);

    // The program, ordered and checked (circuits/order_program.hpp). Call once.
    Program finish() &&;

private:
    SlotId slot(Slot slot, Quantity quantity);
    Slot in_cells(std::string name, PopulationId population) const;
    Slot at_synapses(std::string name, SynapseSetId set) const;
    SlotId slope_slot(CompartmentId compartment);
    SlotId signal_slot(PopulationId cells, std::string_view name);
    Quantity quantity_of_previous(SlotId of) const;
    void add_rate_quantities();
    SlotId combine(Function function, SlotId a, SlotId b, std::string_view name);
    Access first_into(SlotId voltage);
    void append(Operation operation);

    const Circuit& circuit_;
    Program program_;
    PhaseId phase_;
    std::string asked_by_;
    Where where_;
    std::vector<std::pair<PhaseId, SlotId>>
        driven_;  // voltages that a transmission of the phase has set
};

}  // namespace apical
