#pragma once

#include <cstddef>
#include <limits>
#include <string>
#include <vector>

#include "circuits/program/synapse_rows.hpp"
#include "sim/hdf5/new_dataset.hpp"
#include "sim/run_file/sampling.hpp"
#include "sim/run_file/spike_layout.hpp"

namespace apical {

// A quantity of the program and its place in the file.
struct RecordedQuantity {
    static constexpr std::size_t of_no_program = std::numeric_limits<std::size_t>::max();

    std::size_t index = 0;  // into program.quantities; or `of_no_program`, on an axis that is given
    NewDataset dataset;
    bool direct = false;  // its rows are too large to be gathered: written as soon as sampled
    std::vector<std::size_t> rows = {}, columns = {};  // of the slot that are stored; empty: all
    bool each_iteration = false;  // a row has what it was at the end of each iteration
};

// An axis: the quantities that are recorded in the same steps.
struct AxisLayout {
    std::string name;  // "state+loss": the tables that chose it
    Sampling steps;
    std::size_t rows = 0;    // that will ever come
    std::size_t window = 1;  // rows gathered in memory before they are written
    bool samples_phases = false;
    bool starts = false;  // its first row is of before the first step
    bool ends = false;    // it has the run's last step, whatever else it samples
    bool given = false;   // its rows are given to the recorder, and sampled in no step
    NewDataset step;
    NewDataset time;  // only in the file when the axis samples phases
    // Copies of both, with the same rows, in groups where another axis has the plain names.
    std::vector<NewDataset> step_copies = {}, time_copies = {};
    std::vector<RecordedQuantity> quantities;
};

// Which cells the entries of some datasets are of: a scale of their dimension.
struct CellScale {
    NewDataset dataset;
    std::vector<std::size_t> cells;
    // A set stored by rows has the cells at one end of its synapses, of those in `cells`, or of
    // all.
    const SynapseRows* places = nullptr;
    bool of_pre = false;
    std::size_t whole = 0;  // the cells are all of so many, where `cells` is empty

    std::size_t count() const {
        if (!cells.empty()) return cells.size();
        return places ? places->count() : whole;
    }
};

// Another name of a dataset: a hard link.
struct Link {
    std::string target, path;
};

// The contents of a run file, decided before anything is made.
struct RunLayout {
    std::vector<AxisLayout> axes;
    std::vector<CellScale> cells;
    std::vector<SpikeLayout> spikes;
    std::vector<Link> links;
    NewDataset phases;  // their names; only in the file when there is an axis
    // The names of the phases of all iterations of a step; only where iterations are recorded.
    NewDataset iterations;
    bool has_iterations = false;
    bool has_events = false;
    Sampling event_steps;
    std::size_t most_events = 0;
    std::size_t event_window = 1;
    NewDataset events;
    NewDataset event;           // their numbers, the scale of their rows
    std::size_t alignment = 1;  // bytes; see GrowingFile
};

}  // namespace apical
