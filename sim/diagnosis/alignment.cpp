#include "sim/diagnosis/alignment.hpp"

#include <limits>

#include "sim/engine/state_matrices.hpp"

namespace apical {

namespace {

constexpr double not_yet = std::numeric_limits<double>::quiet_NaN();

algebra::Index first_column(const Circuit& circuit, const RecurrentNetwork& network,
                            SynapseSetId set) {
    const int n = circuit[network.cells].size;
    if (set == network.recurrent) return 0;
    return set == network.from_input ? n : n + circuit[network.input].size;
}

void put(State& state, const AgreementSlots& slots, const Agreement& agreement) {
    *state.data(slots.cosine) = agreement.cosine();
    *state.data(slots.norm_ratio) = agreement.norm_ratio();
    *state.data(slots.bias) = agreement.bias();
    *state.data(slots.variance) = agreement.variance();
}

void put_not_yet(State& state, const AgreementSlots& slots) {
    for (const SlotId slot : {slots.cosine, slots.norm_ratio, slots.bias, slots.variance})
        *state.data(slot) = not_yet;
}

}  // namespace

Alignment::Alignment(const MeasuredModel& model, const Plan& plan, State& state,
                     const AlignedRule& rule, const RecurrentNetwork& network,
                     const algebra::Start& start)
    : state_(state),
      rule_(rule),
      every_(model.diagnosed.options.every),
      truth_(name_of_truth(rule, model.diagnosed.options.exact)),
      together_{rule.label,           rule.together, 0, start.W.cols(), {}, TailMean(model.steps),
                TailMean(model.steps)},
      update_(model, plan, state, rule),
      exact_(rule, model.diagnosed.options.exact,
             settings_of(model.circuit, model.readout, network), start, model.kernels),
      pairing_(rule, start.W.rows(), start.W.cols()),
      estimate_(algebra::Matrix::Zero(start.W.rows(), start.W.cols())) {
    put_not_yet(state, rule.together);
    for (const AlignedSet& one : rule.sets) {
        const SynapseSet& set = model.circuit[one.set];
        first_.push_back(first_column(model.circuit, network, one.set));
        parts_.push_back({set.name,
                          one.slots,
                          first_.back(),
                          model.circuit[set.pre].size,
                          {},
                          TailMean(model.steps),
                          TailMean(model.steps)});
        put_not_yet(state, one.slots);
        if (one.by_difference) read_.push_back({model.program.strength_of(one.set), first_.back()});
    }
}

void Alignment::begin_step() {
    update_.begin_step();
    for (ReadStrengths& one : read_) one.before = numbers_of(state_, one.strength);
}

void Alignment::put_estimate() {
    update_.put_estimate(estimate_, first_);
    for (const ReadStrengths& one : read_)
        estimate_.middleCols(one.first, one.before.cols()) =
            (one.before - numbers_of(state_, one.strength)) / rule_.rate;
}

void Alignment::end_step(const NetworkMoment& moment, std::int64_t step) {
    const bool due = step % every_ == 0;
    exact_.step(moment, due || rule_.facing == Facing::past_window);
    if (!due && rule_.facing == Facing::past) return;
    put_estimate();
    if (pairing_.take(estimate_, exact_.G(), step) && due) compare(step);
}

void Alignment::compare(std::int64_t step) {
    ++compared_;
    all_ = {};
    for (Part& part : parts_) {
        part.agreement.add(pairing_.estimate().middleCols(part.first, part.columns),
                           pairing_.exact().middleCols(part.first, part.columns));
        all_ += part.agreement.now();
        record(part, part.agreement.now(), step);
    }
    record(together_, all_, step);
}

void Alignment::record(Part& part, const Agreement& agreement, std::int64_t step) {
    put(state_, part.slots, agreement);
    part.cosine.add(step, agreement.cosine());
    part.norm_ratio.add(step, agreement.norm_ratio());
}

void Alignment::begin_after(std::int64_t step) {
    const auto begin = [&](Part& part) {
        part.cosine.begin_after(step);
        part.norm_ratio.begin_after(step);
    };
    for (Part& part : parts_) begin(part);
    begin(together_);
}

AlignmentLine Alignment::line_of(const Part& part, const Agreement& agreement,
                                 std::int64_t step) const {
    return {part.name,
            part.cosine.mean(step),
            part.norm_ratio.mean(step),
            agreement.bias(),
            agreement.variance(),
            compared_,
            truth_};
}

void Alignment::summarise(DiagnosisSummary& summary, std::int64_t step) const {
    for (const Part& part : parts_)
        summary.alignment.push_back(line_of(part, part.agreement.now(), step));
    summary.alignment.push_back(line_of(together_, all_, step));
}

}  // namespace apical
