#include "circuits/anatomy/initializer.hpp"

#include <catch2/catch.hpp>
#include <cmath>

using namespace apical;

TEST_CASE("a plain scale is its factor for every shape", "[initializer]") {
    const Scale scale{2.5, Scale::Relative::none};
    REQUIRE(scale.value(32, 2) == 2.5);
    REQUIRE(scale.value(1, 1) == 2.5);
}

TEST_CASE("a scale relative to pre shrinks with the root of the presynaptic size",
          "[initializer]") {
    const Scale scale{3.0, Scale::Relative::pre};
    REQUIRE(scale.value(7, 4) == 1.5);
    REQUIRE(scale.value(7, 32) == 3.0 / std::sqrt(32.0));
}

TEST_CASE("a scale relative to post shrinks with the root of the postsynaptic size",
          "[initializer]") {
    const Scale scale{3.0, Scale::Relative::post};
    REQUIRE(scale.value(4, 7) == 1.5);
}
