#include "sim/show/plot/reduce.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "sim/show/plot/script_text.hpp"
#include "tests/sim/command_line/program_run.hpp"

using namespace apical;

namespace {

std::vector<Point> thinned(const std::vector<double>& values, std::uint64_t bucket) {
    MinMax reduction(bucket);
    for (std::size_t k = 0; k < values.size(); ++k)
        reduction.add({static_cast<double>(k), values[k], values[k], values[k]});
    return reduction.take();
}

bool has(const std::vector<Point>& points, double x, double y) {
    return std::any_of(points.begin(), points.end(),
                       [&](const Point& one) { return one.x == x && one.y == y; });
}

bool in_order(const std::vector<Point>& points) {
    return std::is_sorted(points.begin(), points.end(),
                          [](const Point& a, const Point& b) { return a.x < b.x; });
}

struct Block {
    double step, mean;
    bool operator==(const Block&) const = default;
};

// Means of values in steps first, first + every, ..., after which another one could be.
std::vector<Block> block_means(const std::vector<double>& values, std::int64_t first,
                               std::int64_t every, std::int64_t block) {
    BlockMeans blocks(first, block, 1);
    std::vector<Block> all;
    std::int64_t step = first;
    for (const double value : values) {
        if (blocks.add(step, {value})) all.push_back({blocks.step(), blocks.means()[0]});
        step += every;
    }
    if (blocks.finish(step)) all.push_back({blocks.step(), blocks.means()[0]});
    return all;
}

}  // namespace

TEST_CASE("thinning by min and max keeps a spike of one point up or down", "[plot]") {
    std::vector<double> values(100000);
    for (std::size_t k = 0; k < values.size(); ++k) values[k] = std::sin(0.01 * double(k));
    for (const std::size_t at : {std::size_t{0}, std::size_t{51234}, values.size() - 1}) {
        for (const double spike : {7.5, -7.5}) {
            std::vector<double> spiked = values;
            spiked[at] = spike;
            const std::vector<Point> points = thinned(spiked, 250);
            CHECK(has(points, double(at), spike));
            CHECK(points.size() <= 800);
            CHECK(in_order(points));
        }
    }
}

TEST_CASE("thinning keeps every point of a bucket of one, and gaps where nothing is a number",
          "[plot]") {
    const std::vector<Point> all = thinned({3.0, 1.0, 2.0}, 1);
    REQUIRE(all.size() == 3);
    CHECK((all[0].y == 3.0 && all[1].y == 1.0 && all[2].y == 2.0));
    const std::vector<Point> points = thinned({NAN, NAN, NAN, 2.0, -1.0, NAN, 5.0}, 2);
    REQUIRE(std::isnan(points.front().y));
    CHECK(has(points, 3.0, 2.0));
    CHECK(has(points, 4.0, -1.0));
    CHECK(has(points, 6.0, 5.0));
}

TEST_CASE("thinning keeps gaps between points that are not joined", "[plot]") {
    const auto kept = [](std::uint64_t bucket, const std::vector<bool>& joined) {
        MinMax reduction(bucket);
        for (std::size_t k = 0; k < joined.size(); ++k) {
            const auto y = static_cast<double>(k);
            reduction.add({y, y, y, y}, joined[k]);
        }
        std::vector<double> all;  // -1: a gap
        for (const Point& point : reduction.take())
            all.push_back(std::isnan(point.y) ? -1.0 : point.y);
        return all;
    };
    using Kept = std::vector<double>;
    CHECK(kept(1, {false, true, false, true}) == Kept{0.0, 1.0, -1.0, 2.0, 3.0});
    CHECK(kept(3, {true, true, true, false, true, true}) == Kept{0.0, 2.0, -1.0, 3.0, 5.0});
    CHECK(kept(3, {true, false, true, true, true, true}) == Kept{0.0, -1.0, 2.0, 3.0, 5.0});
}

TEST_CASE("thinning keeps the ends of a band", "[plot]") {
    MinMax reduction(3);
    reduction.add({0.0, 0.0, -9.0, 1.0});
    reduction.add({1.0, 1.0, 0.0, 2.0});
    reduction.add({2.0, 0.5, 0.0, 8.0});
    const std::vector<Point> points = reduction.take();
    REQUIRE(points.size() == 2);
    CHECK((points[0].low == -9.0 && points[1].high == 8.0));
}

