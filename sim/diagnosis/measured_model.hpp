#pragma once

#include <cstdint>

#include "sim/diagnosis/diagnosed.hpp"
#include "sim/engine/kernels/kernels.hpp"

namespace apical {

// The part of a model that a diagnosis needs. The model must outlive it.
struct MeasuredModel {
    const Circuit& circuit;
    const Program& program;
    const Diagnosed& diagnosed;
    Activation readout;  // of the task
    std::int64_t steps;  // that the run has
    const Kernels& kernels;
};

}  // namespace apical
