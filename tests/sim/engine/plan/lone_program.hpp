#pragma once

#include <vector>

#include "sim/engine/plan/plan.hpp"
#include "tests/sim/engine/kernels/padded_numbers.hpp"
#include "tests/small_circuit.hpp"

// Programs of a single operation, run beside slots that it has not declared.
namespace apical::lone {

inline constexpr int n = 11, m = 5;

inline Slot of_shape(Shape shape, int rows, int columns) {
    Slot slot;
    slot.shape = shape;
    slot.rows = rows;
    slot.columns = columns;
    return slot;
}

inline Slot scalar() { return of_shape(Shape::scalar, 1, 1); }
inline Slot vector(int rows = n) { return of_shape(Shape::per_cell, rows, 1); }
inline Slot square() { return of_shape(Shape::per_synapse, n, n); }
inline Slot tensor() { return of_shape(Shape::tensor, n, n * m); }
inline Slot history() { return of_shape(Shape::history, n, 4); }
inline Slot matrix() { return of_shape(Shape::per_synapse, n, m); }

// A program of one operation. Operand k is slot k; the slots behind the operands are strangers to
// it, one of each shape.
class LoneOperation {
public:
    LoneOperation(Operation op, Access written, const std::vector<Slot>& operands)
        : operands_(operands.size()) {
        program.phase_names = {"only"};
        program.slots = operands;
        for (const Slot& stranger : {scalar(), vector(), matrix()}) {
            program.slots.push_back(stranger);
        }
        for (std::size_t k = 0; k < operands_; ++k) {
            op.operands.push_back({SlotId(k), k == 0 ? written : Access::read});
        }
        if (op.kind != Kind::remember) op.phase = PhaseId(0);
        program.operations = {op};
    }

    bool is_operand(std::size_t k) const { return k < operands_; }
    Access written() const { return program.operations[0].operands[0].access; }

    // The numbers that a slot holds before. A number for all is positive, as a norm is.
    Matrix start(std::size_t k) const {
        const Slot& slot = program.slots[k];
        const Matrix numbers = normal_matrix(slot.rows, slot.columns, unsigned(k + 1));
        return slot.shape == Shape::scalar ? Matrix(numbers.cwiseAbs()) : numbers;
    }

    // The numbers of all slots afterwards; `fill` gives slots other contents to start with.
    template <class Fill>
    std::vector<Matrix> run(Fill fill) const {
        State state(program);
        for (std::size_t k = 0; k < program.slots.size(); ++k) {
            Matrix numbers = start(k);
            fill(k, numbers);
            state.write(SlotId(k), numbers.data());
        }
        const Plan plan = Plan::compile(program, state);
        // Scratch begins without numbers: an operation makes there what it needs.
        std::fill_n(state.scratch(), lanes * padded(n), NAN);
        plan.run_gates(0);
        plan.run_phase(0, 1);
        plan.run_step_end(1);
        std::vector<Matrix> after;
        for (std::size_t k = 0; k < program.slots.size(); ++k) {
            after.push_back(start(k));
            state.read(SlotId(k), after.back().data());
        }
        return after;
    }
    std::vector<Matrix> run() const {
        return run([](std::size_t, Matrix&) {});
    }
    Matrix result() const { return run()[0]; }

    Program program;

private:
    std::size_t operands_;
};

}  // namespace apical::lone
