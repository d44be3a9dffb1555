// How the slots of a program are found.
#include "circuits/program/program.hpp"

namespace apical {

bool is_same(const Slot& a, const Slot& b) {
    if (a.what != b.what || a.of != b.of || a.phase != b.phase || a.compartment != b.compartment ||
        a.gate != b.gate)
        return false;
    const bool fires = a.what == What::rate;
    if (a.what == What::axon && a.line != b.line) return false;
    return a.synapses == b.synapses && a.rule == b.rule && a.quantity == b.quantity &&
           a.dendrites == b.dendrites && (!fires || a.cells == b.cells);
}

SlotId Program::find(std::string_view name) const {
    return first([&](const Slot& slot) { return slot.name == name; });
}

SlotId Program::rate_of(PopulationId cells) const {
    return first([&](const Slot& slot) {
        return slot.what == What::rate && slot.cells == cells && slot.dendrites.empty();
    });
}

SlotId Program::voltage_of(CompartmentId compartment) const {
    return first([&](const Slot& slot) {
        return slot.what == What::voltage && slot.compartment == compartment;
    });
}

SlotId Program::slope_of(CompartmentId compartment) const {
    return first([&](const Slot& slot) {
        return slot.what == What::slope && slot.compartment == compartment;
    });
}

SlotId Program::strength_of(SynapseSetId set) const {
    return first(
        [&](const Slot& slot) { return slot.what == What::strength && slot.synapses == set; });
}

SlotId Program::tag_of(SynapseSetId set, std::string_view quantity) const {
    return first([&](const Slot& slot) {
        return slot.what == What::tag && slot.synapses == set && slot.quantity == quantity;
    });
}

SlotId Program::previous_of(SlotId of) const {
    return first([&](const Slot& slot) { return slot.what == What::previous && slot.of == of; });
}

SlotId Program::before_of(SlotId of) const {
    return first([&](const Slot& slot) { return slot.what == What::before && slot.of == of; });
}

SlotId Program::at_end_of(SlotId of, PhaseId phase) const {
    return first([&](const Slot& slot) {
        return slot.what == What::at_end && slot.of == of && slot.phase == phase;
    });
}

SlotId Program::axon_of(SlotId of, int steps) const {
    return first([&](const Slot& slot) {
        return slot.what == What::axon && slot.of == of && slot.line == steps;
    });
}

SlotId Program::clock_of(std::string_view quantity) const {
    return first(
        [&](const Slot& slot) { return slot.what == What::clock && slot.quantity == quantity; });
}

SlotId Program::at_rest_of(SlotId of) const {
    return first([&](const Slot& slot) { return slot.what == What::at_rest && slot.of == of; });
}

SlotId Program::history_of(SlotId of, const RuleQuantity& name) const {
    return first([&](const Slot& slot) {
        return slot.what == What::history && slot.of == of && slot.rule == name.rule &&
               slot.quantity == name.quantity;
    });
}

SlotId Program::of_rule(const RuleQuantity& name) const {
    return first([&](const Slot& slot) {
        return slot.what == What::of_rule && slot.rule == name.rule &&
               slot.quantity == name.quantity;
    });
}

SlotId Program::loss() const {
    return first([](const Slot& slot) { return slot.what == What::loss; });
}

// A voltage, or the rate that the cells fire in the phase of the loss.
SlotId Program::judged(const Circuit& circuit) const {
    const StatedLoss& loss = *circuit.loss;
    if (loss.voltage) return voltage_of(loss.voltage);
    if (loss.readout == Activation::softmax) return voltage_of(circuit.soma(loss.cells));
    for (const Quantity& quantity : quantities) {
        if (quantity.what != What::rate || !quantity.by_phase) continue;
        const SlotId slot = quantity.slots[loss.phase.value];
        if (slot && slots[slot.value].cells == loss.cells) return slot;
    }
    return rate_of(loss.cells);
}

SlotId Program::signal(const Signal& signal) const {
    const SlotId now = signal.voltage ? voltage_of(signal.voltage) : rate_of(signal.rate);
    if (signal.is_before) return before_of(now);
    if (signal.at_end) return at_end_of(now, signal.at_end);
    return signal.is_previous ? previous_of(now) : now;
}

}  // namespace apical
