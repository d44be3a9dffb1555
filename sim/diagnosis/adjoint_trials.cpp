// Whole trials beside the program run backwards, and credit of either kind.
#include <algorithm>
#include <cmath>

#include "sim/diagnosis/adjoint_alignment.hpp"

namespace apical {

void RuleBesideAdjoint::begin_trial() {
    for (Part& part : parts_) part.sum.setZero();
}

void RuleBesideAdjoint::add_step() {
    for (std::size_t k = 0; k < parts_.size(); ++k) {
        take_estimate(k);
        parts_[k].sum += parts_[k].estimate;
    }
}

void RuleBesideAdjoint::end_trial(const AdjointRun& run, std::int64_t step) {
    Agreement all;
    for (Part& part : parts_) {
        const std::vector<double> exact = run.read_gradient(part.gradient);
        std::copy(exact.begin(), exact.end(), part.exact.data());
        compare(part, part.sum, part.exact, step);
        all += part.agreement.now();
    }
    compare_all(all, step);
}

// The numbers of the trial's clock are those of the step that begins.
void AdjointDiagnosis::begin_trial_step() {
    if (*trial_begins_ != 1.0) return;
    in_trial_ = true;
    trial_has_loss_ = false;
    run_.forget();
    for (RuleBesideAdjoint& one : rules_) one.begin_trial();
}

void AdjointDiagnosis::end_trial_step(std::int64_t step) {
    if (!in_trial_) return;
    run_.end_step();
    trial_has_loss_ |= loss_phase_ != AdjointRun::no_loss;
    for (RuleBesideAdjoint& one : rules_) one.add_step();
    for (Credit& one : credits_) keep(one, step);
    if (*trial_ends_ != 1.0) return;
    in_trial_ = false;
    if (trial_has_loss_) end_trial(step);
}

// Each row's derivatives by rates are there while it is gone back through.
void AdjointDiagnosis::end_trial(std::int64_t step) {
    std::vector<Products> sums(credits_.size());
    run_.whole([&](std::size_t age) {
        for (std::size_t k = 0; k < credits_.size(); ++k)
            add(sums[k], credits_[k], step - static_cast<std::int64_t>(age));
    });
    for (std::size_t k = 0; k < credits_.size(); ++k) record(credits_[k], sums[k], step);
    for (RuleBesideAdjoint& one : rules_) one.end_trial(run_, step);
}

// ---- credit

void AdjointDiagnosis::keep(Credit& credit, std::int64_t step) {
    const std::size_t cells = credit.voltages.size() / run_.rows();
    const auto row = static_cast<std::size_t>(step) % run_.rows();
    std::copy_n(state_.data(credit.watched->voltage), cells, credit.voltages.data() + row * cells);
}

void AdjointDiagnosis::add(Products& sums, const Credit& credit, std::int64_t step) const {
    const std::size_t cells = credit.voltages.size() / run_.rows();
    const double* const voltage =
        credit.voltages.data() + static_cast<std::size_t>(step) % run_.rows() * cells;
    const std::span<const double> exact = run_.tap(credit.tap);
    for (std::size_t i = 0; i < cells; ++i) {
        sums.both += voltage[i] * exact[i];
        sums.of_voltage += voltage[i] * voltage[i];
        sums.of_exact += exact[i] * exact[i];
    }
}

void AdjointDiagnosis::record(Credit& credit, const Products& sums, std::int64_t step) {
    const double cosine = sums.both / std::sqrt(sums.of_voltage * sums.of_exact),
                 norm_ratio = std::sqrt(sums.of_voltage / sums.of_exact);
    *state_.data(credit.watched->cosine) = cosine;
    *state_.data(credit.watched->norm_ratio) = norm_ratio;
    credit.cosine.add(step, cosine);
    credit.norm_ratio.add(step, norm_ratio);
}

}  // namespace apical
