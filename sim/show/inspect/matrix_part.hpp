#pragma once

#include <optional>
#include <string>

#include "sim/run_file/ranges.hpp"

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

}  // namespace apical
