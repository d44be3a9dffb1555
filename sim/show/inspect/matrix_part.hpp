#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "sim/model/stored_model.hpp"
#include "sim/run_file/ranges.hpp"
#include "sim/run_file/stored_run.hpp"

namespace apical {

// Some synapses of a recorded matrix, as users spell them: "W_rec[3, 17]" is that from presynaptic
// cell 17 to postsynaptic cell 3, "W_rec[0:4, :]" all that end on the first four cells.
struct MatrixPart {
    std::string address, text;
    std::optional<CellRange> post, pre;  // unset: all cells

    bool is_one() const { return is_one(post) && is_one(pre); }
    static bool is_one(const std::optional<CellRange>& cells) {
        return cells && cells->end == cells->begin + 1;
    }
};

// Throws Error{usage} for a text that is none.
MatrixPart matrix_part_of(const std::string& text);

// One synapse: what it was in all sampled steps, or in `step`. Several: a table of what they were
// in `step`, or in the last one that was sampled, without numbers where there is no synapse. Throws
// Error{usage} for what is no matrix, cells that there are not or that were not recorded, a step
// that was not sampled, and more numbers than anybody reads, Error{bad_model} for an address that
// was not recorded.
std::string matrix_text(const StoredRun& run, const StoredModel& model, const MatrixPart& part,
                        std::optional<std::int64_t> step);
std::string matrix_json(const StoredRun& run, const StoredModel& model, const MatrixPart& part,
                        std::optional<std::int64_t> step);

}  // namespace apical
