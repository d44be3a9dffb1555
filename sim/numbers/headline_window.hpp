#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <vector>

namespace apical {

// The last tenth of so many steps, at least one.
inline std::int64_t tail_steps(std::int64_t steps) { return std::max<std::int64_t>(1, steps / 10); }

// Which steps a run's headline numbers (loss, cosine, error) are means of: the last tenth of the
// steps that it has counted, at least one, and none before a branch began. It is exact for a run
// that came to its planned end. A run that is cut short can begin the window after few steps alone,
// its marks, so that no loss of the past has to be kept: after all of the first 200, then after
// every second, fourth, ... Its window is the shortest that holds a tenth, longer by at most a
// tenth.
class HeadlineWindow {
public:
    explicit HeadlineWindow(std::int64_t planned) : exact_(planned - tail_steps(planned)) {}

    // After `step` steps the window has the steps behind this one.
    std::int64_t begin(std::int64_t step) const {
        const std::int64_t latest = std::max<std::int64_t>(0, step - tail_steps(step));
        std::int64_t mark = latest - latest % distance(latest);
        if (exact_ <= latest) mark = std::max(mark, exact_);
        return std::clamp(mark, std::min(begun_, step), step);
    }
    // The first mark behind a step.
    std::int64_t next_mark(std::int64_t step) const {
        const std::int64_t grid = distance(step), before = step - step % grid;
        const std::int64_t next = before > INT64_MAX - grid ? INT64_MAX : before + grid;
        return step < exact_ ? std::min(next, exact_) : next;
    }
    // A branch counts its own steps.
    void begin_after(std::int64_t step) { begun_ = step; }
    std::int64_t begun() const { return begun_; }

private:
    // Between marks around a step: a power of two, so that every mark of the coarser is one of the
    // finer.
    static std::int64_t distance(std::int64_t step) {
        constexpr std::int64_t finest = 100;
        const auto times = static_cast<std::uint64_t>(std::max<std::int64_t>(1, step / finest));
        return static_cast<std::int64_t>(std::bit_floor(times));
    }

    std::int64_t exact_, begun_ = 0;
};

// Sums of something over a run's steps, as they were at those marks that a window may still begin
// after. Allocates when it is made and never again.
class WindowSums {
public:
    explicit WindowSums(std::int64_t planned) : window_(planned) { begin_after({0, 0.0, 0}); }

    struct Sum {
        std::int64_t step = 0;  // the last that is in it
        double sum = 0.0;
        std::int64_t count = 0;
    };
    const HeadlineWindow& window() const { return window_; }
    // Steps rise.
    void keep(const Sum& sum) {
        if (sums_.size() == most) forget(sum.step);
        sums_.push_back(sum);
    }
    const Sum& last() const { return sums_.back(); }
    // The sum over all steps up to this one, which the window of the present begins after.
    const Sum& until(std::int64_t step) const {
        auto from = sums_.rbegin();
        while (from->step > step && from + 1 != sums_.rend()) ++from;
        return *from;
    }
    // Begins the window of a branch after the step of `sum`, which replaces the sums of all earlier
    // steps.
    void begin_after(const Sum& sum) {
        window_.begin_after(sum.step);
        sums_.reserve(most);
        sums_ = {sum};
    }

    template <class Archive>
    void persist(Archive& archive) {
        std::int64_t begun = window_.begun();
        archive(begun, sums_);
        if (sums_.empty() || sums_.size() > most || begun < 0)
            archive.reject("has other sums than a run has");
        window_.begin_after(begun);
        sums_.reserve(most);
    }

private:
    static constexpr std::size_t most = 64;  // a window has at most 21 marks

    void forget(std::int64_t step) {
        const std::int64_t begin = window_.begin(step);
        auto first = sums_.begin();
        while (first + 1 != sums_.end() && (first + 1)->step <= begin) ++first;
        sums_.erase(sums_.begin(), first);
    }

    HeadlineWindow window_;
    std::vector<Sum> sums_;
};

}  // namespace apical
