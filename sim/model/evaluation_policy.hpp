#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace apical {

// When a run is evaluated while it goes on, and how: [evaluate] of a model file.
struct EvaluationPolicy {
    std::int64_t every = 0;  // steps of the run; 0: before the first and after the last alone
    std::optional<std::int64_t> steps = {}, settle = {};  // of each evaluation; unset: the usual
    std::optional<std::int64_t> trials = {};              // in place of steps
    std::string data = {};                                // split that is shown; empty: the usual
    std::uint32_t seed = 1;                               // of its draws
};

}  // namespace apical
