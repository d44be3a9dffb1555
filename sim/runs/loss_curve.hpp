#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/numbers/headline_window.hpp"

namespace apical {

// The mean of a run's loss over blocks of its steps, and over its headline window, from sums that
// are noted at the right steps.
class LossCurve {
public:
    // Makes as many blocks as steps when there are fewer steps. All planned steps belong to a
    // block.
    LossCurve(std::int64_t steps, std::int64_t blocks)
        : steps_(steps), blocks_(std::min(steps, blocks)), tail_(steps) {
        find_next();
    }

    // The next step whose sum `add` has to be told of.
    std::int64_t next() const { return next_; }
    // Adds the sum of the losses of the first `step` steps, of which so many count. Steps come in
    // order.
    void add(std::int64_t step, double sum, std::int64_t counted) {
        if (step < next_) return;
        if (step >= next_mark()) tail_.keep({step, sum, counted});
        if (step >= end_of(std::int64_t(ends_.size()))) ends_.push_back({step, sum, counted});
        find_next();
    }
    void add(std::int64_t step, double sum) { add(step, sum, step); }

    struct Mean {
        std::int64_t steps = 0;    // how many
        double loss = 0.0;         // over those that count; not a number of none
        std::int64_t counted = 0;  // how many of them
    };
    // Over the headline window of a run that came to `step`, `counted` of its steps being in `sum`.
    Mean tail(std::int64_t step, double sum, std::int64_t counted) const {
        const WindowSums::Sum& before = tail_.until(tail_.window().begin(step));
        const std::int64_t count = counted - before.count;
        return {step - before.step, (sum - before.sum) / static_cast<double>(count), count};
    }
    Mean tail(std::int64_t step, double sum) const { return tail(step, sum, step); }
    // The last step of each complete block, and the mean loss of its steps.
    std::vector<std::int64_t> block_steps() const {
        std::vector<std::int64_t> steps;
        for (const Mark& end : ends_) steps.push_back(end.step);
        return steps;
    }
    std::vector<double> block_losses() const {
        std::vector<double> losses;
        Mark before{0, 0.0, 0};
        for (const Mark& end : ends_) {
            losses.push_back((end.sum - before.sum) /
                             static_cast<double>(end.counted - before.counted));
            before = end;
        }
        return losses;
    }

    template <class Archive>
    void persist(Archive& archive) {
        archive(tail_, ends_);
        find_next();
    }
    // Begins the headline window of a branch after `step` steps, whose losses sum to `sum` and are
    // not its own. Drops the blocks.
    void begin_after(std::int64_t step, double sum, std::int64_t counted) {
        tail_.begin_after({step, sum, counted});
        ends_.clear();
        find_next();
    }
    void begin_after(std::int64_t step, double sum) { begin_after(step, sum, step); }

private:
    struct Mark {
        std::int64_t step;
        double sum;
        std::int64_t counted;
    };
    void find_next() { next_ = std::min(next_mark(), end_of(std::int64_t(ends_.size()))); }
    std::int64_t next_mark() const { return tail_.window().next_mark(tail_.last().step); }
    // The last step of a block, without overflow; beyond the last block, none that is reached.
    std::int64_t end_of(std::int64_t block) const {
        if (block >= blocks_) return INT64_MAX;
        const std::int64_t next = block + 1;
        return steps_ / blocks_ * next + steps_ % blocks_ * next / blocks_;
    }

    std::int64_t steps_, blocks_, next_ = 0;
    WindowSums tail_;
    std::vector<Mark> ends_;
};

}  // namespace apical
