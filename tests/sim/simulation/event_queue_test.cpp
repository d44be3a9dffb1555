#include "sim/simulation/event_queue.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <queue>
#include <random>
#include <tuple>

using namespace apical;

namespace {

// The order that the events' header states.
struct Later {
    bool operator()(const Event& a, const Event& b) const {
        return std::tuple(a.time, int(a.kind), a.argument) >
               std::tuple(b.time, int(b.kind), b.argument);
    }
};

using Reference = std::priority_queue<Event, std::vector<Event>, Later>;

Event event(std::int64_t time, EventKind kind = EventKind::input, std::uint16_t argument = 0) {
    return {time, kind, argument};
}

bool same(const Event& a, const Event& b) {
    return a.time == b.time && a.kind == b.kind && a.argument == b.argument;
}

std::vector<std::int64_t> times_of(EventQueue& queue) {
    std::vector<std::int64_t> times;
    for (; !queue.empty(); queue.pop()) times.push_back(queue.next().time);
    return times;
}

}  // namespace

TEST_CASE("events come in the order of time", "[queue]") {
    EventQueue queue;
    for (const int time : {5, 1, 4, 1'000'000'000, 2, 3, 0}) queue.push(event(time));
    REQUIRE(times_of(queue) == std::vector<std::int64_t>{0, 1, 2, 3, 4, 5, 1'000'000'000});
}

TEST_CASE("at one time a phase ends, is sampled, the step ends, and the next begins", "[queue]") {
    const std::vector<EventKind> order = {EventKind::phase_end, EventKind::sample,
                                          EventKind::step_end, EventKind::input,
                                          EventKind::phase_begin};
    std::vector<EventKind> pushed = order;
    std::sort(pushed.begin(), pushed.end());
    do {
        EventQueue queue;
        for (const EventKind kind : pushed) queue.push(event(7, kind));
        for (const EventKind kind : order) {
            REQUIRE(queue.next().kind == kind);
            queue.pop();
        }
    } while (std::next_permutation(pushed.begin(), pushed.end()));
}

TEST_CASE("events of one time and kind come by their argument", "[queue]") {
    EventQueue queue;
    for (const int argument : {3, 0, 2, 65535, 1}) {
        queue.push(event(7, EventKind::sample, std::uint16_t(argument)));
    }
    for (const int argument : {0, 1, 2, 3, 65535}) {
        REQUIRE(queue.next().argument == argument);
        queue.pop();
    }
    REQUIRE(queue.empty());
}

TEST_CASE("a postponed event comes at its new time", "[queue]") {
    EventQueue queue;
    for (const int time : {1, 2, 3}) queue.push(event(time));
    queue.postpone(10);
    REQUIRE(queue.next().time == 2);
    queue.postpone(2);
    REQUIRE(queue.next().time == 2);
    REQUIRE(times_of(queue) == std::vector<std::int64_t>{2, 3, 10});
}

TEST_CASE("a postponed event keeps its place among those of its new time", "[queue]") {
    EventQueue queue;
    queue.push(event(1, EventKind::step_end));
    queue.push(event(5, EventKind::phase_end));
    queue.push(event(5, EventKind::input));
    queue.postpone(5);
    for (const EventKind kind : {EventKind::phase_end, EventKind::step_end, EventKind::input}) {
        REQUIRE(queue.next().kind == kind);
        queue.pop();
    }
}

TEST_CASE("a postponed event keeps its kind and argument", "[queue]") {
    EventQueue queue;
    queue.push(event(1, EventKind::phase_begin, 3));
    queue.postpone(11);
    REQUIRE(same(queue.next(), event(11, EventKind::phase_begin, 3)));
}

TEST_CASE("a hundred thousand random pushes, pops and postponements agree with a sorted queue",
          "[queue]") {
    std::mt19937_64 random(1);
    EventQueue queue;
    Reference reference;
    const auto any = [&](std::uint64_t below) { return random() % below; };
    for (int turn = 0; turn < 100'000; ++turn) {
        const std::uint64_t action = reference.empty() ? 0 : any(5);
        if (action < 2) {
            // Few times, so that many events share one.
            const Event pushed =
                event(std::int64_t(any(50)), EventKind(any(5)), std::uint16_t(any(4)));
            queue.push(pushed);
            reference.push(pushed);
        } else if (action == 2) {
            queue.pop();
            reference.pop();
        } else {
            Event moved = reference.top();
            reference.pop();
            moved.time += std::int64_t(any(20));
            queue.postpone(moved.time);
            reference.push(moved);
        }
        REQUIRE(queue.empty() == reference.empty());
        if (!reference.empty() && !same(queue.next(), reference.top())) FAIL("turn " << turn);
    }
    for (; !reference.empty(); reference.pop(), queue.pop()) {
        if (!same(queue.next(), reference.top())) FAIL();
    }
    REQUIRE(queue.empty());
}
