#include "sim/verify/gradient.hpp"

#include "sim/recurrent_network.hpp"

namespace apical {

namespace {

algebra::Matrix change_by(const Operation& operation, const State& state) {
    const auto numbers = [&](std::size_t k) {
        return numbers_of(state, operation.operands[k].slot);
    };
    if (operation.kind == Kind::hebb) return operation.gain * numbers(1) * numbers(2).transpose();
    const algebra::Matrix tag = numbers(operation.operands.size() - 1);
    if (operation.operands.size() == 2) return operation.gain * tag;
    const algebra::Matrix post = numbers(1);
    if (post.size() == 1) return operation.gain * post(0) * tag;
    return operation.gain * (post.col(0).asDiagonal() * tag);
}

bool adds_to(const Operation& operation, SlotId strength) {
    return (operation.kind == Kind::hebb || operation.kind == Kind::consolidate) &&
           operation.operands[0].slot == strength;
}

}  // namespace

Gradient::Gradient(const Model& model, const std::vector<SynapseSetId>& sets, double rate)
    : rate_(rate) {
    for (const SynapseSetId set : sets) {
        const SlotId strength = model.program.find(model.circuit[set].name);
        for (const Operation& operation : model.program.operations) {
            if (adds_to(operation, strength)) changes_.push_back({&operation, columns_});
        }
        rows_ = model.program[strength].rows;
        columns_ += model.program[strength].columns;
    }
}

algebra::Matrix Gradient::read(const State& state, std::int64_t step) const {
    algebra::Matrix G = algebra::Matrix::Zero(rows_, columns_);
    if (rate_ == 0.0) return G;
    for (const auto& [operation, first_column] : changes_) {
        if (step % operation->every != 0) continue;
        const algebra::Matrix change = change_by(*operation, state);
        G.middleCols(first_column, change.cols()) -= change / rate_;
    }
    return G;
}

}  // namespace apical
