#pragma once

#include <cstdint>
#include <vector>

#include "sim/diagnosis/diagnosed.hpp"

namespace apical {

// A model before it is composed to its end: what of it is known when [diagnose] is read.
struct ModelDraft {
    ProgramBuilder& program;
    const Section& section;  // [diagnose]
    const std::vector<BoundRule>& rules;
    std::int64_t steps;
};

}  // namespace apical
