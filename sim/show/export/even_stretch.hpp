#pragma once

#include <cstddef>
#include <cstdint>

#include "sim/run_file/ranges.hpp"

namespace apical {

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

// The step before the first one of a file.
inline constexpr std::int64_t none_before = -1;

// Throws Error{bad_model} unless `step` can follow `before`, or, with `none_before`, be the first.
void check_rise(const StoredRun& run, std::int64_t before, std::int64_t step);

// Throws Error{usage}: that nothing was sampled in these steps, and which steps were.
[[noreturn]] void reject_steps(const StoredRun& run, const StepRange& steps);

}  // namespace apical
