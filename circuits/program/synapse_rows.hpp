#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace apical {

// Which synapses a set has, row by row: those that end on postsynaptic cell i are the set's numbers
// start[i] to before start[i + 1], in the order of their presynaptic cells, which `column` has.
// Where a set is stored by rows its strengths and tags have a number for each of them, in this
// order.
struct SynapseRows {
    std::vector<std::uint32_t> start = {0};  // one more than there are postsynaptic cells
    std::vector<std::uint32_t> column = {};  // presynaptic cells, by number of the synapse

    std::size_t count() const { return column.size(); }
    std::size_t rows() const { return start.size() - 1; }
    // The number of the synapse from one cell to another; unset where there is none.
    std::optional<std::size_t> find(std::size_t post, std::size_t pre) const;
    // The postsynaptic cell of a synapse.
    std::size_t row_of(std::size_t synapse) const;
    // A number that two sets with other synapses have in common by a rare chance.
    std::uint64_t hash() const;
};

// Calls visit(postsynaptic cell, presynaptic cell, number) for each synapse, in order.
template <class Visit>
void for_each_synapse(const SynapseRows& all, Visit visit) {
    for (std::size_t i = 0; i < all.rows(); ++i) {
        for (std::size_t k = all.start[i]; k < all.start[i + 1]; ++k) visit(i, all.column[k], k);
    }
}

// Takes synapses in any order, each once, and brings them into rows.
class SynapseCollector {
public:
    explicit SynapseCollector(std::size_t rows) : counts_(rows) {}
    void join(std::size_t post, std::size_t pre);
    SynapseRows rows() &&;

private:
    struct Pair {
        std::uint32_t post, pre;
    };
    std::vector<std::uint32_t> counts_;   // by row
    std::vector<std::uint32_t> columns_;  // while they come in order
    std::vector<Pair> pairs_;             // from the first on that does not
    Pair last_ = {};
};

}  // namespace apical
