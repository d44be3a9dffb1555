#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/numbers/random.hpp"

namespace apical {

// The streams that a run draws from step by step: inputs, noise, late gates. Those of a run are of
// its own seed, under their own names; those of its evaluation are of another seed, and their names
// begin with "evaluate/", so that it draws nothing that training drew. What is drawn once, as
// initial strengths, synapses or a teacher, is of the run's seed in both.
struct RunStreams {
    std::uint32_t seed = 0;           // of what is drawn once
    std::uint32_t seed_of_steps = 0;  // of what is drawn step by step
    std::string prefix = {};          // of the names of these streams

    // The streams of a run: its seed stands for them wherever they are expected.
    RunStreams(std::uint32_t seed_of_run) : seed(seed_of_run), seed_of_steps(seed_of_run) {}
    // The streams of the evaluation of a run.
    RunStreams(std::uint32_t seed_of_run, std::uint32_t seed_of_evaluation)
        : seed(seed_of_run), seed_of_steps(seed_of_evaluation), prefix("evaluate/") {}

    std::string name(std::string_view stream) const { return prefix + std::string(stream); }
    Stream of_steps(std::string_view stream) const { return {seed_of_steps, name(stream)}; }
};

}  // namespace apical
