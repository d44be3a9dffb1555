#include "sim/show/view/thinning.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace apical {

namespace {

constexpr std::uint64_t numbers_at_once = 1 << 18;
constexpr std::uint64_t shortest_window = 10, most_windows = 32;

// Calls with the first row and the number of rows of blocks that fit into little memory.
template <class Action>
void for_blocks(std::uint64_t first, std::uint64_t rows, std::uint64_t width, Action action) {
    const std::uint64_t whole = std::max<std::uint64_t>(1, numbers_at_once / width);
    for (std::uint64_t done = 0; done < rows; done += whole)
        action(first + done, std::min(whole, rows - done));
}

// The steps of an axis, one after the other.
class StepsOfAxis {
public:
    StepsOfAxis(const StoredRun& run, std::size_t axis)
        : run_(&run), axis_(axis), read_(run.axes()[axis].start_rows) {}

    // None after the last.
    std::optional<std::int64_t> next() {
        if (at_ == steps_.size()) {
            read_ += steps_.size();
            at_ = 0;
            const std::uint64_t left = run_->axes()[axis_].rows - read_;
            steps_ = run_->steps(axis_, read_, std::min(left, numbers_at_once));
        }
        if (steps_.empty()) return std::nullopt;
        return steps_[at_++];
    }

private:
    const StoredRun* run_;
    std::size_t axis_, at_ = 0;
    std::uint64_t read_ = 0;
    std::vector<std::int64_t> steps_;
};

// Takes rows, gives points. What is no number counts only where nothing else is.
template <class Number>
class Points {
public:
    explicit Points(std::size_t width) : least_(width), greatest_(width) {}

    void add(const double* row, std::uint64_t per) {
        if (per == 1) {
            append({row, row + least_.size()});
            return;
        }
        for (std::size_t k = 0; k < least_.size(); ++k) {
            least_[k] = rows_ == 0 ? row[k] : std::fmin(least_[k], row[k]);
            greatest_[k] = rows_ == 0 ? row[k] : std::fmax(greatest_[k], row[k]);
        }
        if (++rows_ == per) end_pair();
    }
    void end_segment() {
        if (rows_ > 0) end_pair();
    }
    std::vector<Number> take() { return std::move(points_); }

private:
    void append(const std::vector<double>& row) {
        for (const double one : row) points_.push_back(static_cast<Number>(one));
    }
    void end_pair() {
        append(least_);
        append(greatest_);
        rows_ = 0;
    }

    std::vector<double> least_, greatest_;
    std::uint64_t rows_ = 0;
    std::vector<Number> points_;
};

// `read(first, count)` gives rows of `width` numbers.
template <class Number, class Read>
std::vector<Number> points_of(const std::vector<Segment>& segments, std::size_t width, Read read) {
    Points<Number> points(width);
    if (width == 0) return {};
    for (const Segment& one : segments) {
        for_blocks(one.first, one.rows, width, [&](std::uint64_t first, std::uint64_t count) {
            const std::vector<double> rows = read(first, count);
            for (std::uint64_t k = 0; k < count; ++k) points.add(&rows[k * width], one.per);
        });
        points.end_segment();
    }
    return points.take();
}

// [row][phase][cell]; not a number in rows that the file lacks.
std::vector<double> rows_of(const StoredRun& run, const StoredQuantity& quantity,
                            const CellRange& shown, std::uint64_t first, std::uint64_t count) {
    const std::size_t phases = phases_of(quantity), size = shown.end - shown.begin;
    std::vector<double> all(count * phases * size, std::nan(""));
    if (first >= quantity.rows) return all;
    const std::uint64_t there = std::min(count, quantity.rows - first);
    for (std::size_t p = 0; p < phases; ++p) {
        const std::vector<double> part =
            run.read_part(quantity, first, there, p, shown.begin, size);
        for (std::uint64_t row = 0; row < there; ++row)
            std::copy_n(&part[row * size], size, &all[(row * phases + p) * size]);
    }
    return all;
}

// Rows of the windows that stay as they are, in order and apart from each other.
std::vector<Segment> exact_segments(std::vector<Window> windows, std::uint64_t room) {
    std::stable_sort(windows.begin(), windows.end(),
                     [](const Window& a, const Window& b) { return a.rows < b.rows; });
    if (windows.size() > most_windows) windows.resize(most_windows);
    std::vector<Segment> exact;
    for (const Window& window : windows) {
        if (window.rows > room) {
            const std::uint64_t half = room / 2;
            if (half == 0) break;
            exact.push_back({window.first, half});
            exact.push_back({window.first + window.rows - half, half});
            break;
        }
        exact.push_back({window.first, window.rows});
        room -= window.rows;
    }
    std::sort(exact.begin(), exact.end(),
              [](const Segment& a, const Segment& b) { return a.first < b.first; });
    return exact;
}

}  // namespace

std::size_t phases_of(const StoredQuantity& quantity) {
    return quantity.by_phase ? quantity.row.front() : 1;
}

