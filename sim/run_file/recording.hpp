#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/program/program.hpp"
#include "circuits/text/keys.hpp"

namespace apical {

// Some cells of a population, rising.
struct ChosenCells {
    Text name;  // of the population
    PopulationId population;
    std::vector<std::size_t> cells;
};

// One [record.*] table: which addresses, and in which steps.
struct Recording {
    std::string name;
    std::vector<Text> what;    // addresses, or "*" for everything
    std::int64_t every = 1;    // steps
    std::int64_t from = 1;     // first step
    std::int64_t to = 0;       // last step; before `from`: no step but the ends
    std::int64_t run_end = 0;  // The run's last step, which is recorded too, as is what there was
                               // before the first one of strengths and rates. 0: neither.
    // The cells of which rates, voltages and rows of matrices are recorded, and in `pre` those of
    // which columns of matrices are; all cells of a population that is not named.
    std::vector<ChosenCells> cells = {}, pre = {};
    bool each_iteration = false;        // also each iteration, of what cells have
    std::vector<std::int64_t> at = {};  // these steps, rising, in place of every, from and to
};

// The name of the table that records each trial in its last step.
inline constexpr std::string_view trials_table = "trials";

// The name of the table that records, at both ends of the run, the strengths that no [record.*]
// table records.
inline constexpr std::string_view ends_table = "endpoints";

// The writer of a run's rows: the run itself, which waits meanwhile, or a thread beside it, which
// wants a core of its own. The file is the same.
enum class Writing : std::uint8_t { within_run, beside_run };

}  // namespace apical
