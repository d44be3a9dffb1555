#include "sim/show/export/csv.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <ostream>

#include "circuits/text/error.hpp"
#include "sim/show/export/even_stretch.hpp"
#include "sim/show/export/spike_table.hpp"

namespace apical {

namespace {

constexpr std::size_t most_columns = 1'000'000;  // of a table

// A quantity's rows in the window, in blocks.
class Column {
public:
    // A column with `most` entries of a phase.
    Column(const StoredRun& run, const StoredQuantity& quantity, const RowRange& rows,
           const std::optional<CellList>& cells, std::size_t most)
        : run_(run), quantity_(quantity), end_(rows.first + rows.count), row_(rows.first) {
        end_ = std::min(end_, quantity.rows);
        block_ = std::max<std::uint64_t>(
            1, (std::uint64_t{1} << 18) / std::max<std::size_t>(1, quantity.row_numbers()));
        for (std::size_t d = quantity.by_phase ? 1 : 0; d < quantity.row.size(); ++d)
            add_dimension(d, quantity.by_iteration && d == 0 ? std::nullopt : cells, most);
        if (!quantity.synapses.empty())
            std::erase_if(offsets_, [&](std::size_t offset) {
                return !std::binary_search(quantity.synapses.begin(), quantity.synapses.end(),
                                           offset);
            });
    }

    bool by_phase() const { return quantity_.by_phase; }
    bool ended() const { return row_ >= end_; }
    // The step of the row that it stands at.
    std::int64_t step() {
        load();
        return steps_[row_ - loaded_];
    }
    void advance() { ++row_; }

    std::size_t size() const { return offsets_.size(); }
    void write_header(std::ostream& to) const {
        for (const std::size_t offset : offsets_)
            to << ',' << csv_field(quantity_.address + place_of(offset));
    }
    void append_numbers(std::string& line, std::size_t phase) {
        load();
        const std::size_t row = (row_ - loaded_) * quantity_.row_numbers();
        const std::size_t begin = row + (quantity_.by_phase ? phase * entries_ : 0);
        for (const std::size_t offset : offsets_)
            fmt::format_to(std::back_inserter(line), ",{}", numbers_[begin + offset]);
    }
    void append_nothing(std::string& line) const { line.append(offsets_.size(), ','); }

private:
    // Extends the columns by a dimension of a phase's row: its places whose cells are in `cells`.
    // Throws Error{usage} when there would be more than `most`.
    void add_dimension(std::size_t dimension, const std::optional<CellList>& cells,
                       std::size_t most) {
        const std::vector<CellPlace> places = places_in(quantity_, dimension, cells);
        if (offsets_.size() > most / places.size())
            throw Error(ExitCode::usage,
                        fmt::format("with \"{}\" the table would have more than {} columns; choose "
                                    "some of its cells with `cells` A:B",
                                    quantity_.address, most_columns));
        const std::size_t size = quantity_.row[dimension];
        std::vector<std::size_t> all;
        for (const std::size_t offset : offsets_) {
            for (const CellPlace& one : places) all.push_back(offset * size + one.place);
        }
        offsets_ = std::move(all);
        entries_ *= size;
    }

    // "[3][5]": postsynaptic, presynaptic.
    std::string place_of(std::size_t offset) const {
        std::string place;
        for (std::size_t d = quantity_.row.size(); d-- > (quantity_.by_phase ? 1 : 0);) {
            place.insert(0, fmt::format("[{}]", cell_at(quantity_, d, offset % quantity_.row[d])));
            offset /= quantity_.row[d];
        }
        return place;
    }

    void load() {
        if (loaded_ <= row_ && row_ < loaded_ + steps_.size()) return;
        loaded_ = row_;
        const std::uint64_t count = std::min(block_, end_ - row_);
        const std::int64_t before = steps_.empty() ? none_before : steps_.back();
        steps_ = run_.steps(quantity_.axis, row_, count);
        check_steps(before);
        numbers_ = run_.read(quantity_, row_, count);
    }

    void check_steps(std::int64_t before) const {
        for (const std::int64_t step : steps_) {
            check_rise(run_, before, step);
            before = step;
        }
    }

    const StoredRun& run_;
    const StoredQuantity& quantity_;
    std::uint64_t end_, row_, block_ = 1, loaded_ = 0;
    std::vector<std::int64_t> steps_;
    std::vector<double> numbers_;
    std::vector<std::size_t> offsets_{0};  // in the entries of one phase
    std::size_t entries_ = 1;              // of one phase
};

class CsvWriter {
public:
    CsvWriter(const StoredRun& run, const CsvRequest& request) : run_(run) {
        check_end(request.steps, run);
        bool any = false;
        std::size_t room = most_columns;
        for (const std::string& address : request.what) {
            const StoredQuantity& quantity = run.find(address);
            const RowRange rows = rows_in(run, quantity.axis, request.steps);
            columns_.emplace_back(run, quantity, rows, request.cells, room);
            room -= columns_.back().size();
            by_phase_ |= quantity.by_phase;
            any |= !columns_.back().ended();
        }
        if (!any) reject_steps(run, request.steps);
    }

    std::uint64_t write(std::ostream& to) {
        to << "step,phase";
        for (const Column& column : columns_) column.write_header(to);
        check(to << '\n');
        std::uint64_t rows = 0;
        while (const auto step = next_step()) rows += write_step(*step, to);
        check(to.flush());
        return rows;
    }

private:
    std::optional<std::int64_t> next_step() {
        std::optional<std::int64_t> next;
        for (Column& column : columns_) {
            if (!column.ended()) next = std::min(next.value_or(column.step()), column.step());
        }
        return next;
    }

    // Returns the number of rows.
    std::uint64_t write_step(std::int64_t step, std::ostream& to) {
        const std::size_t phases = std::max<std::size_t>(1, run_.phases().size());
        const std::size_t first = by_phase_ ? 0 : phases - 1;
        for (std::size_t p = first; p < phases; ++p) {
            std::string line = fmt::format(
                "{},{}", step, p < run_.phases().size() ? run_.phases()[p] : std::string());
            for (Column& column : columns_) {
                const bool there = !column.ended() && column.step() == step;
                if (there && (column.by_phase() || p + 1 == phases)) {
                    column.append_numbers(line, p);
                } else {
                    column.append_nothing(line);
                }
            }
            put(line, to);
        }
        for (Column& column : columns_) {
            if (!column.ended() && column.step() == step) column.advance();
        }
        return phases - first;
    }

    static void put(std::string& line, std::ostream& to) {
        line += '\n';
        check(to << line);
    }
    static void check(const std::ostream& to) {
        if (!to)
            throw Error(ExitCode::input_output_error,
                        "the table cannot be written: is the disk full?");
    }

    const StoredRun& run_;
    std::vector<Column> columns_;
    bool by_phase_ = false;
};

}  // namespace

void check_csv(const StoredRun& run, const CsvRequest& request) {
    if (is_of_spikes(run, request)) {
        check_spike_table(run, request);
    } else {
        CsvWriter(run, request);
    }
}

std::uint64_t write_csv(const StoredRun& run, const CsvRequest& request, std::ostream& to) {
    return is_of_spikes(run, request) ? write_spike_table(run, request, to)
                                      : CsvWriter(run, request).write(to);
}

}  // namespace apical
