#include "sim/export/step_window.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>

#include "circuits/error.hpp"

namespace apical {

namespace {

bool parse(std::string_view text, std::int64_t& number) {
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
    return error == std::errc() && end == text.data() + text.size();
}

// Grows by one row after the other and keeps the longest stretch so far.
class StretchSearch {
public:
    // Throws Error{bad_model}.
    void add(std::int64_t step, std::uint64_t row, const std::string& path) {
        constexpr std::int64_t most = std::int64_t{1} << 53;  // beyond, doubles skip steps
        if (step <= before_ || step > most)
            reject({path, 0, 0},
                   fmt::format("is damaged: step {} comes after step {}", step, before_));
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
    std::int64_t before_ = 0;
};

}  // namespace

StepWindow window_of(const std::string& text) {
    const std::size_t colon = text.find(':');
    const std::string_view whole = text;
    StepWindow window;
    bool right = parse(whole.substr(0, colon), window.begin);
    if (colon == std::string::npos) {
        right &= window.begin < INT64_MAX;
        window.end = right ? window.begin + 1 : 0;
    } else {
        right &= parse(whole.substr(colon + 1), window.end);
    }
    if (right && 1 <= window.begin && window.begin < window.end) return window;
    throw Error(ExitCode::usage,
                fmt::format("--steps {}: expected a range of steps, as in 1:101 for the first "
                            "hundred, or one, as in 7",
                            shortened(text)));
}

RowRange rows_in(const StoredRun& run, std::size_t axis, const StepWindow& window) {
    const std::uint64_t first = run.row_of(axis, window.begin);
    return {first, std::max(run.row_of(axis, window.end), first) - first};
}

EvenStretch longest_even_stretch(const StoredRun& run, std::size_t axis, const RowRange& rows) {
    constexpr std::uint64_t block = 65536;
    StretchSearch search;
    for (std::uint64_t done = 0; done < rows.count; done += block) {
        std::uint64_t row = rows.first + done;
        for (const std::int64_t step : run.steps(axis, row, std::min(block, rows.count - done)))
            search.add(step, row++, run.path());
    }
    return search.longest();
}

void reject_window(const StoredRun& run, const StepWindow& window) {
    std::int64_t first = INT64_MAX, last = 0;
    for (const StoredAxis& axis : run.axes()) {
        if (axis.rows == 0) continue;
        first = std::min(first, axis.first);
        last = std::max(last, axis.last);
    }
    if (last == 0) throw Error(ExitCode::usage, fmt::format("{}: has no rows yet", run.path()));
    throw Error(ExitCode::usage,
                fmt::format("{}: of what is asked for nothing was sampled in steps {}:{}; the file "
                            "has steps {} to {}",
                            run.path(), window.begin, window.end, first, last));
}

}  // namespace apical
