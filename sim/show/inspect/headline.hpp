#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>

#include "sim/run_file/stored_run.hpp"

namespace apical {

// The headline loss of a stored run, as the run itself printed it.
struct Headline {
    double loss = std::numeric_limits<double>::quiet_NaN();  // there is none
    std::int64_t steps = 0;     // that it is of, the last of the run; 0 when the file does not say
    std::uint64_t counted = 0;  // of these, that it is the mean of
};

// What the file says that the run came to. A run that goes on or was killed has not said it: then
// of what was recorded in the last tenth of its steps, in the last `most` rows. `planned` steps
// explain a file of format 1, which does not say over how many steps its loss is.
Headline headline(const StoredRun& run, std::optional<std::int64_t> planned,
                  std::uint64_t most = UINT64_MAX);

// "mean of the last 200 steps"; "mean at the end of the run" when the file does not say.
std::string window_text(const Headline& headline);

// "0.66567  mean of the last 200 steps"
std::string text_of(const Headline& headline);

}  // namespace apical
