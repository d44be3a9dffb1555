// A model of two cells, for tests of the files that commands read and write.
#pragma once

#include "tests/sim/command_line/program_run.hpp"

namespace apical::file_tests {

using Words = std::vector<std::string>;

inline const std::string circuit = R"(format = 1
phase = [{ name = "forward", ms = 6.0 }]
population.input.role = "input"
population.label.role = "label"
population.hidden.size = 2
population.output.role = "output"
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
record.loss.what = "loss"
)";
inline const std::string small =
    circuit + "task = { kind = \"add\", lags = [1, 2] }\nrun.steps = 20\n";

// data.h5: inputs, labels, and strengths for `small`.
inline void write_data(const TemporaryFolder& folder) {
    python(
        "import h5py, numpy\n"
        "with h5py.File(argv[1], 'w') as f:\n"
        "    f['x'] = numpy.ones((30, 2)); f['y'] = numpy.ones((30, 1)); f['W'] = numpy.ones((2, "
        "1))",
        {folder / "data.h5"});
}

}  // namespace apical::file_tests
