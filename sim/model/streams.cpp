#include "sim/model/streams.hpp"

#include "circuits/program/gate_streams.hpp"
#include "sim/engine/initialize.hpp"

namespace apical {

std::vector<NamedStream> streams_of(const Program& program, const Circuit& circuit,
                                    const Task& task, const RunStreams& names) {
    std::vector<NamedStream> streams = initial_streams(program, circuit);
    for (const Operation& op : program.operations) {
        if (op.kind == Kind::noise && op.replay < 0)
            streams.push_back({names.name("noise/" + program[op.operands[0].slot].name), op.where});
    }
    for (const Gate& gate : circuit.gates) {
        if (!gate.timing.is_exact())
            streams.push_back({names.name(stream_of_gate(gate)), gate.where});
    }
    for (const std::string& name : task.streams()) streams.push_back({name, {}});
    return streams;
}

}  // namespace apical
