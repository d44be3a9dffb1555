#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/step_memory.hpp"

namespace apical {

// Where entry (row, column) of a slot is, from the slot's first number. A tensor's entry (k, ij) is
// at the row k of panels whose columns are the entries of the set's own panels; a history is a
// vector for each step.
std::size_t place(const Slot& slot, std::size_t row, std::size_t column);

// One of the numbers that a slot keeps: of a matrix its row and column, and where it is from the
// slot's first number.
struct KeptEntry {
    std::size_t row = 0, column = 0, place = 0;
};
// How many numbers a slot keeps, without pads: of a matrix stored by rows those of its synapses.
std::size_t entries_of(const Slot& slot);
// The one of this number, in the order of rows and in a row of columns.
KeptEntry entry_of(const Slot& slot, std::size_t number);

// Physical memory in bytes.
double memory_of_machine();

// A copy of all that a state has.
struct StateSnapshot {
    std::vector<double> numbers;  // as State::memory
    StepMemory step_memory;
};

// All numbers of a run: the slots in one 64-byte aligned allocation, laid out once from the
// program, zero at the start, and beside them what steps keep for themselves. Scalars and vectors
// come first, padded to eight; what is only measured and matrices follow. Pads stay zero.
class State {
public:
    // Throws Error{bad_model} naming the largest matrix when the memory of the machine cannot hold
    // it.
    explicit State(const Program& program);

    double* data(SlotId slot) { return memory_.get() + offsets_[slot.value]; }
    const double* data(SlotId slot) const { return memory_.get() + offsets_[slot.value]; }

    // Copies the entries of a slot, out or in: rows * columns numbers, row-major, without pads. Of
    // a matrix stored by rows what is no synapse is read as 0, and is not written.
    void read(SlotId slot, double* row_major) const;
    void write(SlotId slot, const double* row_major);

    // A slot's numbers as they lie, with pads: padded(rows) * columns; of a
    // tensor padded(rows) times the numbers of a matrix of its set; stored by rows, as many as
    // there are synapses, padded.
    std::span<double> numbers(SlotId slot);
    std::span<const double> numbers(SlotId slot) const;
    // All numbers of a slot that has a line (Slot::line), its own ones last. Those of an axon come
    // with the newest first: its ring is turned back for it, which changes no number that steps
    // read and is no change of the state.
    std::span<double> line(SlotId slot);
    std::span<const double> line(SlotId slot) const;
    // Lets axons hold what their sources are now all along, as before the first step.
    void fill_axons();
    // Scalars and vectors of all slots with their pads, contiguous, without what is only measured.
    std::span<const double> vectors() const { return {memory_.get(), vector_count_}; }
    // All slots and scratch, as they lie.
    std::span<double> memory() { return {memory_.get(), total_}; }
    std::span<const double> memory() const { return {memory_.get(), total_}; }
    std::size_t bytes() const { return total_ * sizeof(double); }
    const Program& program() const { return program_; }

    // `scratch_vectors` of the largest size, for what an operation needs beside its operands.
    double* scratch() { return memory_.get() + scratch_; }

    // What the steps of this state's plans write beside the slots: deferred changes, above all.
    // Its address stays, also when the state is moved.
    StepMemory& step_memory() { return *step_memory_; }
    // Discards deferred changes, for slots that were written anew.
    void discard_deferred() { step_memory_->discard(); }
    // Whether a change is deferred: its slots are stale until Plan::flush.
    bool has_deferred() const { return step_memory_->has_deferred(); }

    // A copy, at any place between two steps of a plan; nothing needs to be flushed before.
    StateSnapshot snapshot() const;
    // What a snapshot had, of a state of the same program for which the same plans were made: they
    // go on from there as they would have gone on. Allocates nothing.
    void restore(const StateSnapshot& snapshot);

private:
    struct Free {
        void operator()(double* memory) const;
    };
    void turn_back(SlotId slot) const;
    const Program& program_;
    std::vector<std::size_t> offsets_;
    std::size_t vector_count_ = 0, scratch_ = 0, total_ = 0;
    std::unique_ptr<double[], Free> memory_;
    std::unique_ptr<StepMemory> step_memory_ = std::make_unique<StepMemory>();
};

}  // namespace apical
