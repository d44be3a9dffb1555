#pragma once

#include <cstdint>
#include <vector>

#include "sim/algebra/network.hpp"
#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"

namespace apical {

// The gradient that a step's changes of synapse sets follow, W <- W - rate G: not the difference of
// two strengths, which loses digits, but the factors that were added to them, as
// post_i pre_j of `hebb` and post_i tag_ij of `consolidate`. It has arithmetic of its own, so that
// verify does not trust the kernels that it verifies (sim/diagnosis/update.hpp does).
class Gradient {
public:
    // Sets with the same postsynaptic cells, beside each other in this order. A rate of 0 gives
    // the gradient 0. Throws Error{bad_model} when a set is changed otherwise than by additions.
    Gradient(const Model& model, const std::vector<SynapseSetId>& sets, double rate);

    // At the end of the last phase of `step`, counted from 1, before the step's end moves what is
    // remembered.
    // One row a postsynaptic cell, the sets' columns beside each other.
    algebra::Matrix read(const State& state, std::int64_t step) const;

private:
    struct Change {
        const Operation* operation;
        int first_column;
    };
    double rate_;
    int rows_ = 0, columns_ = 0;
    std::vector<Change> changes_;
};

}  // namespace apical
