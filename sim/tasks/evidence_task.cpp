#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "sim/tasks/shown_task.hpp"
#include "sim/tasks/task_kinds.hpp"

namespace apical {

namespace {

// Bellec et al. (2020): 7 cues of 100 ms, 50 ms apart, on one side or the other; after a delay the
// side of more cues is asked for. 40 input cells: ten for each side, ten that ask, ten that fire
// all along.
constexpr int cues = 7;
constexpr std::size_t cells_of_group = 10, groups = 4;
constexpr double likely = 0.7, firing = 0.04, background = 0.01;
constexpr double cue_steps = 100.0, gap_steps = 50.0, delay_steps = 1050.0, recall_steps = 150.0;

struct Lengths {
    std::int64_t cue, gap, delay, recall;
};

class EvidenceTask final : public TrialTask {
public:
    EvidenceTask(TaskFacts facts, std::vector<Period> periods, const Lengths& lengths, bool spikes,
                 const Stream& stream)
        : TrialTask(std::move(facts), std::move(periods), {"recall"}),
          lengths_(lengths),
          spikes_(spikes),
          stream_(stream) {}

protected:
    void show_trial(std::int64_t trial, std::int64_t t, std::span<double> input,
                    std::span<double> label) const override {
        const unsigned sides = sides_of(trial);
        const std::int64_t cue = t / (lengths_.cue + lengths_.gap);
        const bool is_cue = cue < cues && t % (lengths_.cue + lengths_.gap) < lengths_.cue;
        const bool is_recall = t >= length() - lengths_.recall;
        const std::size_t side = cue < cues ? sides >> cue & 1u : 0;
        for (std::size_t i = 0; i < input.size(); ++i) {
            const std::size_t group = i / cells_of_group;
            const bool fires = (is_cue && group == side) || (is_recall && group == 2);
            const double rate = group == 3 ? background : (fires ? firing : 0.0);
            input[i] = spikes_ ? (drawn(trial, t, i) < rate ? 1.0 : 0.0) : rate;
        }
        if (is_recall && !label.empty()) label[static_cast<std::size_t>(type(trial))] = 1.0;
    }
    int type(std::int64_t trial) const override {
        return std::popcount(sides_of(trial)) > cues / 2 ? 1 : 0;
    }

private:
    // Bit k: the side of cue k.
    unsigned sides_of(std::int64_t trial) const {
        const auto at = static_cast<std::uint64_t>(trial);
        const double p = (stream_.bits(at, 0) & 1) == 1 ? likely : 1.0 - likely;
        unsigned sides = 0;
        for (unsigned k = 0; k < cues; ++k)
            sides |= (stream_.uniform(at, 1 + k) < p ? 1u : 0u) << k;
        return sides;
    }
    double drawn(std::int64_t trial, std::int64_t t, std::size_t cell) const {
        return stream_.uniform(static_cast<std::uint64_t>(trial),
                               64 + static_cast<std::uint64_t>(t) * 64 + cell);
    }

    Lengths lengths_;
    bool spikes_;
    Stream stream_;
};

double probability_of(unsigned sides, double p) {
    const int ones = std::popcount(sides);
    return std::pow(p, ones) * std::pow(1.0 - p, cues - ones);
}

// Mean cross-entropy of the best guess of who knows the last `known` cues alone, over all sides.
double bound_of_evidence(int known) {
    const unsigned all = 1u << cues, mask = (all - 1u) & ~((1u << (cues - known)) - 1u);
    double sum = 0.0;
    for (unsigned seen = 0; seen < all; ++seen) {
        if ((seen & ~mask) != 0) continue;
        double total = 0.0, more = 0.0;
        for (unsigned sides = 0; sides < all; ++sides) {
            if ((sides & mask) != seen) continue;
            const double p =
                0.5 * (probability_of(sides, likely) + probability_of(sides, 1.0 - likely));
            total += p;
            if (std::popcount(sides) > cues / 2) more += p;
        }
        sum += total * entropy_of(more / total);
    }
    return sum;
}

std::unique_ptr<Task> make_evidence_task(const Section& task, const RunStreams& streams,
                                         const DataFolder&, Labels) {
    const double scale = number_or(task, "scale", 1.0);
    const auto scaled = [&](double steps) {
        return std::max<std::int64_t>(1, std::llround(scale * steps));
    };
    const Lengths lengths{scaled(cue_steps), scaled(gap_steps), scaled(delay_steps),
                          scaled(recall_steps)};
    std::vector<Period> periods = periods_of({{"cues", cues * (lengths.cue + lengths.gap)},
                                              {"delay", lengths.delay},
                                              {"recall", lengths.recall}});
    TaskFacts facts{{static_cast<int>(groups * cells_of_group), 2, Activation::softmax},
                    {{"nothing known", bound_of_evidence(0)},
                     {"the last cue known", bound_of_evidence(1)},
                     {"the last 2 cues known", bound_of_evidence(2)},
                     {"the last 3 cues known", bound_of_evidence(3)},
                     {"all cues known (the floor)", bound_of_evidence(cues)}},
                    {streams.name(stream_of_input)}};
    const bool spikes = text_or(task, "coding", "rates") == "spikes";
    return std::make_unique<EvidenceTask>(std::move(facts), std::move(periods), lengths, spikes,
                                          streams.of_steps(stream_of_input));
}

constexpr std::array evidence_keys = {
    Key{.section = "task",
        .name = "scale",
        .type = Type::number,
        .default_value = "-",
        .minimum = 0,
        .maximum = 1000,
        .above_minimum = true,
        .description = "evidence: shortens or lengthens all periods; 1 when left out"},
    Key{.section = "task",
        .name = "coding",
        .type = Type::text,
        .default_value = "-",
        .choices = "rates|spikes",
        .description = "evidence: what input cells give, the probability of a spike in a step or "
                       "the spikes; rates when left out"},
};

}  // namespace

const TaskKind evidence_task{"evidence", "the side on which more of seven cues were", evidence_keys,
                             make_evidence_task};

}  // namespace apical
