#include "sim/show/view/events.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace apical {

namespace {

// The step of an event: one between two steps ends the step before, or begins the next.
double step_of_event(const StoredEvent& event, double step_ms) {
    constexpr double rounding = 1e-6;
    const double steps = event.time_ms / step_ms;
    return event.kind.ends_with(" end") ? std::ceil(steps - rounding)
                                        : std::floor(steps + rounding) + 1.0;
}

}  // namespace

Table shown_events(const StoredRun& run, double step_ms, std::uint64_t room, Packed& numbers) {
    const std::uint64_t count = step_ms > 0.0 ? run.event_count() : 0;
    const std::uint64_t here = std::min(count, room / words_of_event);
    const std::uint64_t first = here == count ? here : here - here / 2;
    std::vector<StoredEvent> events;
    const auto take = [&](std::uint64_t from, std::uint64_t some) {
        if (some == 0) return;  // there may be no dataset
        for (StoredEvent& one : run.events(from, some)) events.push_back(std::move(one));
    };
    take(0, first);
    take(count - (here - first), here - first);
    std::vector<double> times, steps;
    std::vector<float> what;
    std::map<std::pair<std::string, std::string>, std::size_t> number_of;
    Array names;
    for (const StoredEvent& one : events) {
        const auto [found, is_new] = number_of.try_emplace({one.kind, one.target}, names.size());
        if (is_new) names.push_back(value_of(Array{value_of(one.kind), value_of(one.target)}));
        times.push_back(one.time_ms);
        steps.push_back(step_of_event(one, step_ms));
        what.push_back(static_cast<float>(found->second));
    }
    const auto whole = [](std::uint64_t number) { return static_cast<std::int64_t>(number); };
    return {{entry("count", whole(count)), entry("here", whole(here)), entry("first", whole(first)),
             entry("names", names), entry("times", numbers.add(times)),
             entry("steps", numbers.add(steps)), entry("what", numbers.add(what))}};
}

}  // namespace apical
