#pragma once

#include <cstddef>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/engine/plan/fired_columns.hpp"

namespace apical {

using Indices = std::vector<std::size_t>;  // of a program's operations, in their order

// The operands of a program's operations, and the place in which each operation is performed. A
// place is the index of an operation, at first its own. Time goes round: after the last place, at
// the step's end, comes the first place of the next step.
class OperationOrder {
public:
    // The program must outlive this.
    explicit OperationOrder(const Program& program);

    const Operation& op(std::size_t index) const { return program_.operations[index]; }
    std::size_t count() const { return program_.operations.size(); }
    SlotId out(std::size_t index) const { return op(index).operands[0].slot; }
    SlotId operand(std::size_t index, std::size_t k) const { return op(index).operands[k].slot; }

    // The matrix and the vector of a product (`transmit` or `multiply` of three operands).
    SlotId matrix(std::size_t index) const {
        return operand(index, traits(op(index).kind).product.matrix);
    }
    SlotId vector(std::size_t index) const {
        return operand(index, traits(op(index).kind).product.vector);
    }
    std::vector<SlotId> matrices(const Indices& operations) const;

    // The phase that carries the operation out in iterations; unset of one that is carried out
    // once.
    PhaseId loop(std::size_t index) const {
        return op(index).iterations > 1 ? op(index).phase : PhaseId{};
    }
    bool is_intermediate(SlotId slot) const { return program_[slot].what == What::intermediate; }

    bool transmits_spikes(std::size_t index) const {
        return apical::transmits_spikes(program_, op(index));
    }
    bool is_by_rows(SlotId slot) const { return program_[slot].places != nullptr; }
    bool is_matrix(SlotId slot) const { return !is_vector(program_[slot].shape); }

    void perform_at(const Indices& operations, std::size_t place);
    // Whether the operation reads or writes the slot.
    bool touches(std::size_t index, SlotId slot) const;
    // Whether visit(i) holds for an operation after `from` and before `to`, both excluded; through
    // the step's end when to <= from:
    //     from < to:  from < i < to       to <= from:  from < i or i < to
    // An operation that has moved counts if its own place or its new one lies between.
    template <class Visit>
    bool any_between(std::size_t from, std::size_t to, Visit visit) const {
        const auto inside = [&](std::size_t i) {
            return from < to ? from < i && i < to : from < i || i < to;
        };
        for (std::size_t i = 0; i < program_.operations.size(); ++i) {
            if ((inside(i) || inside(place_[i])) && visit(i)) return true;
        }
        return false;
    }
    bool written_between(std::size_t from, std::size_t to, SlotId slot) const {
        return any_between(from, to, [&](std::size_t i) { return out(i) == slot; });
    }

private:
    const Program& program_;
    Indices place_;
};

}  // namespace apical
