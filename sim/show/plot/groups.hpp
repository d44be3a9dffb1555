#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "sim/run_file/stored_run.hpp"

namespace apical {

// Runs that are drawn as one, by their places among the files of a figure.
struct Group {
    std::string name;  // empty when there is nothing to tell it from
    std::vector<std::size_t> runs;

    bool is_mean() const { return runs.size() > 1; }
    // "RFLO: mean of 3 runs"
    std::string title() const;
};

// `names` are those of the files. Without `mean` each run is a group; with it those are that differ
// in their seed alone: in nothing else that "resolved" says, not in the data that they read, and
// not in the step that they were branched after. Throws Error{usage} when there are no
// two such, or when a run comes twice.
std::vector<Group> groups_of(const std::vector<StoredRun>& files,
                             const std::vector<std::string>& names, bool mean);

}  // namespace apical
