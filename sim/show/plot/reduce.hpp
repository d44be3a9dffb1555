#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/show/plot/figure.hpp"

namespace apical {

// The mean of `values` and one S.E.M. (standard deviation with n - 1, over the root of n) to each
// side. The mean of one value is that value. Not a number when one of them is none.
Point mean_of(double x, const std::vector<double>& values);

// Means over blocks of steps [first + k block, first + (k + 1) block) of several series at once,
// leaving out what is not a number; a block of nothing else is not a number.
class BlockMeans {
public:
    BlockMeans(std::int64_t first, std::int64_t block, std::size_t series);

    // Takes the values of a step, in order of steps. True when a block became complete before it:
    // then `step` and `means` are that block's until the next call.
    bool add(std::int64_t step, const std::vector<double>& values);
    // Completes the last block, which no step follows; true when `step` and `means` are that
    // block's. `next` is the step that would come after the last: the block that has room for it is
    // left out, unless it is the only one.
    bool finish(std::int64_t next);

    double step() const { return step_; }  // the mean of the steps that are in the block
    const std::vector<double>& means() const { return means_; }
    // Whether a block had more than one step.
    bool averaged() const { return averaged_; }

private:
    std::int64_t index_of(std::int64_t step) const { return (step - first_) / block_; }
    void close();

    std::int64_t first_, block_, index_ = -1;
    bool any_ = false, averaged_ = false;
    double step_ = 0.0, step_sum_ = 0.0;  // the sum counts from first_
    std::uint64_t steps_ = 0;
    std::vector<double> sums_, means_;
    std::vector<std::uint64_t> counts_;
};

// Keeps of each `bucket` points the one that reaches lowest and the one that reaches highest, in
// their order, so that no spike is lost. A bucket of 1 keeps everything. Between points that are
// not joined stands one that is not a number.
class MinMax {
public:
    explicit MinMax(std::uint64_t bucket) : bucket_(bucket) {}

    // `joined` with the point before.
    void add(const Point& point, bool joined = true);
    std::vector<Point> take();

private:
    void close();
    void keep(const Point& point, bool joined);

    std::uint64_t bucket_, count_ = 0, lowest_at_ = 0, highest_at_ = 0;
    bool begins_joined_ = true, is_joined_ = true;  // the bucket with the one before, and within
    Point lowest_, highest_;
    std::vector<Point> kept_;
};

}  // namespace apical
