#include "sim/system/external_program.hpp"

#include "sim/show/view/drawing.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

TEST_CASE("another program gets all of its input and gives all of its output", "[external]") {
    std::string text;
    for (int k = 0; k < 100000; ++k) text += fmt::format("line {}\n", k);
    const auto outcome = run_program({"cat"}, text);
    REQUIRE(outcome);
    CHECK(outcome->succeeded);
    CHECK(outcome->out == text);
    CHECK(outcome->complaints.empty());
}

TEST_CASE("what another program complains of is kept apart, with its failure", "[external]") {
    const auto outcome = run_program({"sh", "-c", "echo one; echo two >&2; exit 3"}, "");
    REQUIRE(outcome);
    CHECK_FALSE(outcome->succeeded);
    CHECK(outcome->out == "one\n");
    CHECK(outcome->complaints == "two\n");
    const auto killed = run_program({"sh", "-c", "kill -9 $$"}, "");
    REQUIRE(killed);
    CHECK_FALSE(killed->succeeded);
}

TEST_CASE("a program that is not there is no outcome", "[external]") {
    CHECK_FALSE(run_program({"apical-has-no-such-program"}, ""));
}

TEST_CASE("when dot is there and fails, the message is what dot says, not to install it",
          "[external][view]") {
    const auto error = error_of([] { svg_of("this is no graph"); });
    REQUIRE(error);
    CHECK(error->code() == ExitCode::internal);
    CHECK_THAT(error->what(), Catch::Contains("syntax error") && !Catch::Contains("install"));
}
