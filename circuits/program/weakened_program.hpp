#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/program/program.hpp"

namespace apical {

// A finished program that gets further operations: each beside one that is there, in its phase and
// in the steps and iterations in which that takes place. For circuits/program/imperfections.cpp and
// what it consists of.
class WeakenedProgram {
public:
    WeakenedProgram(Program& program, const Circuit& circuit)
        : program_(program), circuit_(circuit) {}

    const Program& program() const { return program_; }
    const Circuit& circuit() const { return circuit_; }

    // The operations that follow are asked for by this, which stands there.
    void asked_by(std::string who, Where where);
    const std::string& who() const { return who_; }
    const Where& where() const { return where_; }

    // Inserts the operation at a place; its phase and steps are those of the operation `beside`,
    // whose place is before the insertion. Unset (npos): at the step's end.
    static constexpr std::size_t at_end = static_cast<std::size_t>(-1);
    void insert(std::size_t place, Operation op, std::size_t beside);
    // Takes the place of an operation that is there, of its phase and steps and of its asker.
    void replace(std::size_t place, Operation op);

    // A number at each synapse, "NAME(W)", and one in each cell, "W.NAME", which is not kept.
    SlotId at_synapses(SynapseSetId set, std::string_view name, const Initializer& init = {});
    SlotId in_cells(SynapseSetId set, PopulationId cells, const std::string& name);
    // Drawn for each cell at the beginning of each step, "W.NAME": with this deviation, or
    // U(-size, size).
    SlotId drawn(SynapseSetId set, PopulationId cells, const std::string& name, Function function,
                 double size);

private:
    SlotId added(Slot slot, std::string path, std::string long_name);

    Program& program_;
    const Circuit& circuit_;
    std::string who_;
    Where where_;
};

// What a set's strengths lack: `noise` while they transmit, `heterogeneity` of their changes, and
// levels on which they stand. `set` is named by whoever asks.
void add_synaptic_noise(WeakenedProgram& weak, SynapseSetId set, double deviation);
void add_heterogeneity(WeakenedProgram& weak, SynapseSetId set, double deviation);
struct Levels {
    int bits = 0;
    double reach = 2.0;
    bool is_stochastic = false;
};
void add_levels(WeakenedProgram& weak, SynapseSetId set, const Levels& levels);

}  // namespace apical
