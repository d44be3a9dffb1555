#include "sim/show/plot/phase_times.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace apical {

namespace {

constexpr int most_turns = 100;
// Ends of stretches are sums of the lengths of phases; what is nearer is the same time.
constexpr double same_time_ms = 1e-6;

constexpr double ms_of(std::int64_t nanoseconds) { return double(nanoseconds) / 1e6; }

}  // namespace

std::vector<Stretch> times_of(const Circuit& circuit, PhaseId phase) {
    const std::vector<std::int64_t> ends = circuit.phase_ends();
    const PhaseGroup* const group = circuit.group_of(phase);
    if (!group) {
        const std::int64_t begin = phase.value == 0 ? 0 : ends[phase.value - 1u];
        return {{ms_of(begin), ms_of(ends[phase.value])}};
    }
    const std::int64_t turn = circuit.iteration_nanoseconds(phase),
                       first = ends[group->last.value] - group->repeat * turn;
    std::int64_t before = 0;  // in each turn
    for (std::size_t p = group->first.value; p < phase.value; ++p)
        before += circuit.phases[p].nanoseconds;
    const int times = std::min(group->repeat, most_turns);
    const double wider = double(group->repeat) / times;
    std::vector<Stretch> all;
    for (int k = 0; k < times; ++k) {
        const double begin = ms_of(first) + wider * (k * ms_of(turn) + ms_of(before));
        all.push_back({begin, begin + wider * ms_of(circuit[phase].nanoseconds)});
    }
    return all;
}

std::vector<double> last_begins(const Circuit& circuit) {
    std::vector<double> begins;
    for (std::size_t p = 0; p < circuit.phases.size(); ++p)
        begins.push_back(times_of(circuit, PhaseId(p)).back().begin);
    return begins;
}

void append(std::vector<Stretch>& all, const Stretch& next) {
    const bool goes_on = !all.empty() && std::abs(all.back().end - next.begin) < same_time_ms &&
                         all.back().share == next.share;
    if (goes_on) {
        all.back().end = next.end;
    } else {
        all.push_back(next);
    }
}

std::vector<Stretch> stretches(const Circuit& circuit, const StepRange& steps,
                               const std::vector<bool>& on) {
    std::vector<Stretch> of_step;
    for (std::size_t p = 0; p < on.size(); ++p) {
        if (!on[p]) continue;
        const std::vector<Stretch> times = times_of(circuit, PhaseId(p));
        of_step.insert(of_step.end(), times.begin(), times.end());
    }
    std::sort(of_step.begin(), of_step.end(),
              [](const Stretch& a, const Stretch& b) { return a.begin < b.begin; });
    std::vector<Stretch> all;
    for (std::int64_t step = std::max(steps.first, std::int64_t{1}); step <= steps.last; ++step) {
        const double start = double(step - 1) * circuit.step_ms();
        for (const Stretch& one : of_step) append(all, {start + one.begin, start + one.end});
    }
    return all;
}

}  // namespace apical
