#pragma once

#include <cstddef>
#include <map>
#include <vector>

#include "sim/algebra/network.hpp"
#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"

namespace apical {

// Between which numbers the circuit keeps the strengths of a set: within its bounds, and at 0 where
// no synapse is.
algebra::Within limits_of(const Circuit& circuit, const State& state, SynapseSetId set);

// What the circuit makes of strengths that a rule has changed, computed as it is written: they stay
// within bounds, are 0 where no synapse is, and by `scale_incoming` of populations W <- W to /
// total, or nearer to it by 1 - exp(-h / tau) (circuits/program/program_scaling.cpp).
class KeptStrengths {
public:
    // The model must outlive this.
    explicit KeptStrengths(const Model& model) : circuit_(model.circuit), program_(model.program) {}

    void begin_step() { before_.clear(); }
    // Before an operation takes place: sees what a population is about to scale.
    void before(std::size_t operation, const State& state);
    // The strengths of these sets, changed in this step, as they are kept behind it; those of
    // other sets are as they were seen. Of sets stored by rows they are a column, by synapse.
    std::vector<algebra::Matrix> kept(const std::vector<SynapseSetId>& sets,
                                      std::vector<algebra::Matrix> changed,
                                      const State& state) const;

private:
    PopulationId scaled_by(const Operation& op) const;
    std::vector<algebra::Matrix> within_bounds(const std::vector<SynapseSetId>& sets,
                                               std::vector<algebra::Matrix> numbers,
                                               const State& state) const;
    algebra::Matrix scaled(SynapseSetId set, const algebra::Vector& factors,
                           algebra::Matrix numbers) const;
    void add_totals(SynapseSetId set, int norm, const algebra::Matrix& w,
                    algebra::Vector& totals) const;
    const SynapseRows* places_of(SynapseSetId set) const;
    algebra::Vector factors_of(const IncomingScaling& scaling,
                               const std::vector<SynapseSetId>& sets,
                               const std::vector<algebra::Matrix>& changed) const;

    const Circuit& circuit_;
    const Program& program_;
    std::map<SlotId, algebra::Matrix> before_;
    double ms_ = 0.0;  // from one scaling to the next
};

}  // namespace apical
