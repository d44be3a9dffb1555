#include "sim/tasks/file_trials.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/text/whole_number.hpp"

namespace apical {

namespace {

constexpr int most_types = 1'000'000;

// A number for each trial (or another count) from a dataset.
std::vector<double> numbers_of(const DataFile& file, const std::string& name, const Where& where) {
    DataSet data = file.read({name}, where);
    if (data.shape.size() != 1)
        reject(where, fmt::format("dataset \"{}\" of \"{}\" has the shape [{}]; expected a number "
                                  "for each trial",
                                  name, file.path(), fmt::join(data.shape, ", ")));
    return std::move(data.numbers);
}

void check_count(std::size_t found, std::size_t trials, const std::string& name,
                 const Where& where) {
    if (found != trials)
        reject(where, fmt::format("dataset \"{}\" has {} numbers; expected one for each of {} "
                                  "trials",
                                  name, found, trials));
}

std::size_t whole(double number, std::size_t most, const std::string& name, std::size_t trial,
                  const Where& where) {
    if (number >= 0.0 && number <= static_cast<double>(most) && number == std::floor(number))
        return static_cast<std::size_t>(number);
    reject(where, fmt::format("\"{}\" of trial {} is {}; expected a whole number from 0 to {}",
                              name, trial, number, most));
}

[[noreturn]] void reject_row(const DataFile& file, std::size_t row, const std::string& why) {
    throw Error(ExitCode::bad_model, fmt::format("{}: {}", file.table().place_of(row), why));
}

// The cells of a column at the beginning of each trial, which are those of all its rows.
std::vector<std::string> cells_by_trial(const std::vector<FileTrial>& trials, const DataFile& file,
                                        const std::string& name, const Where& where) {
    const std::vector<std::string_view> cells = file.table().cells(name, where);
    std::vector<std::string> all;
    for (const FileTrial& trial : trials) {
        const std::string_view first = cells[trial.first];
        all.emplace_back(first);
        for (std::size_t row = trial.first; row < trial.first + trial.steps; ++row) {
            if (cells[row] != first)
                reject_row(file, row,
                           fmt::format("\"{}\" is \"{}\", and \"{}\" where its trial began", name,
                                       shortened(cells[row]), shortened(first)));
        }
    }
    return all;
}

int type_in(const std::string& cell, const DataFile& file, std::size_t row) {
    const std::optional<std::int64_t> type = whole_number(cell);
    if (!type || *type > most_types)
        reject_row(file, row,
                   fmt::format("\"{}\" is no type of a trial; expected a whole number "
                               "from 0 to {}",
                               shortened(cell), most_types));
    return static_cast<int>(*type);
}

std::uint8_t split_in(const std::string& cell, const DataFile& file, std::size_t row) {
    const auto found = std::find(split_names.begin(), split_names.end(), cell);
    if (found == split_names.end()) {
        const std::vector<std::string> names(split_names.begin(), split_names.end());
        reject_row(file, row,
                   fmt::format("\"{}\" is no split; expected {}.{}", shortened(cell),
                               list_of(names), did_you_mean(cell, names)));
    }
    return static_cast<std::uint8_t>(found - split_names.begin());
}

// Trials of a table: rows one behind the other with the same cell.
std::vector<FileTrial> trials_in_column(const DataFile& file, const Text& name) {
    std::vector<FileTrial> trials;
    const std::vector<std::string_view> cells = file.table().cells(name.text, name.where);
    for (std::size_t row = 0; row < cells.size(); ++row) {
        if (row == 0 || cells[row] != cells[row - 1]) trials.push_back({row, 0, 0});
        ++trials.back().steps;
    }
    return trials;
}

}  // namespace

std::vector<FileTrial> equal_trials(std::size_t trials, std::size_t steps) {
    std::vector<FileTrial> all;
    for (std::size_t k = 0; k < trials; ++k) all.push_back({k * steps, steps, 0});
    return all;
}

std::vector<FileTrial> stated_trials(const Section& task, const DataFile& file, std::size_t rows) {
    const Text name = task.text("trials");
    if (file.is_table()) return trials_in_column(file, name);
    const std::string of_first = name.text + "/first", of_steps = name.text + "/steps";
    const std::vector<double> first = numbers_of(file, of_first, name.where),
                              steps = numbers_of(file, of_steps, name.where);
    check_count(steps.size(), first.size(), of_steps, name.where);
    if (first.empty())
        reject(name.where, fmt::format("\"{}\" has no trial; expected at least one", name.text));
    std::vector<FileTrial> trials;
    for (std::size_t k = 0; k < first.size(); ++k) {
        FileTrial one{whole(first[k], rows, of_first, k, name.where),
                      whole(steps[k], rows, of_steps, k, name.where), 0};
        if (one.steps == 0 || one.first + one.steps > rows)
            reject(name.where, fmt::format("trial {} is of {} steps from row {} on; expected at "
                                           "least one, and rows among the {} of the inputs",
                                           k, one.steps, one.first, rows));
        trials.push_back(one);
    }
    return trials;
}

void take_types(std::vector<FileTrial>& trials, const Section& task, const DataFile& file) {
    const Text name = task.text("type");
    if (file.is_table()) {
        const std::vector<std::string> cells = cells_by_trial(trials, file, name.text, name.where);
        for (std::size_t k = 0; k < trials.size(); ++k)
            trials[k].type = type_in(cells[k], file, trials[k].first);
        return;
    }
    const std::vector<double> types = numbers_of(file, name.text, name.where);
    check_count(types.size(), trials.size(), name.text, name.where);
    for (std::size_t k = 0; k < trials.size(); ++k)
        trials[k].type = static_cast<int>(whole(types[k], most_types, name.text, k, name.where));
}

Splits splits_of(const std::vector<FileTrial>& trials, const Section& task, const DataFile& file,
                 const RunStreams& streams) {
    if (!std::holds_alternative<std::string>(task.value("split").content))
        return Splits::drawn(task, trials.size(), streams);
    const Text name = task.text("split");
    std::vector<std::uint8_t> all;
    if (file.is_table()) {
        const std::vector<std::string> cells = cells_by_trial(trials, file, name.text, name.where);
        for (std::size_t k = 0; k < trials.size(); ++k)
            all.push_back(split_in(cells[k], file, trials[k].first));
        return Splits(std::move(all));
    }
    const std::vector<double> numbers = numbers_of(file, name.text, name.where);
    check_count(numbers.size(), trials.size(), name.text, name.where);
    for (std::size_t k = 0; k < trials.size(); ++k)
        all.push_back(static_cast<std::uint8_t>(
            whole(numbers[k], split_names.size() - 1, name.text, k, name.where)));
    return Splits(std::move(all));
}

}  // namespace apical
