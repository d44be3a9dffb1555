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

TEST_CASE("a scale relative to a fan shrinks with the root of the expected number of synapses",
          "[initializer][connect]") {
    const Scale to{3.0, Scale::Relative::fan_in}, from{3.0, Scale::Relative::fan_out};
    CHECK(to.value(7, 4) == 1.5);  // all of them
    CHECK(from.value(4, 7) == 1.5);
    Connectivity connect;
    const auto value = [&](const Scale& scale) {
        return scale.value(80, 20, expected_fans(connect, 80, 20));
    };
    connect.kind = Connectivity::Kind::probability;
    connect.probability = 0.2;
    CHECK(value(to) == Approx(3.0 / 2.0));
    CHECK(value(from) == Approx(3.0 / 4.0));
    connect.kind = Connectivity::Kind::in_degree;
    connect.degree = 9;
    CHECK(value(to) == Approx(1.0));
    CHECK(value(from) == Approx(3.0 / 6.0));  // 80 x 9 synapses from 20 cells
    connect.kind = Connectivity::Kind::out_degree;
    connect.degree = 16;
    CHECK(value(to) == Approx(3.0 / 2.0));  // 20 x 16 synapses to 80 cells
    CHECK(value(from) == Approx(3.0 / 4.0));
    connect = {};
    connect.self = false;
    CHECK(to.value(10, 10, expected_fans(connect, 10, 10)) == Approx(1.0));
}
