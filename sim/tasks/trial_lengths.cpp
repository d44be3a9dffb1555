#include "sim/tasks/trial_lengths.hpp"

#include <algorithm>
#include <cmath>

namespace apical {

TrialLengths::TrialLengths(const Circuit& circuit, const Task& task, const RunStreams& streams)
    : circuit_(circuit),
      trials_(*circuit.trials),
      task_(task),
      stream_(streams.of_steps(stream_of_lengths)),
      is_of_task_(trials_.length.kind == TrialLength::Kind::of_task),
      asks_the_task_(task.trial(0).steps >= 0) {}

std::int64_t TrialLengths::drawn(std::int64_t number) const {
    const TrialLength& length = trials_.length;
    switch (length.kind) {
        case TrialLength::Kind::of_task:
            return task_.trial(number).steps;
        case TrialLength::Kind::fixed:
            return length.steps;
        case TrialLength::Kind::uniform:
        case TrialLength::Kind::exponential:
            break;
    }
    const double u = stream_.uniform(static_cast<std::uint64_t>(number), 0);
    const double more = length.kind == TrialLength::Kind::uniform
                            ? u * static_cast<double>(length.largest - length.smallest + 1)
                            : -length.mean * std::log(u);
    const double most = static_cast<double>(length.largest - length.smallest);
    return length.smallest + static_cast<std::int64_t>(std::min(std::floor(more), most));
}

std::int64_t TrialLengths::steps(std::int64_t number) const { return drawn(number); }

TrialLengths::Trial TrialLengths::find(std::int64_t number,
                                       std::vector<WindowSteps>& windows) const {
    TrialShape shape;
    if (asks_the_task_) shape = task_.trial(number);
    const std::int64_t steps = is_of_task_ ? shape.steps : drawn(number);
    std::size_t period = 0;
    for (std::size_t i = 0; i < circuit_.windows.size(); ++i) {
        const TrialWindow& window = circuit_.windows[i];
        if (window.is_of_task) {
            const Period& one = shape.periods[period++];
            windows[i] = {one.from, one.to};
        } else {
            const auto [from, to] = window.in_trial(steps);
            windows[i] = {from, to};
        }
    }
    return {steps, shape.type};
}

std::int64_t TrialLengths::longest(std::int64_t steps) const {
    constexpr std::int64_t most_looked_at = 10'000'000;
    if (trials_.length.kind == TrialLength::Kind::fixed) return trials_.length.steps;
    if (trials_.length.is_drawn()) return trials_.length.largest;
    std::int64_t longest = 1;
    for (std::int64_t k = 0, step = 0; step < steps && k < most_looked_at; ++k) {
        const std::int64_t length = this->steps(k);
        longest = std::max(longest, length);
        step += length + trials_.gap;
    }
    return longest;
}

std::int64_t TrialLengths::steps_of_trials(std::int64_t count) const {
    std::int64_t steps = (count - 1) * trials_.gap;
    for (std::int64_t k = 0; k < count; ++k) steps += this->steps(k);
    return steps;
}

std::vector<std::int64_t> TrialLengths::ends(std::int64_t steps) const {
    constexpr std::size_t most = 10'000'000;
    std::vector<std::int64_t> all;
    for (std::int64_t end = this->steps(0); end <= steps;) {
        if (all.size() == most) return {};
        all.push_back(end);
        end += trials_.gap + this->steps(static_cast<std::int64_t>(all.size()));
    }
    return all;
}

std::int64_t TrialLengths::presented(std::int64_t steps) const {
    std::int64_t presented = 0, begin = 0;
    for (std::int64_t k = 0; begin < steps; ++k) {
        const std::int64_t length = this->steps(k);
        presented += std::min(length, steps - begin);
        begin += length + trials_.gap;
    }
    return presented;
}

std::int64_t TrialLengths::whole_trials(std::int64_t steps) const {
    std::int64_t end = this->steps(0);
    for (std::int64_t k = 1; end < steps; ++k) end += trials_.gap + this->steps(k);
    return end;
}

}  // namespace apical
