#include "sim/show/export/even_stretch.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

// Grows by one row after the other and keeps the longest stretch so far.
class StretchSearch {
public:
    // Throws Error{bad_model}.
    void add(std::int64_t step, std::uint64_t row, const StoredRun& run) {
        check_rise(run, before_, step);
        if (now_.rows.count == 1) {
            now_.every = step - before_;
        } else if (now_.rows.count > 1 && step - before_ != now_.every) {
            now_ = {{row - 1, 1}, before_, step - before_};
        }
        if (now_.rows.count == 0) now_ = {{row, 0}, step, 1};
        ++now_.rows.count;
        before_ = step;
        if (now_.rows.count > longest_.rows.count) longest_ = now_;
    }
    EvenStretch longest() const { return longest_; }

private:
    EvenStretch now_, longest_;
    std::int64_t before_ = none_before;
};

}  // namespace

void check_rise(const StoredRun& run, std::int64_t before, std::int64_t step) {
    constexpr std::int64_t most = std::int64_t{1} << 53;  // beyond, doubles skip steps
    if (before < step && step <= most) return;
    const std::string place =
        before == none_before ? "its steps begin with" : fmt::format("after step {} comes", before);
    reject({run.path(), 0, 0}, fmt::format("is damaged: {} {}", place, step));
}

EvenStretch longest_even_stretch(const StoredRun& run, std::size_t axis, const RowRange& rows) {
    constexpr std::uint64_t block = 65536;
    StretchSearch search;
    for (std::uint64_t done = 0; done < rows.count; done += block) {
        std::uint64_t row = rows.first + done;
        for (const std::int64_t step : run.steps(axis, row, std::min(block, rows.count - done)))
            search.add(step, row++, run);
    }
    return search.longest();
}

void reject_steps(const StoredRun& run, const StepRange& steps) {
    std::int64_t first = INT64_MAX, last = none_before;
    for (const StoredAxis& axis : run.axes()) {
        if (axis.rows == 0) continue;
        first = std::min(first, axis.first);
        last = std::max(last, axis.last);
    }
    if (last == none_before)
        throw Error(ExitCode::usage, fmt::format("{}: has no rows yet", run.path()));
    throw Error(
        ExitCode::usage,
        fmt::format("{}: of what is asked for nothing was sampled in steps {} to {}; the file "
                    "has steps {} to {}",
                    run.path(), steps.first, steps.last, first, last));
}

}  // namespace apical
