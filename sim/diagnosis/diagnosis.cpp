#include "sim/diagnosis/diagnosis.hpp"

#include <algorithm>

namespace apical {

namespace {

RecurrentNetwork network_of(const MeasuredModel& model) {
    const DiagnoseOptions& options = model.diagnosed.options;
    if (!options.alignment || options.exact == Exact::by_adjoint) return {};
    return recurrent_network_of(model.circuit, "diagnose.alignment");
}

}  // namespace

Diagnosis::Diagnosis(const MeasuredModel& model, const Plan& plan, State& state)
    : model_(model), network_(network_of(model)), numbers_(model.circuit, network_, state) {
    const Diagnosed& chosen = model.diagnosed;
    changes_.reserve(chosen.matrices.size());
    for (const WatchedMatrix& one : chosen.matrices) changes_.emplace_back(state, one);
    gates_.reserve(chosen.gates.size());
    for (const WatchedGate& one : chosen.gates) gates_.emplace_back(model.circuit, state, one);
    const bool is_adjoint = chosen.options.exact == Exact::by_adjoint;
    if ((chosen.options.alignment && is_adjoint) || !chosen.credits.empty())
        adjoint_ = std::make_unique<AdjointDiagnosis>(model, plan, state);
    if (!chosen.options.alignment || is_adjoint) return;
    const algebra::Start start{.W = numbers_.W(), .W_out = numbers_.W_out(), .r = numbers_.r()};
    alignments_.reserve(chosen.rules.size());
    jacobians_.reserve(chosen.jacobians.size());
    for (const AlignedRule& rule : chosen.rules)
        alignments_.emplace_back(model, plan, state, rule, network_, start);
    for (const LearnedJacobian& one : chosen.jacobians) jacobians_.emplace_back(model, state, one);
}

void Diagnosis::begin_step(std::size_t loss_phase) {
    if (adjoint_) adjoint_->begin_step(loss_phase);
    if (alignments_.empty()) return;
    moment_.W = numbers_.W();
    moment_.W_out = numbers_.W_out();
    moment_.r = numbers_.r();
    for (Alignment& one : alignments_) one.begin_step();
    for (JacobianError& one : jacobians_) one.begin_step();
}

void Diagnosis::after_phase(std::size_t phase, std::int64_t step) {
    if (adjoint_) adjoint_->after_phase(phase, step);
    for (Alignment& one : alignments_) one.after_phase(phase, step);
    for (GateDistance& one : gates_) one.after_phase(phase);
    if (phase + 1 == model_.circuit.phases.size()) end_step(step);
}

void Diagnosis::end_step(std::int64_t step) {
    for (ChangeOfMatrix& one : changes_) one.end_step();
    for (GateDistance& one : gates_) one.end_step();
    if (adjoint_) adjoint_->end_step(step);
    if (alignments_.empty()) return;
    moment_.x = numbers_.x();
    moment_.label = numbers_.label();
    for (Alignment& one : alignments_) one.end_step(moment_, step);
    for (JacobianError& one : jacobians_) one.end_step(alignments_.front().network(), step);
}

void Diagnosis::begin_after(std::int64_t step) {
    if (adjoint_) adjoint_->begin_after(step);
    for (Alignment& one : alignments_) one.begin_after(step);
    for (JacobianError& one : jacobians_) one.begin_after(step);
}

DiagnosisSummary Diagnosis::summary(std::int64_t step, std::int64_t window) const {
    DiagnosisSummary summary;
    summary.tail = window;
    for (const Alignment& one : alignments_) one.summarise(summary, step);
    if (adjoint_) adjoint_->summarise(summary, step);
    for (const JacobianError& one : jacobians_) summary.jacobians.push_back(one.line(step));
    for (const ChangeOfMatrix& one : changes_) summary.changes.push_back(one.line());
    for (const GateDistance& one : gates_) summary.gates.push_back(one.line());
    return summary;
}

}  // namespace apical
