// Shuffled orders, each item once in an epoch.
#include "sim/numbers/epoch_order.hpp"

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <set>
#include <vector>

using namespace apical;

TEST_CASE("each item is shown once in each epoch, and epochs have other orders", "[random]") {
    for (const std::uint64_t items : {1u, 2u, 3u, 8u, 100u, 257u, 60'000u}) {
        INFO(items);
        const EpochOrder order(items, Stream(3, "task/input"));
        std::vector<std::uint64_t> last;
        for (std::uint64_t epoch = 0; epoch < 3; ++epoch) {
            std::vector<std::uint64_t> all;
            for (std::uint64_t k = 0; k < items; ++k) all.push_back(order.item(epoch * items + k));
            CHECK(std::set<std::uint64_t>(all.begin(), all.end()).size() == items);
            CHECK(*std::max_element(all.begin(), all.end()) == items - 1);
            if (items >= 100) CHECK(all != last);
            last = std::move(all);
        }
    }
}

// Over many epochs each item is as often at each place; chi-square of 49 degrees of freedom.
TEST_CASE("an item comes as often at every place of an epoch", "[random]") {
    constexpr std::uint64_t items = 8;
    constexpr int epochs = 8'000;
    const EpochOrder order(items, Stream(1, "task/input"));
    double count[items][items] = {};
    double neighbours = 0.0;  // how often item 1 follows item 0 at once
    for (std::uint64_t epoch = 0; epoch < epochs; ++epoch) {
        for (std::uint64_t k = 0; k < items; ++k) {
            const std::uint64_t item = order.item(epoch * items + k);
            count[item][k] += 1.0;
            if (item == 0 && k + 1 < items)
                neighbours += order.item(epoch * items + k + 1) == 1 ? 1.0 : 0.0;
        }
    }
    double chi_square = 0.0;
    constexpr double expected = epochs / static_cast<double>(items);
    for (const auto& row : count)
        for (const double found : row) chi_square += std::pow(found - expected, 2) / expected;
    CHECK(std::abs(chi_square - 49.0) < 3.0 * std::sqrt(2.0 * 49.0));
    CHECK(std::abs(neighbours - epochs / 8.0) < 3.0 * std::sqrt(epochs / 8.0 * 7.0 / 8.0));
}
