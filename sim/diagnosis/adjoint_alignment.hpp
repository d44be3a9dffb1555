#pragma once

#include <memory>
#include <vector>

#include "sim/adjoint/adjoint_run.hpp"
#include "sim/diagnosis/agreement.hpp"
#include "sim/diagnosis/exact_gradient.hpp"
#include "sim/diagnosis/summary.hpp"
#include "sim/diagnosis/update.hpp"
#include "sim/numbers/tail_mean.hpp"

namespace apical {

// One rule's changes beside the exact gradient of any circuit, set by set, as Alignment has them of
// one recurrent layer.
class RuleBesideAdjoint {
public:
    // All but the plan must outlive this.
    RuleBesideAdjoint(const MeasuredModel& model, const Plan& plan, State& state,
                      const AlignedRule& rule, const AdjointProgram& program);

    bool faces_future() const {
        return rule_.facing == Facing::future || rule_.facing == Facing::future_late;
    }
    bool needs_each_step() const { return rule_.facing != Facing::past; }
    void begin_step();
    void after_phase(std::size_t phase, std::int64_t step) { update_.after_phase(phase, step); }
    // With the gradient that the rule faces, when the step's changes have been made.
    void end_step(const AdjointRun& run, bool is_complete, bool is_due, std::int64_t step);
    // Where whole trials are compared: a trial begins, one of its steps has been made, and it ends,
    // with the gradient of all of its losses.
    void begin_trial();
    void add_step();
    void end_trial(const AdjointRun& run, std::int64_t step);
    void begin_after(std::int64_t step);
    void summarise(DiagnosisSummary& summary, std::int64_t step) const;
    template <class Archive>
    void persist(Archive& archive) {
        for (Part& part : parts_) archive(part);
        archive(all_, cosine_, norm_ratio_, compared_);
        if (rule_.exact_window > 0) return;
        for (Part& part : parts_) archive(part.sum);
    }

private:
    struct Part {
        const AlignedSet* set = nullptr;
        std::string name;
        SlotId strength;
        std::size_t gradient = 0;  // of the adjoint program's sets
        Pairing pairing;
        algebra::Matrix before, estimate, exact, sum;  // the sum is of a trial's estimates
        StreamingAgreement agreement;
        TailMean cosine, norm_ratio;

        template <class Archive>
        void persist(Archive& archive) {
            archive(pairing, agreement, cosine, norm_ratio);
        }
    };
    void take_estimate(std::size_t part);
    void compare(Part& part, const algebra::Matrix& estimate, const algebra::Matrix& exact,
                 std::int64_t step);
    void compare_all(const Agreement& all, std::int64_t step);
    void record(const AgreementSlots& slots, const Agreement& agreement);

    State& state_;
    const AlignedRule& rule_;
    std::string truth_;
    Update update_;
    std::vector<Part> parts_;
    Agreement all_;
    TailMean cosine_, norm_ratio_;
    std::int64_t compared_ = 0;
};

// What [diagnose] asks of the program run backwards: its dynamics follow the run, phase by phase.
class AdjointDiagnosis {
public:
    AdjointDiagnosis(const MeasuredModel& model, const Plan& plan, State& state);

    void begin_step(std::size_t loss_phase);
    void after_phase(std::size_t phase, std::int64_t step);
    void end_step(std::int64_t step);
    void begin_after(std::int64_t step);
    void summarise(DiagnosisSummary& summary, std::int64_t step) const;
    template <class Archive>
    void persist(Archive& archive) {
        archive.same(static_cast<std::int64_t>(run_.row_numbers()), "the numbers of a tape's row");
        run_.persist(archive);
        for (RuleBesideAdjoint& one : rules_) archive(one);
        for (Credit& one : credits_) archive(one);
        if (!by_trial()) return;
        std::int64_t in_trial = in_trial_, has_loss = trial_has_loss_;
        archive(in_trial, has_loss);
        in_trial_ = in_trial != 0;
        trial_has_loss_ = has_loss != 0;
    }

private:
    struct Credit {
        const WatchedCredit* watched = nullptr;
        std::size_t tap = 0;
        std::vector<double> voltages;  // of the last steps, in a ring
        TailMean cosine, norm_ratio;

        template <class Archive>
        void persist(Archive& archive) {
            archive.numbers(std::span(voltages));
            archive(cosine, norm_ratio);
        }
    };
    // Products of a voltage and a derivative, summed over cells.
    struct Products {
        double both = 0.0, of_voltage = 0.0, of_exact = 0.0;
    };
    void keep(Credit& credit, std::int64_t step);
    void hold(Credit& credit, std::int64_t step);
    void add(Products& sums, const Credit& credit, std::int64_t step) const;
    void record(Credit& credit, const Products& sums, std::int64_t step);
    bool by_trial() const { return model_.diagnosed.options.by_trial; }
    void begin_trial_step();
    void end_trial_step(std::int64_t step);
    void end_trial(std::int64_t step);

    const MeasuredModel model_;
    State& state_;
    AdjointProgram program_;
    AdjointRun run_;
    const double* trial_begins_ = nullptr;  // 1 in such steps, where trials are compared
    const double* trial_ends_ = nullptr;
    bool has_begun_ = false, in_trial_ = false, trial_has_loss_ = false;
    std::size_t loss_phase_ = AdjointRun::no_loss;
    std::vector<RuleBesideAdjoint> rules_;
    std::vector<Credit> credits_;
};

}  // namespace apical
