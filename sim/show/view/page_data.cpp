#include "sim/show/view/page_data.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/show/view/events.hpp"
#include "sim/show/view/room.hpp"
#include "sim/show/view/spikes.hpp"
#include "sim/show/view/thinning.hpp"

namespace apical {

namespace {

// A page with fewer points says nothing; it rather shows fewer cells.
constexpr std::uint64_t fewest_points = 1000;
constexpr std::uint64_t mean_blocks = 200;
constexpr std::uint64_t words_of_step = 2;
constexpr std::uint64_t most_events = 20'000;
constexpr std::uint64_t most_spikes = 100'000;
constexpr std::size_t most_buttons = 32;  // more buttons than a page has place for

std::int64_t whole(std::uint64_t number) { return static_cast<std::int64_t>(number); }

using Quantities = std::vector<const StoredQuantity*>;

bool is_by_connection(const StoredQuantity& one) {
    return one.row.size() == 2 && !one.by_phase && !one.by_iteration;
}
bool is_number(const StoredQuantity& one) {
    return one.row.empty() || (one.row.size() == 1 && one.by_phase);
}
bool is_by_cell(const StoredQuantity& one) {
    return !one.by_iteration && one.row.size() == (one.by_phase ? 2 : 1);
}

template <class Condition>
Quantities quantities_that(const StoredRun& run, Condition condition) {
    Quantities found;
    for (const StoredQuantity& one : run.quantities())
        if (condition(one)) found.push_back(&one);
    return found;
}

std::uint64_t width_of(const StoredQuantity& one, const CellRange& cells) {
    const CellRange shown = shown_cells(one, cells);
    return phases_of(one) * (shown.end - shown.begin);
}

// One more than the largest number of a cell that was recorded.
std::size_t end_of_cells(const StoredQuantity& one) {
    const std::vector<std::size_t>& chosen = one.chosen.back();
    return chosen.empty() ? one.row.back() : chosen.back() + 1;
}

std::uint64_t words_of_row(const StoredQuantity& matrix) {
    return matrix.row_numbers() + words_of_step;
}

// With the places of the synapses that exist, where not all do: doubles of two words.
std::uint64_t words_of_one_row(const Quantities& matrices) {
    std::uint64_t words = 0;
    for (const StoredQuantity* one : matrices)
        words += words_of_row(*one) + 2 * one->synapses.size();
    return words;
}

class Showing {
public:
    Showing(const StoredRun& run, double step_ms, const CellRange& cells, std::uint64_t room)
        : run_(run), cells_(cells), room_(room) {
        events_ = shown_events(run_, step_ms, std::min(part(5), most_events * words_of_event),
                               data_.numbers);
        spikes_ = shown_spikes(run_, step_ms, std::min(part(10), most_spikes * words_of_spike),
                               data_.numbers);
        show_numbers();
        show_cells();
        show_matrices();
        name_what_is_left_out();
    }

    PageData take() {
        data_.table = {{entry("axes", axes_), entry("series", series_), entry("means", means_),
                        entry("matrices", matrices_), entry("cells", cells_text_),
                        entry("left_out", left_out_),
                        entry("phase_steps", whole(steps_sampled_by_phase())),
                        entry("events", events_)}};
        if (!spikes_.empty()) data_.table.entries.push_back(entry("spikes", spikes_));
        return std::move(data_);
    }

private:
    std::uint64_t steps_sampled_by_phase() const {
        std::vector<std::size_t> axes;
        for (std::size_t a = 0; a < run_.axes().size(); ++a)
            if (!quantities_that(run_, [&](const StoredQuantity& one) {
                     return one.by_phase && one.axis == a;
                 }).empty())
                axes.push_back(a);
        return steps_sampled(run_, axes);
    }

    // Words for numbers of which a part of what is left may be taken.
    std::uint64_t part(std::uint64_t percent) const {
        const std::uint64_t used = data_.numbers.words();
        return used >= room_ ? 0 : (room_ - used) * percent / 100;
    }

    // Loss, alignment, gates: one number a step or phase.
    void show_numbers() {
        const Quantities numbers = quantities_that(run_, is_number);
        for (const StoredQuantity* one : numbers)
            if (!one->by_phase && one->rows > 2 * mean_blocks) add_means(*one);
        add_series(numbers, cells_, part(30));
    }

    // Half of what is left, or all that the matrices do not need.
    std::uint64_t room_for_cells() const {
        std::uint64_t matrices = 0;
        for (const StoredQuantity* one : quantities_that(run_, is_by_connection))
            matrices += one->rows * words_of_row(*one);
        const std::uint64_t left = part(100);
        return std::max(left / 2, left - std::min(left, matrices));
    }

