#include "sim/model/streams.hpp"

#include "circuits/program/gate_streams.hpp"
#include "circuits/program/noise_streams.hpp"
#include "sim/engine/initialize.hpp"
#include "sim/tasks/trial_lengths.hpp"

namespace apical {

std::vector<NamedStream> streams_of(const Program& program, const Circuit& circuit,
                                    const Task& task, const RunStreams& names) {
    std::vector<NamedStream> streams = initial_streams(program, circuit);
    std::vector<bool> named(program.slots.size());
    for (const Operation& op : program.operations) {
        const SlotId drawn = op.operands[0].slot;
        if (op.kind != Kind::noise || op.replay >= 0 || named[drawn.value]) continue;
        named[drawn.value] = true;
        streams.push_back({names.name(stream_of_noise(program[drawn])), op.where});
    }
    for (const Intervention& event : circuit.interventions) {
        if (event.fraction < 1.0) streams.push_back({stream_of_event(event), event.where});
    }
    for (const Gate& gate : circuit.gates) {
        if (!gate.timing.is_exact())
            streams.push_back({names.name(stream_of_gate(gate)), gate.where});
    }
    for (const Slot& slot : program.slots) {
        if (slot.what == What::beginning && slot.init.is_drawn())
            streams.push_back({names.name(stream_of_beginning(program, slot)), slot.where});
    }
    if (circuit.trials && circuit.trials->length.is_drawn())
        streams.push_back({names.name(stream_of_lengths), circuit.trials->where});
    for (const std::string& name : task.streams()) streams.push_back({name, {}});
    return streams;
}

}  // namespace apical
