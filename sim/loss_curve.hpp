#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

#include "sim/diagnosis/tail_mean.hpp"

namespace apical {

// The mean of a run's loss over blocks of its steps, and over its last tenth, from sums that are
// noted at the right steps.
class LossCurve {
public:
    // As many blocks as steps when there are fewer steps. All planned steps belong to a block.
    LossCurve(std::int64_t steps, std::int64_t blocks)
        : steps_(steps), blocks_(std::min(steps, blocks)), tenth_(tail_steps(steps)) {}

    // The next step whose sum `add` has to be told of.
    std::int64_t next() const { return std::min(next_tenth(), end_of(std::int64_t(ends_.size()))); }
    // After `step` steps, the sum of their losses. Steps come in order.
    void add(std::int64_t step, double sum) {
        if (step >= next_tenth()) tenths_.push_back({step, sum});
        if (step >= end_of(std::int64_t(ends_.size()))) ends_.push_back({step, sum});
    }

    struct Mean {
        std::int64_t steps = 0;  // how many
        double loss = 0.0;       // not a number of none
    };
    // Over the last tenth; of a run that was cut short after `step`, over at least a tenth of the
    // planned steps, or over all it has.
    Mean tail(std::int64_t step, double sum) const {
        auto from = std::find_if(tenths_.rbegin(), tenths_.rend(),
                                 [&](const Mark& m) { return m.step <= step - tenth_; });
        const Mark mark = from == tenths_.rend() ? tenths_.front() : *from;
        return {step - mark.step, (sum - mark.sum) / static_cast<double>(step - mark.step)};
    }
    // The last step of each complete block, and the mean loss of its steps.
    std::vector<std::int64_t> block_steps() const {
        std::vector<std::int64_t> steps;
        for (const Mark& end : ends_) steps.push_back(end.step);
        return steps;
    }
    std::vector<double> block_losses() const {
        std::vector<double> losses;
        Mark before{0, 0.0};
        for (const Mark& end : ends_) {
            losses.push_back((end.sum - before.sum) / static_cast<double>(end.step - before.step));
            before = end;
        }
        return losses;
    }

    template <class Archive>
    void persist(Archive& archive) {
        archive(tenths_, ends_);
        if (tenths_.empty()) archive.reject("has no sums of the loss");
    }
    // Of a run that begins after `step` steps, whose losses are not its own.
    void begin_after(std::int64_t step, double sum) {
        tenths_ = {{step, sum}};
        ends_.clear();
    }

private:
    struct Mark {
        std::int64_t step;
        double sum;
    };
    std::int64_t next_tenth() const {
        const std::int64_t last = tenths_.back().step;
        return last > INT64_MAX - tenth_ ? INT64_MAX : last + tenth_;
    }
    // The last step of a block, without overflow; beyond the last block, none that is reached.
    std::int64_t end_of(std::int64_t block) const {
        if (block >= blocks_) return INT64_MAX;
        const std::int64_t next = block + 1;
        return steps_ / blocks_ * next + steps_ % blocks_ * next / blocks_;
    }

    std::int64_t steps_, blocks_, tenth_;
    std::vector<Mark> tenths_ = {{0, 0.0}}, ends_;
};

}  // namespace apical
