#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

namespace apical {

// Events in the order in which those of the same time happen.
// A turn is an iteration of one of the phases that a group carries out in turn.
enum class EventKind : std::uint8_t {
    turn_end,
    phase_end,
    sample,
    step_end,
    input,
    phase_begin,
    turn_begin,
    gate_move
};

// Time is a whole number of nanoseconds, so that no drift and no tie depends on rounding.
struct Event {
    std::int64_t time = 0;
    EventKind kind{};
    std::uint16_t argument = 0;  // phase, axis, or a gate and whether it opens, by kind

    // Events of the same time happen by kind, then by argument: two never tie.
    bool before(const Event& other) const {
        if (time != other.time) return time < other.time;
        if (kind != other.kind) return kind < other.kind;
        return argument < other.argument;
    }
};

// Events in order, of which the earliest is read, then moved to its next time or removed. Most are
// periodic, so that the earliest belongs at or near the end: it is looked for from there. Allocates
// only in `push`, and not there while there are no more than were reserved.
class EventQueue {
public:
    bool empty() const { return count_ == 0; }
    const Event& next() const { return ring_[first_]; }

    void reserve(std::size_t count) {
        while (ring_.size() < count) grow();
    }
    void push(const Event& event) {
        if (count_ == ring_.size()) grow();
        insert(event);
    }

    // The earliest event comes again at `time`, which is not before its own.
    void postpone(std::int64_t time) {
        Event event = next();
        assert(time >= event.time);
        event.time = time;
        pop();
        insert(event);
    }

    void pop() {
        first_ = (first_ + 1) & mask_;
        --count_;
    }

private:
    Event& at(std::size_t position) { return ring_[(first_ + position) & mask_]; }

    void insert(const Event& event) {
        std::size_t position = count_++;
        for (; position > 0 && event.before(at(position - 1)); --position)
            at(position) = at(position - 1);
        at(position) = event;
    }

    // The size is a power of two.
    void grow() {
        std::vector<Event> larger(std::max<std::size_t>(8, 2 * ring_.size()));
        for (std::size_t k = 0; k < count_; ++k) larger[k] = at(k);
        ring_ = std::move(larger);
        first_ = 0;
        mask_ = ring_.size() - 1;
    }

    std::vector<Event> ring_;
    std::size_t first_ = 0, count_ = 0, mask_ = 0;
};

}  // namespace apical
