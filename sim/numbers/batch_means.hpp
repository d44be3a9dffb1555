#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/numbers/mean_error.hpp"

namespace apical {

// The mean of a number that each of `planned` steps may have, with its standard error: the steps
// are cut into 20 stretches of as many steps (into single steps where there are fewer), and the
// error is that of the means of the stretches, standard deviation (n - 1) over sqrt(n). Numbers of
// neighbouring steps go together, and so do, less, the means of neighbouring stretches: where what
// is measured changes more slowly than a stretch is long, the error comes out too small.
class BatchMeans {
public:
    static constexpr std::int64_t most = 20;

    // At most 10^15 steps, at least one.
    explicit BatchMeans(std::int64_t planned)
        : planned_(planned), batches_(std::min(planned, most)) {}

    // The number of the step at this place among the planned ones, counted from 0.
    void add(std::int64_t place, double number) {
        Batch& batch = all_[static_cast<std::size_t>(place * batches_ / planned_)];
        batch.sum += number;
        ++batch.count;
        sum_ += number;
        ++count_;
    }

    std::int64_t count() const { return count_; }
    // `mean` of all numbers, not a number of none; `error` not a number of fewer than two
    // stretches.
    MeanError result() const {
        std::vector<double> means;
        for (const Batch& one : all_) {
            if (one.count > 0) means.push_back(one.sum / static_cast<double>(one.count));
        }
        return {sum_ / static_cast<double>(count_), mean_and_error(means).error};
    }

private:
    struct Batch {
        double sum = 0.0;
        std::int64_t count = 0;
    };
    std::int64_t planned_, batches_, count_ = 0;
    double sum_ = 0.0;
    std::array<Batch, most> all_{};
};

}  // namespace apical
