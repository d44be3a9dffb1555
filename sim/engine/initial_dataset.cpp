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

}  // namespace

InitialDataset initial_dataset(const Initializer& init, int rows, int columns,
                               const std::string& what, const DataFolder& directory,
                               std::size_t synapses) {
    const DataSet data =
        read_dataset(directory.path_of(init.path), init.dataset, init.where, directory.trial);
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
