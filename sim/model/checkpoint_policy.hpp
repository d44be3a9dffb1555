#pragma once

#include <cstdint>

namespace apical {

// When a run is saved: [checkpoint] of a model file.
struct CheckpointPolicy {
    std::int64_t every = 0;  // steps; 0: not by steps
    double minutes = 10.0;   // 0: not by time
    std::int64_t keep = 1;   // how many of them stay

    bool has(std::int64_t step) const { return every > 0 && step % every == 0; }
};

}  // namespace apical
