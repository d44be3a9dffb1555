#include "sim/show/view/inhibition.hpp"

#include <algorithm>

#include "circuits/anatomy/anatomy.hpp"
#include "circuits/program/quantity_path.hpp"

namespace apical {

namespace {

// Strengths were recorded, and of all cells.
bool is_whole(const StoredQuantity& strength) {
    const bool some_cells = std::any_of(strength.chosen.begin(), strength.chosen.end(),
                                        [](const auto& cells) { return !cells.empty(); });
    return strength.rows > 0 && !some_cells;
}

// Rows are read a part at a time; the first strength above 0 ends it.
bool inhibits(const StoredRun& run, const StoredQuantity& strength) {
    const std::uint64_t rows_at_once = std::max<std::uint64_t>(
        1, (std::uint64_t{1} << 18) / std::max<std::size_t>(1, strength.row_numbers()));
    bool some_below = false;
    for (std::uint64_t row = strength.rows; row > 0;) {
        const std::uint64_t count = std::min(rows_at_once, row);
        row -= count;
        const std::vector<double> numbers = run.read(strength, row, count);
        if (std::any_of(numbers.begin(), numbers.end(), [](double one) { return one > 0.0; }))
            return false;
        some_below |=
            std::any_of(numbers.begin(), numbers.end(), [](double one) { return one < 0.0; });
    }
    return some_below;
}

}  // namespace

std::vector<SynapseSetId> inhibitory_sets(const StoredRun& run, const Circuit& circuit) {
    const std::vector<SynapseSetId> at_start = inhibitory_at_start(circuit);
    std::vector<SynapseSetId> found;
    for (std::size_t k = 0; k < circuit.synapses.size(); ++k) {
        const std::string path =
            quantity_path::of_synapses(circuit.synapses[k].name, quantity_path::strength);
        const bool is_recorded = run.has(path) && is_whole(run.find(path));
        const bool is_bound = circuit.strength_range(SynapseSetId(k)).high <= 0.0;
        const bool is_such = is_recorded ? is_bound || inhibits(run, run.find(path))
                                         : std::find(at_start.begin(), at_start.end(),
                                                     SynapseSetId(k)) != at_start.end();
        if (is_such) found.push_back(SynapseSetId(k));
    }
    return found;
}

}  // namespace apical
