#pragma once

#include <string>
#include <string_view>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/text/keys.hpp"

namespace apical {

// A part of a population's cells, as a key spells it: "label[0:2]", the first cell and the one
// after the last; or all of them, "label".
struct CellSlice {
    Text of;                  // without the range
    int first = 0, end = -1;  // -1: all cells
    std::string range = {};   // "[0:2]"
    Where where = {};         // of the range, as exactly as the text has places

    bool is_all() const { return end < 0; }
    int first_or_all() const { return is_all() ? -1 : first; }
    // Cells that it has of a population of so many.
    int size(int all) const { return is_all() ? all : end - first; }
    std::string text() const { return of.text + range; }
};

// Throws Error{bad_model} for what begins a range and is none.
CellSlice cell_slice(const Section& section, std::string_view key);

// Throws Error{bad_model} at the range unless the task gives the population, which has these cells.
void check_slice(const CellSlice& slice, const Population& cells);

// "label", or "label[0:2]" of a part of `count` cells from the first one on; -1: all.
std::string name_of_part(std::string_view cells, int first, int count);

}  // namespace apical
