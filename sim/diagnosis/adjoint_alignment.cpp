#include "sim/diagnosis/adjoint_alignment.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "circuits/adjoint/make_adjoint.hpp"
#include "sim/engine/state_matrices.hpp"

namespace apical {

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

std::size_t gradient_of(const AdjointProgram& program, SlotId strength) {
    std::size_t k = 0;
    while (program.sets[k].strength != strength) ++k;
    return k;
}

AdjointProgram program_for(const MeasuredModel& model) {
    AdjointOptions options;
    for (const WatchedCredit& one : model.diagnosed.credits) options.taps.push_back(one.rate);
    return make_adjoint(model.program, model.circuit, options);
}

std::size_t rows_for(const MeasuredModel& model, const AdjointProgram& program) {
    const DiagnoseOptions& options = model.diagnosed.options;
    if (!program.dynamics.remembers && !options.by_trial) return 1;
    return static_cast<std::size_t>(options.window);
}

StrengthsOf strengths_of(const MeasuredModel& model) {
    return model.diagnosed.options.strengths_of_now ? StrengthsOf::now : StrengthsOf::then;
}

// Before the tape is made. Throws Error{bad_model} when the machine has no room for it.
std::size_t checked_rows(const MeasuredModel& model, const AdjointProgram& program) {
    const std::size_t rows = rows_for(model, program),
                      numbers = numbers_of_row(program, strengths_of(model));
    const double bytes = static_cast<double>(rows) * static_cast<double>(numbers) * sizeof(double);
    constexpr double gigabyte = 1e9;
    if (bytes <= memory_of_machine()) return rows;
    const DiagnoseOptions& options = model.diagnosed.options;
    throw Error(ExitCode::bad_model,
                fmt::format("[diagnose] keeps {} steps of {} numbers, {:.1f} GB; this machine has "
                            "{:.1f} GB; expected a shorter {}{}",
                            rows, numbers, bytes / gigabyte, memory_of_machine() / gigabyte,
                            options.by_trial ? "trial" : "window",
                            options.strengths_of_now ? "" : ", or strengths = \"now\""));
}

}  // namespace

RuleBesideAdjoint::RuleBesideAdjoint(const MeasuredModel& model, const Plan& plan, State& state,
                                     const AlignedRule& rule, const AdjointProgram& program)
    : state_(state),
      rule_(rule),
      truth_(name_of_truth(rule, Exact::by_adjoint)),
      update_(model, plan, state, rule),
      cosine_(model.steps),
      norm_ratio_(model.steps) {
    for (const AlignedSet& one : rule.sets) {
        const SlotId strength = model.program.strength_of(one.set);
        const Slot& slot = model.program[strength];
        const algebra::Matrix zero = algebra::Matrix::Zero(slot.rows, slot.columns);
        parts_.push_back({&one, model.circuit[one.set].name, strength,
                          gradient_of(program, strength), Pairing(rule, slot.rows, slot.columns),
                          zero, zero, zero, zero, StreamingAgreement(), TailMean(model.steps),
                          TailMean(model.steps)});
        for (const SlotId to :
             {one.slots.cosine, one.slots.norm_ratio, one.slots.bias, one.slots.variance})
            *state.data(to) = no_number;
    }
    for (const SlotId to : {rule.together.cosine, rule.together.norm_ratio, rule.together.bias,
                            rule.together.variance})
        *state.data(to) = no_number;
}

void RuleBesideAdjoint::begin_step() {
    update_.begin_step();
    for (Part& part : parts_)
        if (part.set->by_difference) part.before = numbers_of(state_, part.strength);
}

void RuleBesideAdjoint::take_estimate(std::size_t k) {
    Part& part = parts_[k];
    if (part.set->by_difference)
        part.estimate = (part.before - numbers_of(state_, part.strength)) / rule_.rate;
    else
        update_.put_estimate(k, part.estimate);
}

void RuleBesideAdjoint::end_step(const AdjointRun& run, bool is_complete, bool is_due,
                                 std::int64_t step) {
    bool is_compared = false;
    for (const SlotId window : rule_.windows) is_due &= *state_.data(window) == 1.0;
    Agreement all;
    for (std::size_t k = 0; k < parts_.size(); ++k) {
        Part& part = parts_[k];
        take_estimate(k);
        if (is_complete) {
            const std::vector<double> exact = run.read_gradient(part.gradient);
            std::copy(exact.begin(), exact.end(), part.exact.data());
        }
        if (!part.pairing.take(part.estimate, part.exact, step) || !is_due) continue;
        is_compared = true;
        compare(part, part.pairing.estimate(), part.pairing.exact(), step);
        all += part.agreement.now();
    }
    if (is_compared) compare_all(all, step);
}

void RuleBesideAdjoint::compare(Part& part, const algebra::Matrix& estimate,
                                const algebra::Matrix& exact, std::int64_t step) {
    part.agreement.add(estimate, exact);
    const Agreement& now = part.agreement.now();
    record(part.set->slots, now);
    part.cosine.add(step, now.cosine());
    part.norm_ratio.add(step, now.norm_ratio());
}

void RuleBesideAdjoint::compare_all(const Agreement& all, std::int64_t step) {
    ++compared_;
    all_ = all;
    record(rule_.together, all_);
    cosine_.add(step, all_.cosine());
    norm_ratio_.add(step, all_.norm_ratio());
}

