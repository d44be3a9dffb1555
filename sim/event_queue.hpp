#pragma once

#include <algorithm>
#include <cassert>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace apical {

// In the order in which events of the same time happen.
enum class EventKind : std::uint8_t { phase_end, sample, step_end, input, phase_begin };

// Time is a whole number of nanoseconds, so that no drift and no tie depends on rounding.
struct Event {
    std::int64_t time = 0;
    EventKind kind{};
    std::uint16_t argument = 0;  // phase or axis, by kind
    std::int64_t period = 0;     // comes again after it; 0: once

    // Events of the same time happen by kind, then by argument: two never tie.
    bool before(const Event& other) const {
        if (time != other.time) return time < other.time;
        if (kind != other.kind) return kind < other.kind;
        return argument < other.argument;
    }
};

// A binary heap whose earliest event is read, then moved to its next time or removed. Allocates
// only in `push`.
class EventQueue {
public:
    bool empty() const { return heap_.empty(); }
    const Event& next() const { return heap_.front(); }

    void push(const Event& event) {
        heap_.push_back(event);
        std::push_heap(heap_.begin(), heap_.end(), later);
    }

    // The earliest event comes again at `time`, which is not before its own.
    void postpone(std::int64_t time) {
        assert(time >= heap_.front().time);
        heap_.front().time = time;
        sift_down();
    }

    void pop() {
        std::pop_heap(heap_.begin(), heap_.end(), later);
        heap_.pop_back();
    }

private:
    static bool later(const Event& a, const Event& b) { return b.before(a); }

    void sift_down() {
        const std::size_t count = heap_.size();
        const Event moved = heap_.front();
        std::size_t hole = 0;
        for (std::size_t child = 1; child < count; child = 2 * hole + 1) {
            if (child + 1 < count && heap_[child + 1].before(heap_[child])) ++child;
            if (!heap_[child].before(moved)) break;
            heap_[hole] = heap_[child];
            hole = child;
        }
        heap_[hole] = moved;
    }

    std::vector<Event> heap_;
};

}  // namespace apical
