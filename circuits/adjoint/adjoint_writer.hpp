#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "circuits/adjoint/adjoint_program.hpp"
#include "circuits/program/formula.hpp"

namespace apical {

// What the derivatives of operations are written with. y' is dL/dy of what the operation at hand
// writes, x' that of an operand. Since slots are overwritten in place, y' before the operation
// takes the place of y' behind it: 0 where the operation sets, y' where it adds, what is kept where
// it changes.
class AdjointWriter {
public:
    // All references must outlive this. Writes into `made.backward`.
    AdjointWriter(const Program& program, const Circuit& circuit, const AdjointOptions& options,
                  AdjointProgram& made);

    // ---- parts and operations
    // Begins a part, whose numbers are read before or behind each of its operations.
    void begin_segment();
    // Writes the derivative of the operation of this number, and counts what it writes.
    std::vector<Operation> write(std::size_t operation);
    // Only counts it: nothing of it varies.
    void pass_over(std::size_t operation) { ++written_[written(operation).value]; }
    struct Taped {
        SlotId from, to;
        int version = 0;  // how many operations of the part have written it
    };
    const std::vector<Taped>& taped() const { return taped_; }
    int version_of(SlotId slot) const { return written_[slot.value]; }  // so far
    SlotId adjoint_of(SlotId slot);                                     // x' of a slot that varies

    // ---- the operation at hand
    const Operation& op() const { return *op_; }
    const Slot& slot(std::size_t k) const { return program_[op_->operands[k].slot]; }
    bool sets() const { return op_->operands[0].access == Access::set; }
    const AdjointOptions& options() const { return options_; }
    const Circuit& circuit() const { return circuit_; }
    const Program& program() const { return program_; }
    // Whether the derivative by this operand is of use to anybody.
    bool wants(std::size_t operand) const;
    SlotId adjoint(std::size_t operand);                   // x'
    std::vector<SlotId> adjoints_of_history(SlotId slot);  // the newest first
    SlotId value(std::size_t operand);  // what the operand is when the operation reads it
    SlotId result();                    // what the operation has written
    [[noreturn]] void has_none(std::string_view reason) const;

    // ---- words
    void clear(SlotId to);
    void copy(SlotId to, SlotId from);
    void add(SlotId to, double gain, SlotId from);
    // to += S x, or its transpose; to += a x b.
    void add_product(SlotId to, SlotId matrix, SlotId vector, bool reverse);
    void set_product(SlotId to, SlotId matrix, SlotId vector, bool reverse);
    void add_outer(SlotId to, SlotId post, SlotId pre);
    void add_inner(SlotId to, SlotId a, SlotId b);
    SlotId temporary(SlotId like);  // of the backward program, with the shape of another
    SlotId temporary_vector(int rows);
    SlotId temporary_number();
    SlotId ones(int rows);
    SlotId identity(SlotId like);
    // Sets `to` to a formula, or adds it to `to`, over slots of the backward program.
    struct Read {
        SlotId slot;
        Index index;
    };
    void set_formula(SlotId to, const Formula& formula, const std::vector<Read>& reads);
    // The whole derivative of an operation that is a formula of its operands: place 0 is what it
    // writes, before. Behind the operands come places of `more`, slots of the backward program.
    void through(const Formula& formula, const std::vector<SlotId>& more = {});

private:
    struct Part {
        std::size_t place;
        Index index;
    };
    const Slot& made(SlotId slot) const { return made_.backward[slot]; }
    SlotId written(std::size_t operation) const {
        return program_.operations[operation].operands[0].slot;
    }
    SlotId new_slot(Slot slot);
    SlotId taped(SlotId slot, int version);
    const SetGradient* set_of(SlotId slot) const;
    void append(Operation op);
    SlotId value_at(std::size_t place, const std::vector<SlotId>& more);
    Formula with_own_place(const Formula& formula) const;
    void keep(const Formula& formula, const std::vector<SlotId>& more);
    void add_by(const Part& part, const Formula& formula, const std::vector<SlotId>& more);
    // to = from d, or to += from d, d a formula over the operation's places.
    void scaled(SlotId to, bool adds, SlotId from, const Formula& d,
                const std::vector<SlotId>& more);
    void add_sum(SlotId to, Index index, SlotId from);
    Index index_of_result() const;

    const Program& program_;
    const Circuit& circuit_;
    const AdjointOptions& options_;
    AdjointProgram& made_;
    const Operation* op_ = nullptr;
    std::size_t number_ = 0;
    std::vector<Operation> written_operations_;
    std::vector<int> written_;  // by slot, in this part
    std::vector<Taped> taped_;
    std::map<std::pair<SlotId, int>, SlotId> known_;
    std::map<SlotId, std::vector<SlotId>> histories_;
    std::map<int, SlotId> ones_;
};

// Writes the derivative of the writer's operation.
void write_adjoint(AdjointWriter& writer);

// What an operation writes as a formula of its operands, of a kind that has one: y in place 0. The
// surrogate of spikes is in place of their step. Empty of any other.
Formula formula_of(const Program& program, const Circuit& circuit, const Operation& op);

// d formula / d x, x its operand of this place and index; 0 where it does not read it.
Formula derivative_by(const Formula& formula, std::size_t place, Index index);

// What fires in place of spikes: the integral of their surrogate, which is 0 a threshold below the
// threshold and `height` a threshold above it. Operands as of the function `spike`.
Formula smooth_spike(const Operation& spike, const Spikes& spikes);

}  // namespace apical
