// Circuits of one cell whose inputs are rows of numbers, to hold rules to their closed forms.
#pragma once

#include "sim/numbers/random.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"
#include "tests/small_circuit.hpp"

namespace apical {

inline constexpr double form_tolerance = 1e-12, step_ms = 10.0;

inline Approx near(double expected) { return Approx(expected).epsilon(0.0).margin(form_tolerance); }

// A model whose inputs are the rows of `x`, over and over, and whose labels those of `y`, if any.
inline Model shown(const std::string& lines, const Matrix& x, const Matrix& y = {}) {
    const auto write = [](TemporaryHdf5& file, const char* name, const Matrix& rows) {
        file.write(name, {static_cast<hsize_t>(rows.rows()), static_cast<hsize_t>(rows.cols())},
                   {rows.data(), rows.data() + rows.size()});
    };
    TemporaryHdf5 file;
    write(file, "x", x);
    if (y.size() > 0) write(file, "y", y);
    file.close();
    const std::string path = (std::filesystem::path(file.directory()) / file.name()).string();
    return model_of_text(
        fmt::format("format = 1\npopulation.input.role = \"input\"\nrun = {{ steps = 1_000_000, "
                    "seed = 1 }}\ntask = {{ kind = \"file\", path = \"{}\", repeat = true, "
                    "readout = \"linear\" }}\n",
                    path) +
        lines);
}

inline Matrix row(const std::vector<double>& numbers) {
    return Eigen::Map<const Matrix>(numbers.data(), 1, static_cast<Eigen::Index>(numbers.size()));
}

// Normal numbers of a stream of that name, row by row.
inline Matrix drawn_rows(int rows, int columns, const std::string& name) {
    const Stream stream(1, name);
    Matrix all(rows, columns);
    for (int i = 0; i < rows; ++i) {
        for (int j = 0; j < columns; ++j)
            all(i, j) = stream.normal(static_cast<std::uint64_t>(i), static_cast<std::uint64_t>(j));
    }
    return all;
}

// The message that refuses a model whose input is 1; "" of a model that is accepted.
inline std::string refusal_of(const std::string& lines) {
    try {
        shown(lines, row({1.0}));
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

// One linear cell, which W drives and where it learns.
inline std::string driven_by_W(const std::string& rule) {
    return R"(
phase = [{ name = "forward", ms = 10.0 }]
population.cell = { size = 1, activation = "linear" }
synapses.W = { from = "input", to = "cell.soma", during = "forward", init = { constant = 0.0 } }
plasticity.learning = { synapses = ["W"], )" +
           rule + " }\n";
}

// One linear cell that fires W_in x, and W at a dendrite that does not drive it.
inline std::string beside_W(const std::string& rule) {
    return R"(
phase = [{ name = "forward", ms = 10.0 }]
population.cell = { size = 1, activation = "linear", dendrites = ["apical"] }
gate.shut = { opens = "cell.apical", during = [] }
synapses.W_in = { from = "input", to = "cell.soma", during = "forward", init = { constant = 0.0 } }
synapses.W = { from = "input", to = "cell.apical", during = "forward", init = { constant = 0.0 } }
plasticity.learning = { synapses = ["W"], )" +
           rule + " }\n";
}

// A cell that W drives and V reads; the error y - y* comes to its dendrite through B.
inline std::string taught_through_B(const std::string& rule,
                                    const std::string& activation = "linear") {
    return R"(
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
population.label.role = "label"
population.cell = { size = 1, dendrites = ["feedback"], activation = ")" +
           activation + R"(" }
population.output.role = "output"
population.error = { role = "error", during = "update" }
synapses.W = { from = "input", to = "cell.soma", during = "forward", init = { constant = 0.0 } }
synapses.V = { from = "cell", to = "output.soma", during = "forward", init = { constant = 0.0 } }
synapses.B = { from = "error", to = "cell.feedback", during = "update", init = { constant = 0.0 } }
plasticity.learning = { synapses = ["W"], )" +
           rule + " }\n";
}

}  // namespace apical
