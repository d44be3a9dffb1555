#pragma once

#include <cstddef>
#include <vector>

#include "sim/algebra/network.hpp"
#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"

namespace apical {

// What `apply`, `average`, `optimiser` and `schedule` of a rule make of the changes that its text
// asks for (docs/trials.md), written out from the keys: sums of them, and at their end
//
//     W <- (1 - decay) W + clip(s(g)),  g the sum, divided by how many changes or trials there were
//
// with counts of its own. Each step begins with the sums and means that the run has.
class AppliedChanges {
public:
    // The arguments must outlive this.
    AppliedChanges(const Model& model, const BoundRule& bound);

    // Whether the rule's changes wait, or go through an optimiser.
    bool are_late() const { return !sets_.empty(); }
    void begin_step() { is_applied_ = is_seen_ = ends_ = false; }
    // Before an operation takes place; `first` is the rule's first that adds to a sum.
    void before(std::size_t operation, std::size_t first, const State& state);
    void end_step();

    // Whether sums were added to the strengths in this step.
    bool is_applied() const { return is_applied_; }
    // Whether there is a sum behind this step that may be other than 0.
    bool has_sums() const { return is_seen_ && !is_applied_; }
    // The slots of the sums, and what they are behind a step that asked for these changes, one for
    // each set.
    std::vector<SlotId> sums() const;
    std::vector<algebra::Matrix> expected_sums(const std::vector<algebra::Matrix>& changes) const;
    // The strengths behind a step in which sums were added, before bounds keep them.
    std::vector<algebra::Matrix> expected_strengths(
        const std::vector<algebra::Matrix>& changes) const;

private:
    struct Set {
        SlotId strength, sum, mean, square, connected;
        algebra::Matrix w = {}, pending = {}, m = {}, v = {};  // before the step's change
        algebra::Matrix exists = {};                           // of a set that lacks synapses
    };
    algebra::Matrix step_of(const Set& set, const algebra::Matrix& sum, double share) const;
    double share_of(const std::vector<algebra::Matrix>& changes) const;
    double factor() const;

    const Program& program_;
    const Application& how_;
    std::vector<Set> sets_;
    SlotId trial_ends_;
    std::size_t applies_ = 0;    // the first operation that adds a sum to strengths
    double counted_ = 0.0;       // changes, or trials, since the last application
    double applications_ = 0.0;  // before this one
    bool ends_ = false, is_applied_ = false, is_seen_ = false;
};

}  // namespace apical
