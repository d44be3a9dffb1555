// Block means and tail means of losses, against sums that are written out.
#include "sim/runs/loss_curve.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <numeric>

using namespace apical;

namespace {

// A loss that is another one in each step, whose sums are exact.
double loss_of(std::int64_t step) { return double(step * step % 97); }

double sum_until(std::int64_t step) {
    double sum = 0.0;
    for (std::int64_t k = 1; k <= step; ++k) sum += loss_of(k);
    return sum;
}

// After `ran` of `planned` steps; it is told only of the steps that it asks for.
LossCurve curve_of(std::int64_t planned, std::int64_t blocks, std::int64_t ran) {
    LossCurve curve(planned, blocks);
    for (std::int64_t step = curve.next(); step <= ran; step = curve.next())
        curve.add(step, sum_until(step));
    return curve;
}

std::vector<double> means_between(const std::vector<std::int64_t>& ends) {
    std::vector<double> means;
    std::int64_t before = 0;
    for (const std::int64_t end : ends) {
        means.push_back((sum_until(end) - sum_until(before)) / double(end - before));
        before = end;
    }
    return means;
}

}  // namespace

TEST_CASE("a curve has the mean loss of each block of steps", "[sweep][loss_curve]") {
    const LossCurve curve = curve_of(100, 5, 100);
    const std::vector<std::int64_t> ends{20, 40, 60, 80, 100};
    CHECK(curve.block_steps() == ends);
    CHECK(curve.block_losses() == means_between(ends));
}

TEST_CASE("blocks differ in length by one step at most, and end with the run",
          "[sweep][loss_curve]") {
    for (const std::int64_t steps : {7, 10, 11, 99, 101, 250}) {
        for (const std::int64_t blocks : {1, 2, 3, 6, 7}) {
            INFO(steps << " steps, " << blocks << " blocks");
            const LossCurve curve = curve_of(steps, blocks, steps);
            const std::vector<std::int64_t> ends = curve.block_steps();
            REQUIRE(ends.size() == std::size_t(blocks));
            CHECK(ends.back() == steps);
            std::vector<std::int64_t> sizes(ends.size());
            std::adjacent_difference(ends.begin(), ends.end(), sizes.begin());
            const auto [least, most] = std::minmax_element(sizes.begin(), sizes.end());
            CHECK(*most - *least <= 1);
            CHECK(curve.block_losses() == means_between(ends));
        }
    }
}

TEST_CASE("with fewer steps than blocks, each step is a block", "[sweep][loss_curve]") {
    const LossCurve curve = curve_of(4, 100, 4);
    CHECK(curve.block_steps() == std::vector<std::int64_t>{1, 2, 3, 4});
    CHECK(curve.block_losses() == std::vector<double>{1.0, 4.0, 9.0, 16.0});
}

TEST_CASE("a run that is cut short has its complete blocks", "[sweep][loss_curve]") {
    const LossCurve curve = curve_of(100, 5, 59);
    CHECK(curve.block_steps() == std::vector<std::int64_t>{20, 40});
    CHECK(curve.block_losses() == means_between({20, 40}));
    CHECK(curve_of(100, 5, 19).block_steps().empty());
}

TEST_CASE("the tail is the last tenth of the steps", "[sweep][loss_curve]") {
    for (const std::int64_t steps : {1, 9, 10, 19, 100, 105, 250, 5555, 20'003}) {
        for (const std::int64_t blocks : {1, 7, 100}) {
            INFO(steps << " steps, " << blocks << " blocks");
            const LossCurve::Mean tail =
                curve_of(steps, blocks, steps).tail(steps, sum_until(steps));
            CHECK(tail.steps == std::max<std::int64_t>(1, steps / 10));
            CHECK(tail.loss ==
                  (sum_until(steps) - sum_until(steps - tail.steps)) / double(tail.steps));
        }
    }
}

TEST_CASE("the tail of a run that is cut short is a tenth of the steps that it took",
          "[sweep][loss_curve]") {
    for (const std::int64_t planned : {100, 100'000}) {
        for (const std::int64_t ran : {1, 2, 9, 10, 11, 19, 20, 55, 99}) {
            INFO(ran << " of " << planned);
            const LossCurve::Mean tail = curve_of(planned, 7, ran).tail(ran, sum_until(ran));
            CHECK(tail.steps == std::max<std::int64_t>(1, ran / 10));
            CHECK(tail.loss == (sum_until(ran) - sum_until(ran - tail.steps)) / double(tail.steps));
        }
    }
    CHECK(std::isnan(curve_of(100, 7, 0).tail(0, 0.0).loss));
    CHECK(curve_of(100, 7, 0).tail(0, 0.0).steps == 0);
}

TEST_CASE("the tail of a long run that is cut short is longer by at most a tenth",
          "[sweep][loss_curve]") {
    double sum = 0.0;
    std::vector<double> sums{0.0};
    LossCurve curve(1'000'000, 3);
    for (std::int64_t step = 1; step <= 60'000; ++step) {
        sums.push_back(sum += loss_of(step));
        if (step == curve.next()) curve.add(step, sum);
        if (step % 997 != 0) continue;
        INFO(step);
        const LossCurve::Mean tail = curve.tail(step, sum);
        CHECK(tail.steps >= step / 10);
        CHECK(double(tail.steps) <= 1.1 * double(step) / 10.0 + 1.0);
        CHECK(tail.loss == (sum - sums[std::size_t(step - tail.steps)]) / double(tail.steps));
    }
}

TEST_CASE("the tail of a fork has steps of its own alone", "[sweep][loss_curve]") {
    LossCurve curve(1500, 1);
    curve.begin_after(1400, sum_until(1400));
    for (std::int64_t step = curve.next(); step <= 1500; step = curve.next())
        curve.add(step, sum_until(step));
    const LossCurve::Mean tail = curve.tail(1500, sum_until(1500));
    CHECK(tail.steps == 100);
    CHECK(tail.loss == (sum_until(1500) - sum_until(1400)) / 100.0);
}

TEST_CASE("a curve of as many steps as can be counted does not overflow", "[sweep][loss_curve]") {
    for (const std::int64_t steps : {INT64_MAX, INT64_MAX - 1, INT64_MAX / 2}) {
        for (const std::int64_t blocks : {1, 3, 100, 10'000}) {
            INFO(steps << " steps, " << blocks << " blocks");
            LossCurve curve(steps, blocks);
            std::int64_t last = 0, rounds = 0;
            while (last < steps && rounds++ < blocks + 200'000) {
                const std::int64_t step = curve.next();
                if (step <= last || step > steps) break;
                curve.add(last = step, 1.0);
            }
            CHECK(last == steps);
            const std::vector<std::int64_t> ends = curve.block_steps();
            REQUIRE(ends.size() == std::size_t(blocks));
            CHECK(ends.back() == steps);
            long double farthest = 0.0L;
            for (std::size_t k = 0; k < ends.size(); ++k) {
                const long double even = (long double)(steps) / blocks * (long double)(k + 1);
                farthest = std::max(farthest, std::abs((long double)(ends[k]) - even));
            }
            CHECK(farthest <= 2.0L);
        }
    }
}
