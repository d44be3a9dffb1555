#pragma once

#include <fmt/format.h>

#include <random>
#include <utility>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/engine/state.hpp"
#include "tests/formula_terms.hpp"

namespace apical {

// Operations of the kinds that are fused, on a few vectors and matrices, in any order.
class RandomProgram {
public:
    explicit RandomProgram(unsigned seed) : random_(seed) {
        program.phase_names = {"first", "second", "third"};
        cells_ = pick({3, 5, 8, 13, 40, 71});
        for (int k = 0; k < 5; ++k) vectors_.push_back(slot(Shape::per_cell, 1));
        for (int k = 0; k < 2; ++k) numbers_.push_back(slot(Shape::scalar, 1));
        for (int k = 0; k < 3; ++k) matrices_.push_back(slot(Shape::per_synapse, cells_));
        for (int k = 0; k < 2; ++k) tags_.push_back(slot(Shape::per_synapse, cells_));
        for (int phase = 0; phase < 3; ++phase) {
            for (int k = pick({2, 4, 7}); k > 0; --k) add(PhaseId(phase));
        }
        for (int k = pick({0, 0, 2}); k > 0; --k) add({});  // at the step's end
        const Operand last{any(vectors_), Access::set};
        program.operations.push_back({.kind = Kind::remember, .operands = {last, of(vectors_)}});
    }

    // Some changes of matrices and tags by a formula that reads others, anywhere in between.
    void add_formulas(unsigned seed) {
        using namespace terms;
        random_.seed(seed);
        const Term sum = 0.5 * w() + post(1) * pre(2) - all(3) * tag(4);
        for (int k = pick({1, 2, 3}); k > 0; --k) {
            const auto places = static_cast<int>(program.operations.size());
            const int at = std::uniform_int_distribution<int>(0, places - 1)(random_);
            const auto before = program.operations.begin() + at;
            Operation op{.kind = Kind::synaptic, .phase = before->phase};
            op.formula = clip(sum, -2.0, 2.0).formula;
            op.operands = {{any(chance() ? matrices_ : tags_), Access::update},
                           of(vectors_),
                           of(vectors_),
                           of(numbers_),
                           of(chance() ? matrices_ : tags_)};
            if (op.phase) op.every = pick({1, 1, 2});
            program.operations.insert(before, std::move(op));
        }
    }

    // The first operations of some phases in iterations.
    void repeat(unsigned seed) {
        random_.seed(seed);
        for (std::size_t phase = 0; phase < program.phase_names.size(); ++phase) {
            const int times = pick({1, 2, 3}), most = pick({2, 4, 9});
            int iterated = 0;
            for (Operation& op : program.operations) {
                if (op.phase == PhaseId(phase) && iterated++ < most) op.iterations = times;
            }
        }
    }

    // The first numbers of a state; others by another seed.
    void start(State& state, unsigned seed = 7) const {
        std::mt19937 random(seed);
        std::normal_distribution<double> normal(0.0, 0.5);
        for (std::size_t k = 0; k < program.slots.size(); ++k) {
            const Slot& slot = program.slots[k];
            std::vector<double> entries(std::size_t(slot.rows) * std::size_t(slot.columns));
            for (double& entry : entries) entry = normal(random);
            state.write(SlotId(k), entries.data());
        }
    }

    Program program;

private:
    int pick(std::vector<int> choices) {
        return choices[std::uniform_int_distribution<std::size_t>(0, choices.size() - 1)(random_)];
    }
    bool chance() { return pick({0, 1}) == 1; }
    SlotId any(const std::vector<SlotId>& slots) {
        return slots[std::uniform_int_distribution<std::size_t>(0, slots.size() - 1)(random_)];
    }
    Operand of(const std::vector<SlotId>& slots) { return {any(slots), Access::read}; }
    SlotId slot(Shape shape, int columns) {
        Slot slot;
        slot.name = fmt::format("slot{}", program.slots.size());
        slot.shape = shape;
        slot.rows = shape == Shape::scalar ? 1 : cells_;
        slot.columns = columns;
        program.slots.push_back(slot);
        return SlotId(program.slots.size() - 1);
    }
    void push(Operation op) { program.operations.push_back(std::move(op)); }

    void add(PhaseId phase) {
        const Access into = chance() ? Access::set : Access::increment;
        Operation op{.phase = phase, .gain = 0.25, .every = pick({1, 1, 1, 2})};
        switch (pick({0, 0, 1, 1, 2, 3, 4, 5, 6, 7, 8, 9})) {
            case 0:
                op.kind = Kind::transmit;
                op.reverse = pick({0, 0, 1}) == 1;
                op.operands = {{any(vectors_), into}, of(vectors_), of(matrices_)};
                break;
            case 1:
                op.kind = Kind::hebb;
                op.operands = {{any(matrices_), Access::update}, of(vectors_), of(vectors_)};
                break;
            case 2:
                op.kind = Kind::hebb;
                op.retain = 0.5;
                op.operands = {{any(tags_), Access::update}, of(vectors_), of(vectors_)};
                if (chance()) op.operands.push_back(chance() ? of(numbers_) : of(vectors_));
                if (op.operands.size() == 4 && op.operands[3].slot == numbers_[0])
                    op.operands.push_back(of(numbers_));
                break;
            case 3:
                op.kind = Kind::consolidate;
                op.operands = {{any(matrices_), Access::increment},
                               chance() ? of(numbers_) : of(vectors_),
                               of(tags_)};
                break;
            case 4:
                op.kind = Kind::cellwise;
                op.function = Function::difference;
                op.operands = {{any(vectors_), Access::set}, of(vectors_), of(vectors_)};
                break;
            case 5:
                op.kind = Kind::fire;
                op.activation = Activation::tanh;
                op.retain = chance() ? 0.5 : 0.0;
                op.gated = {false};
                op.operands = {{any(vectors_), op.retain > 0.0 ? Access::update : Access::set},
                               of(vectors_)};
                break;
            case 6:
                op.kind = Kind::cellwise;
                op.function = Function::slope;
                op.activation = Activation::tanh;
                op.operands = {{any(vectors_), Access::set}, of(vectors_)};
                break;
            case 8:
                op.kind = Kind::multiply;
                op.reverse = chance();
                op.operands = {{any(vectors_), into}, of(matrices_), of(vectors_)};
                break;
            case 9:
                op.kind = Kind::assign;
                op.operands = {{any(matrices_), Access::set}, of(tags_)};
                break;
            default:
                op.kind = Kind::modulate;
                op.function = Function::inner;
                op.operands = {{any(numbers_), into}, of(vectors_), of(vectors_)};
                if (chance()) op.operands[1] = op.operands[2] = of(tags_);
        }
        // A voltage does not drive itself.
        const std::size_t rate = op.kind == Kind::multiply ? 2 : 1;
        const bool product = op.kind == Kind::transmit || op.kind == Kind::multiply;
        if (product && op.operands[0].slot == op.operands[rate].slot) return;
        push(op);
    }

    std::mt19937 random_;
    int cells_ = 0;
    std::vector<SlotId> vectors_, numbers_, matrices_, tags_;
};

}  // namespace apical
