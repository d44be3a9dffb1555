#pragma once

#include <string>
#include <vector>

#include "sim/sweep/imperfections.hpp"
#include "sim/sweep/sweep_result.hpp"

namespace apical {

// A model with each of its imperfections in each size, over several seeds, as a sweep. Its models
// are called "clean", "still", "instant", and "NAME = SIZE".
struct Rack {
    std::string model;  // path of the file
    std::vector<Imperfection> imperfections = {};
    std::vector<Override> still = {}, instant = {};  // instant: empty when it is not known
    std::vector<Override> set = {};                  // keys of all
    std::string seeds = {};                          // "1:6"
};

// The sweep file (TOML) of all that.
std::string sweep_text(const Rack& rack);

// Where a half of a gain is gone: the size, from mild to severe, at which the mean loss first
// reaches the middle of the clean loss and the baseline's, between two sizes by the logarithm of
// the size (of bits by the size).
struct HalfPoint {
    enum class Kind : unsigned char { none, before, between, behind };
    Kind kind = Kind::none;  // none: there is no gain
    double size = 0.0;       // between; the first size (before) or the last (behind)
};

struct SurvivedSize {
    double size = 0.0;
    std::vector<double> losses = {};  // of the seeds that were completed
    double mean = 0.0, error = 0.0;
    std::size_t failed = 0;
};

struct Survival {
    std::string name, what;
    std::vector<SurvivedSize> sizes;
    // The half of the gain over "still", and over "instant" where that is known. Between `low` and
    // `high` are 95 of 100 resamplings of the seeds, each with all its losses.
    struct Half {
        HalfPoint point, low, high;
    };
    Half still, instant;
};

struct SurvivalTable {
    std::string model, task;
    std::size_t seeds = 0;
    std::int64_t steps = 0;
    SurvivedSize clean, still, instant;  // instant: no losses when it is not known
    std::vector<Survival> rows;
};

// Reads off what the sweep of `sweep_text` came to. A task that stands in the result beside others
// has a table of its own. Jobs that failed count as a loss above any other.
std::vector<SurvivalTable> survival_of(const Rack& rack, const SweepResult& result);

std::string survival_text(const std::vector<SurvivalTable>& tables);
std::string survival_json(const std::vector<SurvivalTable>& tables);

}  // namespace apical
