#pragma once

#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/formula.hpp"
#include "learning_rules/lowering/part.hpp"

namespace apical {

// An operand of a formula: a slot, or the own number that the operation changes.
struct ReadOperand {
    SlotId slot;
    Index index = Index::all;
    bool is_own = false;
};

// The activation by which the cells at a part fire; its text when it is written in the model.
struct ActivationOfPart {
    Activation activation = Activation::linear;
    const WrittenActivation* written = nullptr;
    std::vector<SlotId> numbers = {};  // of each cell, that it has
};

// The words that make operands of a formula whose result is at `at`.
struct OperandWords {
    void* words;
    Place at;
    // Which operand a part is; nothing of one whose function is to be written in nodes.
    std::optional<ReadOperand> (*read)(void* words, const Part& part, Place at);
    // By which activation the cells at a part fire.
    ActivationOfPart (*activation_at)(void* words, const Part& part);
};

// The index by which a formula at synapses reads a number at the place.
Index index_at(Place place);

// Writes a part of an equation as the nodes of a formula, each once however often it is read.
class FormulaOfPart {
public:
    // `rule`: its name, for messages.
    FormulaOfPart(std::string rule, const OperandWords& words)
        : rule_(std::move(rule)), words_(words) {}

    // Throws Rejected, at its place in the text, for a power that no formula has.
    void write(const Part& part) { node_of(part); }

    const Formula& formula() const { return formula_; }
    // What the places of the formula from 1 on are; place 0 is the own number.
    const std::vector<SlotId>& operands() const { return operands_; }

private:
    std::uint16_t node_of(const Part& part);
    std::uint16_t operand(const ReadOperand& read);
    std::uint16_t power_of(const Part& part);
    std::uint16_t call_of(const Part& call);
    std::uint16_t slope_of(const Part& call);
    std::uint16_t phi_of(const Part& call);
    std::uint16_t composed(const Formula& formula, const ActivationOfPart& of, const Part& call);
    std::uint16_t number(double value) { return add({.number = value}); }
    std::uint16_t add(const FormulaNode& node);
    std::uint16_t add(Node node, std::uint16_t a, std::uint16_t b = 0, std::uint16_t c = 0);

    std::string rule_;
    OperandWords words_;
    Formula formula_;
    std::vector<SlotId> operands_;
};

// The part with the factors of each product at synapses in order: the constant, one for all,
// postsynaptic, presynaptic and the synapses' own, so that those of one place stand together.
Part ordered_by_place(const Part& part);

// Which limit of a formula with so many operands is passed, in words; nothing when none is.
// `registers`: also that of values that wait for others.
std::optional<std::string> why_no_formula(const Formula& formula, std::size_t operands,
                                          bool registers);

}  // namespace apical