CellRange shown_cells(const StoredQuantity& quantity, const CellRange& cells) {
    if (quantity.row.size() <= (quantity.by_phase ? 1 : 0)) return {0, 1};
    const std::vector<std::size_t>& chosen = quantity.chosen.back();
    const auto place_of = [&](std::size_t cell) {
        if (chosen.empty()) return std::min(cell, quantity.row.back());
        const auto place = std::lower_bound(chosen.begin(), chosen.end(), cell);
        return static_cast<std::size_t>(place - chosen.begin());
    };
    return {place_of(cells.begin), std::max(place_of(cells.begin), place_of(cells.end))};
}

std::vector<Window> windows_of(const StoredRun& run, std::size_t axis) {
    std::vector<Window> windows;
    Window now;
    const auto end_window = [&] {
        if (now.rows >= shortest_window) windows.push_back(now);
    };
    const std::uint64_t begin = run.axes()[axis].start_rows;
    const std::uint64_t sampled = run.axes()[axis].rows - begin;
    for_blocks(begin, sampled, 1, [&](std::uint64_t first, std::uint64_t count) {
        const std::vector<std::int64_t> steps = run.steps(axis, first, count);
        for (std::uint64_t k = 0; k < count; ++k) {
            const bool goes_on = steps[k] == now.step + static_cast<std::int64_t>(now.rows);
            if (now.rows == 0 || !goes_on) {
                end_window();
                now = {first + k - begin, 0, steps[k]};
            }
            ++now.rows;
        }
    });
    end_window();
    return windows;
}

std::vector<Segment> segments_of(std::uint64_t rows, std::vector<Window> windows,
                                 std::uint64_t room) {
    if (rows <= room) return {{0, rows, 1}};
    const std::vector<Segment> exact = exact_segments(std::move(windows), room / 2);
    std::uint64_t thinned = rows;
    for (const Segment& one : exact) thinned -= one.rows;
    // The last pair of each stretch between the windows may stand for fewer rows.
    const std::uint64_t broken = std::min<std::uint64_t>(exact.size() + 1, room / 8);
    const std::uint64_t pairs = std::max<std::uint64_t>(1, room / 4 - broken);
    const std::uint64_t per = std::max<std::uint64_t>(2, (thinned + pairs - 1) / pairs);
    std::vector<Segment> all;
    std::uint64_t done = 0;
    for (const Segment& one : exact) {
        if (one.first > done) all.push_back({done, one.first - done, per});
        all.push_back(one);
        done = one.first + one.rows;
    }
    if (rows > done) all.push_back({done, rows - done, per});
    return all;
}

std::vector<double> point_steps(const StoredRun& run, std::size_t axis,
                                const std::vector<Segment>& segments) {
    return points_of<double>(segments, 1, [&](std::uint64_t first, std::uint64_t count) {
        const std::vector<std::int64_t> steps = run.steps(axis, first, count);
        return std::vector<double>(steps.begin(), steps.end());
    });
}

std::uint64_t drop_beyond(std::vector<double>& numbers) {
    std::uint64_t beyond = 0;
    for (double& one : numbers) {
        if (!(std::abs(one) > std::numeric_limits<float>::max())) continue;
        one = std::nan("");
        ++beyond;
    }
    return beyond;
}

Rounded point_values(const StoredRun& run, const StoredQuantity& quantity, const CellRange& cells,
                     const std::vector<Segment>& segments) {
    const CellRange shown = shown_cells(quantity, cells);
    const std::size_t width = phases_of(quantity) * (shown.end - shown.begin);
    Rounded points;
    points.numbers =
        points_of<float>(segments, width, [&](std::uint64_t first, std::uint64_t count) {
            std::vector<double> rows = rows_of(run, quantity, shown, first, count);
            points.beyond += drop_beyond(rows);
            return rows;
        });
    return points;
}

std::uint64_t first_of_block(std::uint64_t block, std::uint64_t blocks, std::uint64_t rows) {
    return (block * rows + blocks - 1) / blocks;
}

std::vector<float> block_means(const StoredRun& run, const StoredQuantity& quantity,
                               std::uint64_t blocks) {
    std::vector<double> sums(blocks, 0.0), counts(blocks, 0.0);
    for_blocks(0, quantity.rows, 1, [&](std::uint64_t first, std::uint64_t count) {
        std::vector<double> rows = run.read(quantity, first, count);
        drop_beyond(rows);
        for (std::uint64_t k = 0; k < count; ++k) {
            if (std::isnan(rows[k])) continue;
            const std::uint64_t block = (first + k) * blocks / quantity.rows;
            sums[block] += rows[k];
            counts[block] += 1.0;
        }
    });
    std::vector<float> means;
    for (std::uint64_t b = 0; b < blocks; ++b)
        means.push_back(static_cast<float>(sums[b] / counts[b]));
    return means;
}

std::uint64_t steps_sampled(const StoredRun& run, const std::vector<std::size_t>& axes) {
    std::vector<StepsOfAxis> all;
    std::vector<std::optional<std::int64_t>> heads;
    for (const std::size_t axis : axes) {
        all.emplace_back(run, axis);
        heads.push_back(all.back().next());
    }
    for (std::uint64_t count = 0;; ++count) {
        std::optional<std::int64_t> step;
        for (const auto& head : heads)
            if (head && (!step || *head < *step)) step = head;
        if (!step) return count;
        for (std::size_t k = 0; k < heads.size(); ++k)
            while (heads[k] && *heads[k] <= *step) heads[k] = all[k].next();
    }
}

}  // namespace apical
