#pragma once

#include "circuits/anatomy/recurrent_network.hpp"
#include "sim/diagnosis/agreement.hpp"
#include "sim/diagnosis/exact_gradient.hpp"
#include "sim/diagnosis/network_numbers.hpp"
#include "sim/diagnosis/summary.hpp"
#include "sim/diagnosis/update.hpp"
#include "sim/numbers/tail_mean.hpp"

namespace apical {

// Compares what one rule changes with the exact gradient while a run goes on.
class Alignment {
public:
    // `start` gives the sizes. The constructor alone reads it and the plan; what else is referred
    // to must outlive this.
    Alignment(const MeasuredModel& model, const Plan& plan, State& state, const AlignedRule& rule,
              const RecurrentNetwork& network, const algebra::Start& start);

    // Before the first phase, after each, and after the last one with what the step was computed
    // from. Steps count from 1, phases from 0.
    void begin_step();
    void after_phase(std::size_t phase, std::int64_t step) { update_.after_phase(phase, step); }
    void end_step(const NetworkMoment& moment, std::int64_t step);

    // The exact gradient's network, with the slopes of this step.
    const algebra::Network& network() const { return exact_.network(); }
    // The pair that was compared last.
    const Pairing& pairing() const { return pairing_; }
    // Begins the means of cosine and norm ratio anew, for a branch after `step` steps.
    void begin_after(std::int64_t step);
    // A line for each set and one for all.
    void summarise(DiagnosisSummary& summary, std::int64_t step) const;
    template <class Archive>
    void persist(Archive& archive) {
        archive.same(static_cast<std::int64_t>(parts_.size()), "the number of sets of a rule");
        for (Part& part : parts_) archive(part);
        archive(together_, exact_, pairing_, estimate_, all_, compared_);
    }

private:
    struct Part {
        std::string name;
        AgreementSlots slots;
        algebra::Index first = 0, columns = 0;
        StreamingAgreement agreement;
        TailMean cosine, norm_ratio;

        template <class Archive>
        void persist(Archive& archive) {
            archive(agreement, cosine, norm_ratio);
        }
    };
    // A set whose change is read from its strengths, and its first column of W.
    struct ReadStrengths {
        SlotId strength;
        algebra::Index first = 0;
        algebra::Matrix before = {};
    };
    void put_estimate();
    void compare(std::int64_t step);
    void record(Part& part, const Agreement& agreement, std::int64_t step);
    AlignmentLine line_of(const Part& part, const Agreement& agreement, std::int64_t step) const;

    State& state_;
    const AlignedRule& rule_;
    std::int64_t every_;
    std::string truth_;  // what the estimate is held against, in words
    std::vector<Part> parts_;
    Part together_;
    Update update_;
    ExactGradient exact_;
    Pairing pairing_;
    std::vector<algebra::Index> first_;  // column of W of each set
    algebra::Matrix estimate_;           // of this step, zero where the rule has no set
    std::vector<ReadStrengths> read_;
    Agreement all_;
    std::int64_t compared_ = 0;
};

}  // namespace apical
