#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"
#include "sim/verify/comparison.hpp"

namespace apical {

// Whether cells or their axons have equations of the circuit's own, beside those of activations:
// spikes, bursts, coupling, noise, synapses that depress or axons of several steps.
bool has_cell_equations(const Model& model);

// What these equations say (docs/model-file.md), written out from the circuit's keys and computed
// of the numbers that each operation found, beside what the operation made:
//   spikes      what the last spike takes, the adaptation, the wait, z, the slope, the reset
//   bursts      p r
//   winners     as many of the rates that are not 0 as the key says, the largest
//   coupling    all potentials of a cell as one linear system, of one level and of trees
//   short_term  u, x and u x r
//   noise       what is added, of the draws that were made, and Ornstein-Uhlenbeck processes
// A quantity that is 0 on both sides in a step is not compared in it.
class CellsBesideEquations {
public:
    // The model must outlive this.
    explicit CellsBesideEquations(const Model& model);

    void begin_step();
    // Reads what an operation that takes place finds, before it does.
    void before(std::size_t operation, const State& state);
    // Compares after the step's last phase: with operations one after the other, and with a run.
    void compare(const State& plain, const State& run, Comparison& comparison);

private:
    // What an operation makes, by the equation's words.
    enum class Of : std::uint8_t {
        fired,
        lost_spike,
        reset,
        adapted,
        waiting,
        waits,
        slope,
        burst,
        won,
        led,
        released,
        left,
        recovered,
        spent,
        arriving,
        noise
    };
    struct Made {
        std::size_t by = 0;
        SlotId slot = {};
        Of of = Of::fired;
        bool is_last = false;     // no operation of a later place in the step writes the slot
        PopulationId cells = {};  // or of synapses that release
        SynapseSetId set = {};
        SlotId other = {};  // the rate, the last rate, the noise, or the share of bursts
        double kept = 1.0, ms = 0.0;
        bool is_first = false;  // of the operations that lead the cells' potentials in the phase
        std::optional<algebra::Matrix> expected = {}, found = {};
    };

    void add(std::size_t operation, Of of, Made made);
    void find(std::size_t operation);
    void find_spikes(std::size_t operation, PopulationId cells);
    void find_coupling(std::size_t operation, PopulationId cells);
    void find_released(std::size_t operation, SynapseSetId set);
    void find_noise(std::size_t operation, const NoiseSource& noise);
    double ms_between(const Operation& op) const;
    SlotId own(PopulationId cells, std::string_view quantity) const;
    SlotId at_terminals(SynapseSetId set, std::string_view quantity) const;
    algebra::Matrix computed(const Made& made, const State& state);
    algebra::Matrix won(const Made& made, const State& state) const;
    algebra::Matrix of_spikes(const Made& made, const State& state) const;
    algebra::Matrix threshold(PopulationId cells, const State& state) const;
    algebra::Matrix of_terminals(const Made& made, const State& state) const;
    algebra::Matrix led(const Made& made, const State& state);

    const Model& model_;
    const Program& program_;
    std::vector<Made> all_;
    // By population: what its potentials come to in the phase, by compartment.
    std::map<std::size_t, std::vector<algebra::Matrix>> led_;
};

}  // namespace apical
