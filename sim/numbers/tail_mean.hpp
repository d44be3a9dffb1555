#pragma once

#include <cmath>
#include <cstdint>

#include "sim/numbers/headline_window.hpp"

namespace apical {

// The mean over a run's headline window of what is measured in some of its steps. What is no number
// does not count.
class TailMean {
public:
    explicit TailMean(std::int64_t planned) : sums_(planned) {}

    // Steps come in order.
    void add(std::int64_t step, double value) {
        if (sums_.window().next_mark(now_.step - 1) < step && sums_.last().step < now_.step)
            sums_.keep(now_);
        now_.step = step;
        if (std::isnan(value)) return;
        now_.sum += value;
        ++now_.count;
    }

    // The mean after `step` steps; not a number when nothing was measured in the window.
    double mean(std::int64_t step) const {
        const std::int64_t begin = sums_.window().begin(step);
        const WindowSums::Sum& before = now_.step <= begin ? now_ : sums_.until(begin);
        return (now_.sum - before.sum) / static_cast<double>(now_.count - before.count);
    }

    // Begins the mean of a branch after `step` steps: what was measured until then is left out.
    void begin_after(std::int64_t step) {
        now_.step = step;
        sums_.begin_after(now_);
    }

    template <class Archive>
    void persist(Archive& archive) {
        archive(now_, sums_);
    }

private:
    WindowSums sums_;
    WindowSums::Sum now_;  // over all that was measured
};

}  // namespace apical
