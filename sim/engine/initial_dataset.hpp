#pragma once

#include <string>
#include <vector>

#include "circuits/anatomy/initializer.hpp"
#include "sim/hdf5/data_folder.hpp"
#include "sim/hdf5/data_source.hpp"

namespace apical {

struct InitialDataset {
    std::vector<double> entries;
    DataSource source;        // the whole dataset
    bool by_synapse = false;  // one number for each
};

// The entries of an initialiser's dataset in row-major order: its columns [first_column,
// end_column), then transposed if it says so. They must be rows x columns; k numbers in one
// dimension are k x 1, or 1 x k where only that fits; `synapses` of them, where there are any, are
// one for each synapse, in the order in which a set has them. `what` names their use in messages.
// Throws Error{no_such_input} or Error{bad_model}.
InitialDataset initial_dataset(const Initializer& init, int rows, int columns,
                               const std::string& what, const DataFolder& directory,
                               std::size_t synapses = 0);

}  // namespace apical
