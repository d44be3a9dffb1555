#pragma once

#include <cstdint>
#include <utility>
#include <vector>

#include "circuits/program/program.hpp"

namespace apical {

// In what order the numbers of a program's slots follow from each other. Slots that are made of
// each other, round a loop of any length, are one component; what is made of them comes later. So
// whoever goes through `order` knows what an operation reads, but for what closes a loop.
class Flow {
public:
    // `follows(operation, k)`: whether what the operation writes follows from its operand k,
    // counted from 1. The program must outlive this.
    template <class Follows>
    Flow(const Program& program, Follows follows) : Flow(program, edges_of(program, follows)) {}

    // All operations. Writers of one component stand together, as the program has them.
    const std::vector<std::uint32_t>& order() const { return order_; }
    // Whether operation i reads last step's value in the slot: what writes it comes later, or
    // nothing does.
    bool is_late(std::size_t i, SlotId slot) const { return first_written_[slot.value] >= i; }
    // The steps by which a late operation lags: 1, or a part of one where what writes the slot
    // later is iterated with what reads it, so that last iteration's value is read.
    double lateness(std::size_t i, SlotId slot) const;
    // Whether operation i reads what it makes itself, by way of the step before.
    bool closes_loop(std::size_t i, SlotId slot) const;

private:
    using Edge = std::pair<std::uint32_t, std::uint32_t>;  // slots, from what is read
    Flow(const Program& program, const std::vector<Edge>& edges);

    template <class Follows>
    static std::vector<Edge> edges_of(const Program& program, Follows& follows) {
        std::vector<Edge> edges;
        for (const Operation& op : program.operations) {
            for (std::size_t k = 1; k < op.operands.size(); ++k) {
                if (follows(op, k))
                    edges.emplace_back(op.operands[k].slot.value, op.operands[0].slot.value);
            }
        }
        return edges;
    }

    const Program& program_;
    std::vector<std::uint32_t> order_;
    std::vector<std::size_t> first_written_, component_;  // by slot
};

}  // namespace apical