void RuleBesideAdjoint::record(const AgreementSlots& slots, const Agreement& agreement) {
    *state_.data(slots.cosine) = agreement.cosine();
    *state_.data(slots.norm_ratio) = agreement.norm_ratio();
    *state_.data(slots.bias) = agreement.bias();
    *state_.data(slots.variance) = agreement.variance();
}

void RuleBesideAdjoint::begin_after(std::int64_t step) {
    for (Part& part : parts_) {
        part.cosine.begin_after(step);
        part.norm_ratio.begin_after(step);
    }
    cosine_.begin_after(step);
    norm_ratio_.begin_after(step);
}

void RuleBesideAdjoint::summarise(DiagnosisSummary& summary, std::int64_t step) const {
    for (const Part& part : parts_) {
        const Agreement& now = part.agreement.now();
        summary.alignment.push_back({part.name, part.cosine.mean(step), part.norm_ratio.mean(step),
                                     now.bias(), now.variance(), compared_, truth_});
    }
    summary.alignment.push_back({rule_.label, cosine_.mean(step), norm_ratio_.mean(step),
                                 all_.bias(), all_.variance(), compared_, truth_});
}

AdjointDiagnosis::AdjointDiagnosis(const MeasuredModel& model, const Plan& plan, State& state)
    : model_(model),
      state_(state),
      program_(program_for(model)),
      run_(program_, model.kernels, checked_rows(model, program_), strengths_of(model)) {
    if (model.diagnosed.options.exact == Exact::by_adjoint) {
        rules_.reserve(model.diagnosed.rules.size());
        for (const AlignedRule& rule : model.diagnosed.rules)
            rules_.emplace_back(model, plan, state, rule, program_);
    }
    for (std::size_t k = 0; k < model.diagnosed.credits.size(); ++k) {
        const WatchedCredit& one = model.diagnosed.credits[k];
        const auto cells = static_cast<std::size_t>(model.program[one.voltage].rows);
        std::size_t tap = 0;
        while (program_.taps[tap].of != one.rate) ++tap;
        credits_.push_back({&one, tap, std::vector<double>(run_.rows() * cells),
                            TailMean(model.steps), TailMean(model.steps)});
        *state.data(one.cosine) = *state.data(one.norm_ratio) = no_number;
    }
    if (!by_trial()) return;
    trial_begins_ = state.data(model.program.clock_of(std::string(clock_name::begins)));
    trial_ends_ = state.data(model.program.clock_of(std::string(clock_name::ends)));
}

void AdjointDiagnosis::begin_step(std::size_t loss_phase) {
    has_begun_ = false;
    loss_phase_ = loss_phase;
    if (by_trial()) begin_trial_step();
    if (!by_trial() || in_trial_) run_.take(state_);
    for (RuleBesideAdjoint& one : rules_) one.begin_step();
}

void AdjointDiagnosis::after_phase(std::size_t phase, std::int64_t step) {
    if (!by_trial() || in_trial_) {
        if (!has_begun_) run_.begin_step(step, loss_phase_);
        has_begun_ = true;
        run_.follow_phase(state_, phase);
    }
    for (RuleBesideAdjoint& one : rules_) one.after_phase(phase, step);
}

void AdjointDiagnosis::end_step(std::int64_t step) {
    if (by_trial()) return end_trial_step(step);
    run_.end_step();
    const bool is_due = step % model_.diagnosed.options.every == 0,
               has_loss = loss_phase_ != AdjointRun::no_loss;
    const auto take = [&](bool future) {
        const bool is_complete = !future || run_.taped() == run_.rows();
        bool is_made = false;
        for (RuleBesideAdjoint& one : rules_) {
            const bool is_asked = is_due && (future || has_loss);
            if (one.faces_future() != future || !(is_asked || one.needs_each_step())) continue;
            if (!is_made && is_complete) future ? run_.future() : run_.past();
            is_made = true;
            one.end_step(run_, is_complete, is_asked, step);
        }
        return is_made && is_complete;
    };
    take(false);
    const bool has_future = take(true);
    if (credits_.empty()) return;
    if (!has_future && is_due && run_.taped() == run_.rows()) run_.future();
    for (Credit& one : credits_) hold(one, step);
}

// The voltage of the step that the window begins with, beside what the rate of that step does.
void AdjointDiagnosis::hold(Credit& credit, std::int64_t step) {
    keep(credit, step);
    if (step % model_.diagnosed.options.every != 0 || run_.taped() < run_.rows()) return;
    Products sums;
    add(sums, credit, step + 1 - static_cast<std::int64_t>(run_.rows()));
    record(credit, sums, step);
}

void AdjointDiagnosis::begin_after(std::int64_t step) {
    for (RuleBesideAdjoint& one : rules_) one.begin_after(step);
    for (Credit& one : credits_) {
        one.cosine.begin_after(step);
        one.norm_ratio.begin_after(step);
    }
}

void AdjointDiagnosis::summarise(DiagnosisSummary& summary, std::int64_t step) const {
    for (const RuleBesideAdjoint& one : rules_) one.summarise(summary, step);
    for (const Credit& one : credits_)
        summary.credits.push_back({one.watched->name, one.cosine.mean(step),
                                   one.norm_ratio.mean(step), one.watched->window});
}

}  // namespace apical