    void show_cells() {
        const Quantities by_cell = quantities_that(run_, is_by_cell);
        const std::uint64_t room = room_for_cells();
        std::size_t largest = 0;
        for (const StoredQuantity* one : by_cell) largest = std::max(largest, end_of_cells(*one));
        if (largest > 0 && cells_.begin >= largest)
            throw Error(ExitCode::usage, fmt::format("`cells` {}:{}: the largest has {} cells",
                                                     cells_.begin, cells_.end, largest));
        const CellRange shown = cells_that_fit(by_cell, largest, room);
        if (shown.begin > 0 || shown.end < largest) {
            cells_text_ = fmt::format(
                "Of up to {} cells the page has {} to {}; "
                "apical view --cells A:B chooses others.",
                largest, shown.begin, shown.end - 1);
        }
        add_series(by_cell, shown, room);
    }

    CellRange cells_that_fit(const Quantities& quantities, std::size_t largest,
                             std::uint64_t room) const {
        CellRange shown{cells_.begin, std::min(cells_.end, largest)};
        const auto need = [&] {
            std::uint64_t words = 0;
            for (const StoredQuantity* one : quantities)
                words += width_of(*one, shown) * std::min(sampled_rows(one->axis), fewest_points);
            return words;
        };
        while (shown.end > shown.begin + 1 && need() > room)
            shown.end = shown.begin + (shown.end - shown.begin) / 2;
        return shown;
    }

    // Curves begin with the first step, matrices with what there was before it.
    std::uint64_t sampled_rows(std::size_t axis) const {
        return run_.axes()[axis].rows - run_.axes()[axis].start_rows;
    }

    // Adds curves of the quantities; those of one axis have the same points.
    void add_series(const Quantities& quantities, const CellRange& cells, std::uint64_t room) {
        std::vector<Quantities> of_axis(run_.axes().size());
        std::vector<std::uint64_t> widths(of_axis.size(), 0), needs(of_axis.size(), 0);
        for (const StoredQuantity* one : quantities) {
            if (width_of(*one, cells) == 0 || sampled_rows(one->axis) == 0) continue;
            of_axis[one->axis].push_back(one);
            widths[one->axis] += width_of(*one, cells);
        }
        for (std::size_t a = 0; a < widths.size(); ++a)
            if (!of_axis[a].empty()) needs[a] = (widths[a] + words_of_step) * sampled_rows(a);
        const std::vector<std::uint64_t> shares = shares_of(room, needs);
        for (std::size_t a = 0; a < widths.size(); ++a)
            if (!of_axis[a].empty())
                add_axis(a, of_axis[a], cells, shares[a] / (widths[a] + words_of_step));
    }

    void add_axis(std::size_t axis, const Quantities& quantities, const CellRange& cells,
                  std::uint64_t points) {
        const std::vector<Window> windows = windows_of(run_, axis);
        std::vector<Segment> segments = segments_of(sampled_rows(axis), windows, points);
        for (Segment& one : segments) one.first += run_.axes()[axis].start_rows;
        const std::vector<double> steps = point_steps(run_, axis, segments);
        Array parts, stretches;
        for (const Segment& one : segments)
            parts.push_back(value_of(
                Table{{entry("rows", whole(one.rows)), entry("points", whole(one.points())),
                       entry("per", whole(one.per))}}));
        for (std::size_t k = 0; k < std::min(windows.size(), most_buttons); ++k)
            stretches.push_back(
                value_of(Table{{entry("first", windows[k].step),
                                entry("last", windows[k].step + whole(windows[k].rows) - 1)}}));
        const std::int64_t number = whole(axes_.size());
        axes_.push_back(value_of(
            Table{{entry("name", run_.axes()[axis].name), entry("rows", whole(sampled_rows(axis))),
                   entry("points", whole(steps.size())), entry("steps", data_.numbers.add(steps)),
                   entry("segments", parts), entry("windows", stretches)}}));
        for (const StoredQuantity* one : quantities) add_quantity(*one, number, cells, segments);
    }

    void add_quantity(const StoredQuantity& one, std::int64_t axis, const CellRange& cells,
                      const std::vector<Segment>& segments) {
        const CellRange shown = shown_cells(one, cells);
        const Rounded points = point_values(run_, one, cells, segments);
        Table series = {
            {entry("address", one.address), entry("path", one.path), entry("units", one.units),
             entry("symbol", one.symbol), entry("long_name", one.long_name), entry("axis", axis),
             entry("by_phase", one.by_phase), entry("phases", whole(phases_of(one))),
             entry("by_cell", is_by_cell(one)), entry("first_cell", whole(shown.begin)),
             entry("cells", whole(shown.end - shown.begin)), entry("beyond", whole(points.beyond)),
             entry("at", data_.numbers.add(points.numbers))}};
        if (is_by_cell(one)) add_chosen(series, "chosen", one.chosen.back());
        series_.push_back(value_of(series));
    }

