#include "sim/run_file/sampling.hpp"

#include <array>
#include <catch2/catch.hpp>
#include <initializer_list>
#include <limits>
#include <vector>

using namespace apical;

namespace {

Sampling of(std::initializer_list<std::array<std::int64_t, 3>> tables) {
    Sampling sampling;
    for (const auto& [every, from, to] : tables) sampling.add(every, from, to);
    return sampling;
}

std::vector<std::int64_t> steps_of(const Sampling& sampling) {
    std::vector<std::int64_t> all;
    for (auto step = sampling.next(0); step >= 0; step = sampling.next(step)) all.push_back(step);
    return all;
}

}  // namespace

TEST_CASE("samples are taken from the first step on, up to and including the last", "[recorder]") {
    CHECK(steps_of(of({{3, 2, 11}})) == std::vector<std::int64_t>{2, 5, 8, 11});
    CHECK(steps_of(of({{3, 2, 10}})) == std::vector<std::int64_t>{2, 5, 8});
    CHECK(steps_of(of({{100, 7, 50}})) == std::vector<std::int64_t>{7});
    CHECK(steps_of(of({{1, 9, 8}})).empty());
}

TEST_CASE("the steps of several tables are taken once each, in order", "[recorder]") {
    const Sampling sampling = of({{2, 1, 9}, {3, 3, 12}, {2, 1, 9}});
    CHECK(steps_of(sampling) == std::vector<std::int64_t>{1, 3, 5, 6, 7, 9, 12});
    CHECK(sampling.count() == 7);
    CHECK(sampling.includes(6));
    CHECK_FALSE(sampling.includes(8));
    CHECK_FALSE(sampling.includes(15));
}

TEST_CASE("counting samples takes no time, and is exact unless very many overlap", "[recorder]") {
    constexpr std::int64_t many = std::numeric_limits<std::int64_t>::max() - 1;
    CHECK(of({}).count() == 0);
    CHECK(of({{1, 1, many}}).count() == many);
    CHECK(of({{7, 1, many}}).count() == (many - 1) / 7 + 1);
    CHECK(of({{1, 1, many}, {2, 1, many}}).count() == many);
    CHECK(of({{2, 1, many}, {3, 1, many}}).count() >= many / 6 * 4);
    CHECK(of({{many, 5, many}}).next(5) == -1);
}
