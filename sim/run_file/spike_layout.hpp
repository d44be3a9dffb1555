#pragma once

#include <string>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/hdf5/new_dataset.hpp"
#include "sim/run_file/recording.hpp"
#include "sim/run_file/sampling.hpp"

namespace apical {

// The address by which [record.*] asks for the spikes of a population: "rec.spikes".
std::string spikes_address(std::string_view population);

// The spikes of one population in a run file: ragged, one row for each spike, in the order of time
// and of cells. The layout is that of a spike file of SONATA, with the step beside.
struct SpikeLayout {
    std::string population;
    SlotId rate;                     // 0 or 1 of each cell
    Sampling steps;                  // of which all spikes are recorded
    std::vector<std::size_t> cells;  // that are recorded, rising
    PhaseId phase;                   // at whose end the cells fire; unset: the task has them fire
    PeriodicSteps fires_in;          // the steps in which that phase takes place
    int iterations = 1;              // of that phase, in each of which they fire
    PhaseId first_in_turn, last_in_turn;  // which are iterated together
    std::size_t most = 0;                 // rows that can come
    std::size_t window = 1;
    NewDataset timestamps, node_ids, step;
};

// A population that spikes: what its operation says.
struct SpikingCells {
    std::string population;
    SlotId rate;
    std::size_t operation = 0;
};
std::vector<SpikingCells> spiking_cells(const Program& program);

// The spikes that tables ask for. Throws Error{bad_model} where tables choose different cells of
// one population.
std::vector<SpikeLayout> lay_out_spikes(const Program& program,
                                        const std::vector<Recording>& recordings);

// Whether the address, which may be a pattern, is that of spikes.
bool asks_for_spikes(const Program& program, const std::string& address);

// Whether a table records spikes of the population.
bool records_spikes_of(const Program& program, const Recording& recording, PopulationId cells);

// The bytes that a spike takes in the file.
inline constexpr std::size_t bytes_of_spike = 3 * 8;

}  // namespace apical