    // Which cells they are, where only some were recorded.
    static void add_chosen(Table& to, const char* name, const std::vector<std::size_t>& cells) {
        if (cells.empty()) return;
        Array numbers;
        for (const std::size_t cell : cells) numbers.push_back(value_of(whole(cell)));
        to.entries.push_back(entry(name, numbers));
    }

    void add_means(const StoredQuantity& one) {
        std::vector<double> steps;
        for (std::uint64_t b = 0; b < mean_blocks; ++b) {
            const std::uint64_t first = first_of_block(b, mean_blocks, one.rows),
                                last = first_of_block(b + 1, mean_blocks, one.rows) - 1;
            steps.push_back(0.5 * static_cast<double>(run_.steps(one.axis, first, 1).front() +
                                                      run_.steps(one.axis, last, 1).front()));
        }
        Packed& numbers = data_.numbers;
        means_.push_back(value_of(
            Table{{entry("address", one.address), entry("blocks", whole(mean_blocks)),
                   entry("rows", whole(one.rows / mean_blocks)), entry("steps", numbers.add(steps)),
                   entry("at", numbers.add(block_means(run_, one, mean_blocks)))}}));
    }

    // Each has one row before any has more; the largest are left out when that is too much.
    void show_matrices() {
        Quantities all = quantities_that(
            run_, [](const StoredQuantity& one) { return is_by_connection(one) && one.rows > 0; });
        while (words_of_one_row(all) > part(100)) {
            const auto largest = std::max_element(
                all.begin(), all.end(), [](const StoredQuantity* a, const StoredQuantity* b) {
                    return a->row_numbers() < b->row_numbers();
                });
            left_out_.push_back(value_of((*largest)->address + ": it is too large"));
            all.erase(largest);
        }
        std::vector<std::uint64_t> needs;
        for (const StoredQuantity* one : all) needs.push_back((one->rows - 1) * words_of_row(*one));
        const std::vector<std::uint64_t> shares =
            shares_of(part(100) - words_of_one_row(all), needs);
        for (std::size_t k = 0; k < all.size(); ++k)
            add_matrix(*all[k], 1 + shares[k] / words_of_row(*all[k]));
    }

    // `moments` rows of it, evenly spread, with the first and the last.
    void add_matrix(const StoredQuantity& one, std::uint64_t moments) {
        std::vector<double> steps;
        std::vector<float> strengths;
        std::uint64_t beyond = 0;
        for (std::uint64_t k = 0; k < moments; ++k) {
            const std::uint64_t row =
                moments == 1 ? one.rows - 1 : k * (one.rows - 1) / (moments - 1);
            steps.push_back(static_cast<double>(run_.steps(one.axis, row, 1).front()));
            std::vector<double> numbers = run_.read(one, row, 1);
            beyond += drop_beyond(numbers);
            for (const double strength : numbers) strengths.push_back(static_cast<float>(strength));
        }
        Packed& numbers = data_.numbers;
        Table matrix = {{entry("address", one.address), entry("units", one.units),
                         entry("long_name", one.long_name), entry("post", whole(one.row[0])),
                         entry("pre", whole(one.row[1])), entry("moments", whole(moments)),
                         entry("rows", whole(one.rows)), entry("steps", numbers.add(steps)),
                         entry("beyond", whole(beyond)), entry("at", numbers.add(strengths))}};
        add_chosen(matrix, "chosen_post", one.chosen[0]);
        add_chosen(matrix, "chosen_pre", one.chosen[1]);
        if (!one.synapses.empty()) {
            const std::vector<double> places(one.synapses.begin(), one.synapses.end());
            matrix.entries.push_back(entry("synapses", whole(places.size())));
            matrix.entries.push_back(entry("synapses_at", numbers.add(places)));
        }
        matrices_.push_back(value_of(matrix));
    }

    void name_what_is_left_out() {
        for (const StoredQuantity& one : run_.quantities()) {
            if (!is_by_connection(one) && !is_number(one) && !is_by_cell(one))
                left_out_.push_back(value_of(fmt::format(
                    "{}: {}; `apical inspect --at`", one.address,
                    one.by_iteration ? "in each iteration" : "more than two dimensions")));
        }
    }

    const StoredRun& run_;
    const CellRange cells_;
    const std::uint64_t room_;
    PageData data_;
    Array axes_, series_, means_, matrices_, left_out_, spikes_;
    Table events_;
    std::string cells_text_;
};

}  // namespace

PageData page_data_of(const StoredRun& run, double step_ms, const CellRange& cells,
                      std::uint64_t room) {
    return Showing(run, step_ms, cells, room).take();
}

}  // namespace apical
