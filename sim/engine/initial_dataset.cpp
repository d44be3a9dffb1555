#include "sim/engine/initial_dataset.hpp"

#include <fmt/format.h>

#include <span>

#include "sim/hdf5/dataset.hpp"

namespace apical {

namespace {

// A dataset as a matrix.
struct View {
    std::span<const double> numbers;
    std::size_t rows = 0, columns = 0;
};

std::vector<View> readings(const DataSet& data) {
    const std::vector<std::size_t>& shape = data.shape;
    if (shape.size() == 1) return {{data.numbers, shape[0], 1}, {data.numbers, 1, shape[0]}};
    if (shape.size() == 2) return {{data.numbers, shape[0], shape[1]}};
    return {};
}

bool fits(const View& view, const Initializer& init, std::size_t rows, std::size_t columns) {
    const auto first = static_cast<std::size_t>(init.first_column);
    const auto end = init.end_column < 0 ? view.columns : static_cast<std::size_t>(init.end_column);
    if (first >= end || end > view.columns) return false;
    if (init.all_columns >= 0 && static_cast<std::size_t>(init.all_columns) != view.columns)
        return false;
    const std::size_t width = end - first;
    return init.transpose ? rows == width && columns == view.rows
                          : rows == view.rows && columns == width;
}

std::vector<double> entries(const View& view, const Initializer& init, std::size_t rows,
                            std::size_t columns) {
    std::vector<double> taken;
    taken.reserve(rows * columns);
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) {
            const std::size_t row = init.transpose ? j : i;
            const std::size_t column = init.transpose ? i : j;
            const auto first = static_cast<std::size_t>(init.first_column);
            taken.push_back(view.numbers[row * view.columns + first + column]);
        }
    }
    return taken;
}

// ", columns 0 to 31, transposed"
std::string taken_text(const Initializer& init) {
    std::string text;
    if (init.end_column >= 0) {
        text = fmt::format(", columns {} to {}", init.first_column, init.end_column - 1);
    }
    if (init.all_columns >= 0) text += fmt::format(" of {}", init.all_columns);
    return text + (init.transpose ? ", transposed" : "");
}

// The row of a run's dataset that is of the step.
std::size_t row_of_step(const Initializer& init, const DataFolder& directory, std::size_t rows) {
    if (init.step < 0) return rows - 1;
    const std::string path = directory.path_of(init.path),
                      steps = scale_of_rows(path, init.dataset, init.where);
    if (steps.empty())
        reject(init.where, fmt::format("\"{}\" of \"{}\" says of no row which step it is of; "
                                       "expected a run file, or at = \"last\"",
                                       init.dataset, init.path));
    const DataSet found = read_dataset(path, steps, init.where, directory.trial);
    for (std::size_t k = 0; k < found.numbers.size(); ++k) {
        if (found.numbers[k] == static_cast<double>(init.step)) return k;
    }
    reject(init.where, fmt::format("\"{}\" has no row of step {} in \"{}\"; its rows are of steps "
                                   "{:.0f} to {:.0f}",
                                   init.path, init.step, init.dataset, found.numbers.front(),
                                   found.numbers.back()));
}

// What a run recorded of its strengths after one of its steps.
DataSet row_of_run(const Initializer& init, DataSet data, const DataFolder& directory) {
    if (data.shape.size() < 2 || data.shape[0] == 0) {
        reject(init.where, fmt::format("\"{}\" of \"{}\" has no rows by steps; expected the "
                                       "strengths that a run has recorded",
                                       init.dataset, init.path));
    }
    const std::size_t rows = data.shape[0], count = data.numbers.size() / rows,
                      row = row_of_step(init, directory, rows);
    const auto first = data.numbers.begin() + static_cast<std::ptrdiff_t>(row * count);
    data.numbers = {first, first + static_cast<std::ptrdiff_t>(count)};
    data.shape.erase(data.shape.begin());
    return data;
}

}  // namespace

InitialDataset initial_dataset(const Initializer& init, int rows, int columns,
                               const std::string& what, const DataFolder& directory,
                               std::size_t synapses) {
    DataSet data =
        read_dataset(directory.path_of(init.path), init.dataset, init.where, directory.trial);
    if (init.is_of_run) data = row_of_run(init, std::move(data), directory);
    if (synapses > 0 && data.shape == std::vector<std::size_t>{synapses}) {
        require_finite(data, init.path, init.dataset, init.where);
        return {data.numbers, {"init", init.path, init.dataset, fingerprint_of(data)}, true};
    }
    const auto m = static_cast<std::size_t>(rows), n = static_cast<std::size_t>(columns);
    for (const View& view : readings(data)) {
        if (!fits(view, init, m, n)) continue;
        require_finite(data, init.path, init.dataset, init.where);
        return {entries(view, init, m, n), {"init", init.path, init.dataset, fingerprint_of(data)}};
    }
    const std::string shape = data.shape.empty() ? std::string("a single number")
                                                 : fmt::format("{}", fmt::join(data.shape, " x "));
    reject(init.where,
           fmt::format("dataset \"{}\" of \"{}\" is {}{}; expected {} x {} for {}", init.dataset,
                       init.path, shape, taken_text(init), rows, columns, what));
}

}  // namespace apical
