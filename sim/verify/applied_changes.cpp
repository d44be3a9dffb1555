#include "sim/verify/applied_changes.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>

#include "sim/engine/state_matrices.hpp"

namespace apical {

using algebra::Matrix;

AppliedChanges::AppliedChanges(const Model& model, const BoundRule& bound)
    : program_(model.program), how_(bound.application) {
    if (how_.is_direct()) return;
    for (const SynapseSetId set : bound.synapses) {
        if (const SlotId sum = program_.tag_of(set, "pending"))
            sets_.push_back({program_.strength_of(set), sum, program_.tag_of(set, "momentum"),
                             program_.tag_of(set, "square"), program_.tag_of(set, connected_name)});
    }
    if (sets_.empty()) return;  // a rule that changes no strengths
    trial_ends_ = program_.clock_of(clock_name::ends);
    const std::vector<Operation>& all = program_.operations;
    const Set& set = sets_.front();
    const auto found = std::find_if(all.begin(), all.end(), [&](const Operation& op) {
        const SlotId written = op.operands[0].slot;
        const bool is_of_set =
            written == set.strength || written == set.mean || written == set.square;
        return is_of_set && op.asker == Asker::rule;
    });
    applies_ = static_cast<std::size_t>(found - all.begin());
}

void AppliedChanges::before(std::size_t operation, std::size_t first, const State& state) {
    if (sets_.empty()) return;
    if (trial_ends_) ends_ = *state.data(trial_ends_) > 0.0;
    if (operation == applies_) is_applied_ = true;
    if (operation == first && how_.at != ApplyAt::batch) counted_ += 1.0;
    // A trial may end in a step that is in no window of the rule.
    if (operation != first && (operation != applies_ || is_seen_)) return;
    is_seen_ = true;
    for (Set& set : sets_) {
        set.w = kept_numbers_of(state, set.strength);
        set.pending = kept_numbers_of(state, set.sum);
        if (set.connected) set.exists = kept_numbers_of(state, set.connected);
        if (set.mean) set.m = kept_numbers_of(state, set.mean);
        if (set.square) set.v = kept_numbers_of(state, set.square);
    }
}

void AppliedChanges::end_step() {
    if (how_.at == ApplyAt::batch && ends_) counted_ += 1.0;
    if (!is_applied_) return;
    counted_ = 0.0;
    applications_ += 1.0;
}

std::vector<SlotId> AppliedChanges::sums() const {
    std::vector<SlotId> all;
    for (const Set& set : sets_) all.push_back(set.sum);
    return all;
}

std::vector<Matrix> AppliedChanges::expected_sums(const std::vector<Matrix>& changes) const {
    std::vector<Matrix> all;
    for (std::size_t k = 0; k < sets_.size(); ++k) {
        const Matrix sum = sets_[k].pending + changes[k];
        all.push_back(is_applied_ ? Matrix(Matrix::Zero(sum.rows(), sum.cols())) : sum);
    }
    return all;
}

std::vector<Matrix> AppliedChanges::expected_strengths(const std::vector<Matrix>& changes) const {
    std::vector<Matrix> all;
    const double share = share_of(changes);
    for (std::size_t k = 0; k < sets_.size(); ++k) {
        const Set& set = sets_[k];
        Matrix step = step_of(set, set.pending + changes[k], share);
        const double most = how_.optimiser.largest_change;
        if (most > 0.0) step = step.cwiseMax(-most).cwiseMin(most).eval();
        all.push_back((1.0 - how_.optimiser.decay) * set.w + step);
    }
    return all;
}

// 0.5^(k / half_every) and the others, k applications before this one.
double AppliedChanges::factor() const {
    const RateSchedule& s = how_.schedule;
    const double k = applications_;
    double all = 1.0;
    if (s.half_every > 0.0) all *= std::exp2(-k / s.half_every);
    if (s.over > 0.0) {
        const double part = std::min(1.0, k / s.over);
        const double way = s.is_cosine ? 0.5 * (1.0 - std::cos(std::numbers::pi * part)) : part;
        all *= 1.0 + (s.to - 1.0) * way;
    }
    for (const double fall : s.falls) all *= k >= fall ? s.fall_by : 1.0;
    if (s.warmup > 0.0) all *= std::min(1.0, (k + 1.0) / s.warmup);
    return all;
}

// By what sums are multiplied: one over how many there were, and what brings all of them to the
// largest norm.
double AppliedChanges::share_of(const std::vector<Matrix>& changes) const {
    const double count = how_.at == ApplyAt::batch ? counted_ + 1.0 : std::max(counted_, 1.0);
    const double each = how_.average ? 1.0 / count : 1.0, most = how_.optimiser.largest_norm;
    if (most == 0.0) return each;
    double squares = 0.0;
    for (std::size_t k = 0; k < sets_.size(); ++k) {
        Matrix g = each / rate_of_binding * (sets_[k].pending + changes[k]);
        if (sets_[k].connected) g = g.cwiseProduct(sets_[k].exists).eval();
        squares += g.squaredNorm();
    }
    return std::sqrt(squares) > most ? each * most / std::sqrt(squares) : each;
}

// What the optimiser makes of a sum of changes; those of one were asked for with another rate.
Matrix AppliedChanges::step_of(const Set& set, const Matrix& sum, double share) const {
    const Optimiser& o = how_.optimiser;
    const Matrix g = share * sum;
    if (!o.takes_rate()) return factor() * g;
    const double rate = factor() * how_.rate, k = applications_ + 1.0;
    const Matrix x = g / rate_of_binding;
    if (o.kind == Optimiser::Kind::none) return rate * x;
    if (o.kind == Optimiser::Kind::momentum) return rate * (o.keep * set.m + x);
    if (o.kind == Optimiser::Kind::rmsprop) {
        const Matrix v = o.keep * set.v + (1.0 - o.keep) * x.cwiseAbs2();
        return rate * (x.array() / (v.array().sqrt() + o.epsilon)).matrix();
    }
    const Matrix m = o.beta_1 * set.m + (1.0 - o.beta_1) * x,
                 v = o.beta_2 * set.v + (1.0 - o.beta_2) * x.cwiseAbs2();
    const double one = 1.0 - std::pow(o.beta_1, k), two = 1.0 - std::pow(o.beta_2, k);
    if (o.epsilon_corrected)
        return rate * (m.array() / one / ((v.array() / two).sqrt() + o.epsilon)).matrix();
    return rate * std::sqrt(two) / one * (m.array() / (v.array().sqrt() + o.epsilon)).matrix();
}

}  // namespace apical
