#include "sim/verify/axons_beside_rates.hpp"

#include <fmt/format.h>

#include "sim/engine/state_matrices.hpp"

namespace apical {

AxonsBesideRates::AxonsBesideRates(const Model& model) {
    for (const Operation& op : model.program.operations) {
        if (op.kind != Kind::conduct) continue;
        axons_.push_back({op.operands[0].slot, op.operands[1].slot, {}});
        axons_.back().fired.resize(static_cast<std::size_t>(op.lag));
    }
}

void AxonsBesideRates::start(const State& state) {
    for (Axon& axon : axons_)
        for (algebra::Matrix& past : axon.fired) past = numbers_of(state, axon.source);
}

void AxonsBesideRates::compare(const State& state, Comparison& comparison) const {
    for (const Axon& axon : axons_) {
        comparison.same(state.program()[axon.end].name, {axon.end}, numbers_of(state, axon.end),
                        axon.fired[steps_ % axon.fired.size()]);
    }
}

void AxonsBesideRates::end_step(const State& state) {
    for (Axon& axon : axons_)
        axon.fired[steps_ % axon.fired.size()] = numbers_of(state, axon.source);
    ++steps_;
}

}  // namespace apical
