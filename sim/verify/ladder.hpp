#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sim/model/model.hpp"

namespace apical {

// The update is compared over at most so many steps.
inline constexpr std::int64_t most_compared_steps = 1000;
inline constexpr int default_ladder_seeds = 3;

// What a run of a rung by itself came to.
struct FreeRun {
    double loss = 0.0;       // mean of the last tenth of its steps
    double alignment = 0.0;  // mean cosine with the true gradient, likewise (sim/diagnosis)
};

// A model on the way from an algorithm to a circuit.
struct Rung {
    std::string path, title;
    // Root mean squares over steps, and means over seeds: |G - G'| / |G_1|, G the gradient that the
    // rung's change of W follows, G' that of the first rung or of the one before, G_1 the first
    // rung's, all on the trajectory of the first.
    // Not a number when one of the two has another network, whose gradients are of other functions.
    double from_first = 0.0, from_before = 0.0;
    std::string another_network;  // "alpha 0.05, not 0.5"; empty when it is that of the first
    double loss = 0.0,
           loss_error = 0.0;  // of free runs: mean, S.E.M. over seeds (not a number of one)
    double alignment = 0.0;   // mean over seeds
};

struct Ladder {
    std::vector<Rung> rungs;  // the model itself is the last
    std::int64_t compared_steps = 0, steps = 0;
    int seeds = 0;
    std::uint32_t first_seed = 0;
};

// Climbs the ladder of a model file, every rung with the same overrides, seeds and number of steps;
// free runs have as many seeds, from the model's own on. Throws Error{bad_model} when the model has
// no ladder or a rung another task or size, Error{no_such_input} naming the rung,
// Error{numerical_failure}.
Ladder climb(const std::string& path, const Overrides& overrides, int seeds,
             const ReadingTrial& trial = {});

// A rung by itself, from its beginning to `run.steps`. The model must ask to be aligned.
FreeRun run_freely(const Model& model);

// A whole number from 1 to 10,000. Throws Error{usage}.
int seeds_of(const std::string& text);

// What `apical verify --ladder` prints.
std::string ladder_text(const Ladder& ladder);
std::string ladder_json(const Ladder& ladder);

}  // namespace apical
