#include "sim/verify/gradient.hpp"

#include <fmt/format.h>

#include "sim/diagnosis/update.hpp"
#include "sim/engine/state_matrices.hpp"

namespace apical {

namespace {

algebra::Matrix change_by(const Operation& operation, const State& state) {
    const auto numbers = [&](std::size_t k) {
        return numbers_of(state, operation.operands[k].slot);
    };
    if (traits(operation.kind).change == MatrixChange::rank_one)
        return operation.gain * numbers(1) * numbers(2).transpose();
    const algebra::Matrix tag = numbers(operation.operands.size() - 1);
    if (operation.operands.size() == 2) return operation.gain * tag;
    const algebra::Matrix post = numbers(1);
    if (post.size() == 1) return operation.gain * post(0) * tag;
    return operation.gain * (post.col(0).asDiagonal() * tag);
}

}  // namespace

Gradient::Gradient(const Model& model, const std::vector<SynapseSetId>& sets, double rate)
    : rate_(rate) {
    for (const SynapseSetId set : sets) {
        const SlotId strength = model.program.strength_of(set);
        for (const Operation& operation : model.program.operations) {
            // What keeps bounds follows no gradient; the equations are kept within them, too.
            if (operation.operands[0].slot != strength || keeps_strengths(operation.asker))
                continue;
            if (!is_addition(operation)) {
                reject(operation.where,
                       fmt::format("[{}] changes \"{}\" by more than an addition, so that no "
                                   "gradient can be read from the change",
                                   operation.asked_by, model.program[strength].name));
            }
            changes_.push_back({&operation, columns_});
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
