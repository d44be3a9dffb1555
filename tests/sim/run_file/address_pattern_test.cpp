#include "sim/run_file/address_pattern.hpp"

#include <catch2/catch.hpp>

#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

TEST_CASE("a star stands for one part of an address", "[recorder]") {
    CHECK(matches("hidden.*", "hidden.r"));
    CHECK(matches("*.r", "hidden.r"));
    CHECK(matches("*.*.v", "hidden.apical.v"));
    CHECK_FALSE(matches("hidden.*", "hidden.apical.v"));
    CHECK_FALSE(matches("*.r", "previous(hidden.r)"));
    CHECK_FALSE(matches("*", "hidden.r"));
}

TEST_CASE("a star stands for one part of a name, and for no empty one", "[recorder]") {
    CHECK(matches("W_*", "W_rec"));
    CHECK(matches("*_rec", "W_rec"));
    CHECK(matches("W*c", "W_rec"));
    CHECK(matches("eligibility(*)", "eligibility(W_rec)"));
    CHECK(matches("*(W_rec)", "eligibility(W_rec)"));
    CHECK_FALSE(matches("W_*", "W_"));
    CHECK_FALSE(matches("W_*", "A_r"));
    CHECK_FALSE(matches("*(*", "W_rec"));
    CHECK_FALSE(matches("W_rec", "W_recurrent"));
}

TEST_CASE("many stars take no longer than few", "[recorder]") {
    CHECK_FALSE(matches(std::string(200, '*') + "b", std::string(300, 'a')));
}
