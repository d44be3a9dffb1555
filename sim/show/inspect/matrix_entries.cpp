#include "sim/show/inspect/matrix_entries.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/quantity_path.hpp"
#include "sim/engine/places.hpp"

namespace apical {

namespace {

constexpr std::size_t most_numbers = 10'000, most_named = 12;

std::string cells_text(std::size_t size, std::string_view kind) {
    return size == 1 ? fmt::format("1 {} cell, 0", kind)
                     : fmt::format("{} {} cells, 0 to {}", size, kind, size - 1);
}

// The cells of a range, of which there must be all; all cells when there is none.
std::vector<CellPlace> cells_in_range(const std::optional<CellRange>& range, std::size_t size,
                                      std::string_view kind, const std::string& address) {
    const CellRange all = range.value_or(CellRange{0, size});
    if (all.end > size)
        throw Error(ExitCode::usage, fmt::format("\"{}\" has {}; found {}", address,
                                                 cells_text(size, kind), text_of(CellList{all})));
    std::vector<CellPlace> cells;
    for (std::size_t cell = all.begin; cell < all.end; ++cell) cells.push_back({cell, cell});
    return cells;
}

std::vector<CellPlace> recorded_cells(const StoredQuantity& quantity, std::size_t dimension,
                                      const std::optional<CellRange>& range) {
    const bool is_some = !quantity.chosen[dimension].empty();
    const char* kind = dimension == 0 ? "postsynaptic" : "presynaptic";
    if (!is_some) return cells_in_range(range, quantity.row[dimension], kind, quantity.address);
    return places_in(quantity, dimension, range ? std::optional(CellList{*range}) : std::nullopt);
}

}  // namespace

MatrixEntries::MatrixEntries(const StoredRun& run, const StoredModel& model, const MatrixPart& part)
    : run_(run), quantity_(run.find(part.address)) {
    const bool is_matrix = is_by_synapse() || (quantity_.row.size() == 2 && !quantity_.by_phase &&
                                               !quantity_.by_iteration);
    if (!is_matrix)
        throw Error(ExitCode::usage,
                    fmt::format("\"{}\" is no matrix of synapses; expected one, as in "
                                "\"W_rec[3, 17]\"",
                                quantity_.address));
    find_cells(part);
    if (post_.size() > most_numbers || pre_.size() > most_numbers ||
        post_.size() * pre_.size() > most_numbers)
        throw Error(ExitCode::usage,
                    fmt::format("\"{}\" are {} x {} numbers; expected at most {}, or `write_csv()`",
                                part.text, post_.size(), pre_.size(), most_numbers));
    find_places();
    if (!is_by_synapse()) find_gaps(model);
}

void MatrixEntries::find_cells(const MatrixPart& part) {
    if (is_by_synapse()) {
        post_ = cells_in_range(part.post, quantity_.post_cells, "postsynaptic", quantity_.address);
        pre_ = cells_in_range(part.pre, quantity_.pre_cells, "presynaptic", quantity_.address);
        return;
    }
    post_ = recorded_cells(quantity_, 0, part.post);
    pre_ = recorded_cells(quantity_, 1, part.pre);
}

void MatrixEntries::find_places() {
    places_.resize(post_.size() * pre_.size());
    if (is_by_synapse()) return find_by_synapse();
    for (std::size_t i = 0; i < post_.size(); ++i) {
        for (std::size_t j = 0; j < pre_.size(); ++j)
            places_[i * pre_.size() + j] = post_[i].place * quantity_.row[1] + pre_[j].place;
    }
}

// The cells of a range stand one behind the other.
void MatrixEntries::find_by_synapse() {
    const auto [to, from] = run_.read_synapses(quantity_);
    for (std::size_t k = 0; k < to.size(); ++k) {
        const auto post = static_cast<std::size_t>(to[k]), pre = static_cast<std::size_t>(from[k]);
        if (post == post_.front().cell) joined_to_first_.push_back(pre);
        if (post < post_.front().cell || post > post_.back().cell) continue;
        if (pre < pre_.front().cell || pre > pre_.back().cell) continue;
        places_[(post - post_.front().cell) * pre_.size() + pre - pre_.front().cell] = k;
    }
}

// A set that lacks synapses and is stored as a matrix has 0 where none is: which these are its
// model says, unless it says it by a file.
void MatrixEntries::find_gaps(const StoredModel& model) {
    if (!quantity_path::is_of_synapses(quantity_.path)) return;
    const Circuit& circuit = model.circuit;
    for (const SynapseSet& set : circuit.synapses) {
        const std::string path =
            quantity_path::of_synapses(set.name, quantity_path::name_of(quantity_.path));
        if (path != quantity_.path || !set.has_gaps()) continue;
        try {
            const auto seed = static_cast<std::uint32_t>(run_.integer(run_attribute::seed, 0));
            const SynapseRows rows = places_of(circuit, set, seed, {}).rows;
            for (std::size_t k = 0; k < places_.size(); ++k) {
                const std::size_t post = post_[k / pre_.size()].cell,
                                  pre = pre_[k % pre_.size()].cell;
                if (!rows.find(post, pre)) places_[k].reset();
            }
            const std::size_t first = post_.front().cell;
            joined_to_first_.assign(rows.column.begin() + rows.start[first],
                                    rows.column.begin() + rows.start[first + 1]);
        } catch (const Error&) {
            knows_gaps_ = false;
        }
    }
}

bool MatrixEntries::has_all() const {
    return std::all_of(places_.begin(), places_.end(), [](const auto& one) { return one; });
}

std::string MatrixEntries::others_text() const {
    const std::size_t count = joined_to_first_.size();
    std::vector<std::size_t> named = joined_to_first_;
    named.resize(std::min(count, most_named));
    if (count == 0) return fmt::format("  cell {} receives none of this set\n", post_.front().cell);
    return fmt::format("  cell {} receives {} of this set, from {}{}\n", post_.front().cell, count,
                       fmt::join(named, ", "), count > named.size() ? ", ..." : "");
}

std::string MatrixEntries::note() const {
    return knows_gaps_ ? ""
                       : " (0 also where there is no synapse, which a file says that the run read)";
}

void MatrixEntries::check_sampled(std::int64_t step) const {
    const std::uint64_t row = run_.row_of(quantity_.axis, step), rows = quantity_.rows;
    if (row < rows && run_.steps(quantity_.axis, row, 1).front() == step) return;
    std::vector<std::string> near;
    if (row > 0 && rows > 0)
        near.push_back(fmt::format("step {} before it",
                                   run_.steps(quantity_.axis, std::min(row, rows) - 1, 1).front()));
    if (row < rows)
        near.push_back(fmt::format("step {} after it", run_.steps(quantity_.axis, row, 1).front()));
    throw Error(
        ExitCode::usage,
        near.empty()
            ? fmt::format("{}: \"{}\" was sampled in no step", run_.path(), quantity_.address)
            : fmt::format("{}: \"{}\" was not sampled in step {}; the nearest are {}", run_.path(),
                          quantity_.address, step, fmt::join(near, " and ")));
}

std::int64_t MatrixEntries::last_step() const {
    if (quantity_.rows == 0) check_sampled(0);
    return run_.steps(quantity_.axis, quantity_.rows - 1, 1).front();
}

std::vector<std::optional<double>> MatrixEntries::table(std::int64_t step) const {
    const std::vector<double> row =
        run_.read_stored(quantity_, run_.row_of(quantity_.axis, step), 1);
    std::vector<std::optional<double>> numbers;
    for (const std::optional<std::size_t>& place : places_)
        numbers.push_back(place ? std::optional(row[*place]) : std::nullopt);
    return numbers;
}

MatrixCourse MatrixEntries::course() const {
    MatrixCourse course{run_.steps(quantity_.axis, 0, quantity_.rows),
                        run_.read_entry(quantity_, 0, quantity_.rows, *place(0, 0))};
    for (std::size_t row = 1; row < course.numbers.size(); ++row) {
        if (course.numbers[row] < course.numbers[course.least]) course.least = row;
        if (course.numbers[row] > course.numbers[course.largest]) course.largest = row;
    }
    return course;
}

}  // namespace apical
