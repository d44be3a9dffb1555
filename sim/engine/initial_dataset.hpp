#pragma once

#include <string>
#include <vector>

#include "circuits/anatomy/initializer.hpp"
#include "sim/hdf5/data_folder.hpp"
#include "sim/hdf5/data_source.hpp"

namespace apical {

struct InitialDataset {
    std::vector<double> entries;
    DataSource source;  // the whole dataset
};

// The entries of an initialiser's dataset in row-major order: its columns [first_column,
// end_column), then transposed if it says so. They must be rows x columns; k numbers in one
// dimension are k x 1, or 1 x k where only that fits. `what` names their use in messages. Throws
// Error{no_such_input} or Error{bad_model}.
InitialDataset initial_dataset(const Initializer& init, int rows, int columns,
                               const std::string& what, const DataFolder& directory);

}  // namespace apical
