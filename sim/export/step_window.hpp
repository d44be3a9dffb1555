#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

#include "sim/inspect/stored_run.hpp"

namespace apical {

// Steps [begin, end), counted from 1.
struct StepWindow {
    std::int64_t begin = 1, end = INT64_MAX;
};

// "100:200", "100". Throws Error{usage}.
StepWindow window_of(const std::string& text);

// Rows [first, first + count) of an axis.
struct RowRange {
    std::uint64_t first = 0, count = 0;
};

// The rows whose steps are in the window.
RowRange rows_in(const StoredRun& run, std::size_t axis, const StepWindow& window);

// Rows whose steps are `every` apart.
struct EvenStretch {
    RowRange rows;
    std::int64_t first_step = 0, every = 1;

    std::int64_t last_step() const {
        return first_step + static_cast<std::int64_t>(rows.count - 1) * every;
    }
};

// The longest among these rows, the first of several; no rows when there are none. Throws
// Error{bad_model} when the steps do not rise.
EvenStretch longest_even_stretch(const StoredRun& run, std::size_t axis, const RowRange& rows);

// Throws Error{usage}: that nothing was sampled in the window, and which steps were.
[[noreturn]] void reject_window(const StoredRun& run, const StepWindow& window);

}  // namespace apical
