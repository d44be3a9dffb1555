#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

namespace apical {

// Steps in the last tenth of a run.
inline std::int64_t tail_steps(std::int64_t steps) { return steps < 10 ? 1 : steps / 10; }

// The mean over the last tenth of a run's steps of what is measured in some of them; of a run that
// is cut short, over at least a tenth of the planned steps, or all it has. What is no number does
// not count.
class TailMean {
public:
    explicit TailMean(std::int64_t steps) : tenth_(tail_steps(steps)) {}

    // Steps come in order.
    void add(std::int64_t step, double value) {
        while (step > marks_.back().step + tenth_) {
            marks_.push_back({marks_.back().step + tenth_, sum_, count_});
        }
        if (std::isnan(value)) return;
        sum_ += value;
        ++count_;
    }

    // After `step` steps.
    double mean(std::int64_t step) const {
        auto from = marks_.rbegin();
        while (from->step > step - tenth_ && from + 1 != marks_.rend()) ++from;
        return (sum_ - from->sum) / static_cast<double>(count_ - from->count);
    }

    template <class Archive>
    void persist(Archive& archive) {
        archive(count_, sum_, marks_);
        if (marks_.empty()) archive.reject("has no sums of what is measured");
    }

private:
    struct Mark {
        std::int64_t step;
        double sum;
        std::int64_t count;
    };
    std::int64_t tenth_, count_ = 0;
    double sum_ = 0.0;
    std::vector<Mark> marks_ = {{0, 0.0, 0}};
};

}  // namespace apical
