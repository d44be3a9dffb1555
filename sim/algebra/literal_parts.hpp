#pragma once

#include <algorithm>
#include <map>
#include <utility>
#include <vector>

#include "sim/algebra/literal_equations.hpp"
#include "sim/algebra/literal_functions.hpp"

namespace apical::algebra {

// A part of a statement with its names resolved, for one pass.
struct LiteralEquations::Part {
    const Expression* written = nullptr;
    Home home = Home::number;
    bool by_set = false;  // it may differ between sets
    const Quantity* quantity = nullptr;
    const LiteralFunction* function = nullptr;  // of a call
    std::vector<Part> of = {};
    // Sums over cells and synapses that have been made, by set and cell.
    mutable std::map<std::pair<std::size_t, Index>, double> sums = {};

    bool holds(const Quantity& x) const {
        return quantity == &x ||
               std::any_of(of.begin(), of.end(), [&](const Part& one) { return one.holds(x); });
    }
};

// The entry that is computed. The row counts for numbers in postsynaptic cells, the column for
// numbers in presynaptic ones.
struct LiteralEquations::At {
    std::size_t set = 0;
    Index row = 0, column = 0;
    Index synapse = -1;  // the number at a set that has few

    At in_cell(Index cell) const { return {set, cell, cell}; }
    double read(const Quantity& q) const {
        const Matrix& numbers = q.numbers[q.numbers.size() == 1 ? 0 : set];
        if (q.home == Home::number || q.home == Home::all) return numbers(0, 0);
        if (q.home == Home::post) return numbers(row, 0);
        if (q.home == Home::pre) return numbers(column, 0);
        if (q.home == Home::synapse && synapse >= 0) return numbers(synapse, 0);
        return numbers(row, column);
    }
};

}  // namespace apical::algebra