TEST_CASE("a block's mean stands at its middle, and a last block that is cut off is left out",
          "[plot]") {
    const std::vector<Block> expected{{2.0, 2.0}, {5.0, 5.0}};
    CHECK(block_means({1, 2, 3, 4, 5, 6}, 1, 1, 3) == expected);
    CHECK(block_means({1, 2, 3, 4, 5, 6, 100}, 1, 1, 3) == expected);
    // It is all there is.
    CHECK(block_means({1, 2, 6}, 11, 1, 10) == std::vector<Block>{{12.0, 3.0}});
    CHECK(block_means({1, 2, 6}, 11, 1, std::numeric_limits<std::int64_t>::max()) ==
          std::vector<Block>{{12.0, 3.0}});
}

TEST_CASE("a block of what is sampled now and then stands at the mean of its sampled steps",
          "[plot]") {
    // Steps 1, 5, 9, 13, 17 in blocks of 10: 1 to 10 and 11 to 20, in which 21 is not.
    CHECK(block_means({1, 2, 3, 10, 20}, 1, 4, 10) == std::vector<Block>{{5.0, 2.0}, {15.0, 15.0}});
    // Every sample is a block of its own, the last one too.
    CHECK(block_means({7, 8, 9}, 1, 1000, 500) ==
          std::vector<Block>{{1.0, 7.0}, {1001.0, 8.0}, {2001.0, 9.0}});
}

TEST_CASE("blocks of single steps are no means", "[plot]") {
    for (const std::int64_t every : {2, 3}) {
        BlockMeans blocks(1, 3, 1);
        for (const std::int64_t k : {0, 1, 2}) blocks.add(1 + k * every, {1.0});
        blocks.finish(1 + 3 * every);
        CHECK(blocks.averaged() == (every == 2));
    }
}

TEST_CASE("a block's mean leaves out what is not a number", "[plot]") {
    const std::vector<Block> blocks = block_means({NAN, NAN, NAN, 4.0}, 1, 1, 2);
    REQUIRE(blocks.size() == 2);
    CHECK(std::isnan(blocks[0].mean));
    CHECK(blocks[1].mean == 4.0);
}

TEST_CASE("a mean reaches one standard error to each side", "[plot]") {
    // The standard deviation of 1, 2, 6 is sqrt(7), with n - 1 = 2.
    const Point mean = mean_of(4.0, {1.0, 2.0, 6.0});
    CHECK((mean.x == 4.0 && mean.y == 3.0));
    CHECK(mean.high - mean.y == Approx(std::sqrt(7.0 / 3.0)).epsilon(1e-14));
    CHECK(mean.y - mean.low == Approx(std::sqrt(7.0 / 3.0)).epsilon(1e-14));
    CHECK(std::isnan(mean_of(0.0, {1.0, NAN}).y));
}

TEST_CASE("ticks are 1, 2 or 5 times a power of ten", "[plot]") {
    CHECK(tick_step(10.0, 5.0) == 2.0);
    CHECK(tick_step(11.0, 5.0) == 5.0);
    CHECK(tick_step(0.3, 4.0) == Approx(0.1));
    CHECK(tick_step(90000.0, 5.0) == 20000.0);
}

TEST_CASE("gnuplot prints quoted texts as they are", "[plot]") {
    const TemporaryFolder folder;
    for (const std::string text :
         {"hidden.apical.v", "W_rec^2 {/Symbol a} @x", "it's \"quoted\" `touch made` $(touch made)",
          "back\\nslash \\", "%g %s", "\u00b1 S.E.M. \u03c6", "", "# no comment; no command"}) {
        const std::string script =
            folder.write("quoted.gp", "set print '-'\nprint " + quoted(text) + "\n");
        const Outcome outcome = Running(folder, {"gnuplot", "-d", script}).wait();
        CHECK(outcome.code == 0);
        CHECK(outcome.out == text + "\n");
    }
    CHECK_FALSE(std::filesystem::exists(folder / "made"));
}

TEST_CASE("what is no text of one line becomes one", "[plot]") {
    CHECK(quoted("a\nb\tc") == "'a?b?c'");
    CHECK(quoted("a\xffz\xc3") == "'a?z?'");
    CHECK(quoted("\xc2\xb1") == "'\xc2\xb1'");
}
