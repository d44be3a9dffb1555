#include "sim/engine/plan/rank_one_formula.hpp"

#include <cassert>

namespace apical {

namespace {

// Writes the formula node after node. Products are rounded as the kernels of these kinds round
// them: the change's number times the postsynaptic factor first, then that times the other factor,
// which is added to what the strength keeps.
class RankOneWriter {
public:
    RankOneWriter(const Operation& op, const Program& program) : op_(op), program_(program) {}

    Formula hebb() {
        const std::uint16_t kept = kept_strength();
        const bool has_number = op_.operands.size() > 4;
        const std::uint16_t gain =
            has_number ? join(Node::multiply, number(op_.gain), operand(4, Index::all))
                       : number(op_.gain);
        const std::uint16_t post = join(Node::multiply, gain, operand(1, Index::post));
        join(Node::add, kept, join(Node::multiply, post, operand(2, Index::pre)));
        return formula_;
    }
    Formula consolidation() {
        const std::uint16_t strength = operand(0, Index::synapse);
        std::uint16_t factor = number(op_.gain), tag = 1;
        if (op_.operands.size() > 2) {
            tag = 2;
            const Index of = is_number(1) ? Index::all : Index::post;
            factor = join(Node::multiply, factor, operand(1, of));
        }
        join(Node::add, strength, join(Node::multiply, factor, operand(tag, Index::synapse)));
        return formula_;
    }

private:
    std::uint16_t kept_strength() {
        const std::uint16_t strength = operand(0, Index::synapse);
        if (op_.operands.size() == 3 && op_.retain == 1.0) return strength;
        std::uint16_t keep;
        if (op_.operands.size() == 3) {
            keep = number(op_.retain);
        } else if (is_number(3)) {
            keep = join(Node::multiply, number(op_.retain), operand(3, Index::all));
        } else {
            keep = operand(3, Index::post);
        }
        return join(Node::multiply, keep, strength);
    }
    bool is_number(std::size_t k) const {
        return program_[op_.operands[k].slot].shape == Shape::scalar;
    }
    std::uint16_t add(const FormulaNode& node) {
        formula_.push_back(node);
        return static_cast<std::uint16_t>(formula_.size() - 1);
    }
    std::uint16_t number(double value) { return add({.node = Node::number, .number = value}); }
    std::uint16_t operand(std::uint16_t k, Index index) {
        return add({.node = Node::operand, .index = index, .a = k});
    }
    std::uint16_t join(Node node, std::uint16_t a, std::uint16_t b) {
        return add({.node = node, .a = a, .b = b});
    }

    const Operation& op_;
    const Program& program_;
    Formula formula_;
};

}  // namespace

Operation written_as_formula(const Operation& operation, const Program& program) {
    if (operation.kind == Kind::synaptic) return operation;
    assert(operation.kind == Kind::hebb || operation.kind == Kind::consolidate);
    Operation written = operation;
    written.kind = Kind::synaptic;
    RankOneWriter writer(operation, program);
    written.formula = operation.kind == Kind::hebb ? writer.hebb() : writer.consolidation();
    return written;
}

}  // namespace apical
