// Values that TOML writes otherwise: what a message says of them.
#include "circuits/text/misspelt_value.hpp"

#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

TEST_CASE("a number that lacks a digit, or is too large, is named as such", "[toml]") {
    CHECK(misspelt_number(".5") == ".5 lacks a digit before its point; expected 0.5");
    CHECK(misspelt_number("-.25e3") == "-.25e3 lacks a digit before its point; expected -0.25e3");
    CHECK(misspelt_number("5.") == "5. lacks a digit behind its point; expected 5.0");
    // 2^63 and -2^63 - 1: TOML's whole numbers have 64 bits.
    CHECK_THAT(misspelt_number("9223372036854775808"), Catch::Contains("is too large"));
    CHECK_THAT(misspelt_number("-9_223_372_036_854_775_809"), Catch::Contains("is too small"));
    CHECK_THAT(misspelt_number("1e309"), Catch::Contains("beyond what a number can be"));
    CHECK_THAT(misspelt_number("-1.5E+400"), Catch::Contains("beyond what a number can be"));
    for (const char* good : {"1", "-0.5", "1e308", "9223372036854775807", "x", "", ".", "1e", "e5",
                             "1.2.3", "12ab", "runs/1.h5", "-", "1-2"}) {
        INFO(good);
        CHECK(misspelt_number(good).empty());
    }
}

TEST_CASE("a text without quotes is shown with them", "[toml]") {
    CHECK(misspelt_value("input") == "a text needs quotes; expected \"input\", found input");
    CHECK_THAT(misspelt_value("hidden.soma"), Catch::Contains("expected \"hidden.soma\""));
    CHECK(misspelt_value("x+y").empty());
    CHECK_THAT(misspelt_value(".5"), Catch::Contains("expected 0.5"));
}

TEST_CASE("a model's values that are no TOML are explained at their place", "[toml][model]") {
    rejects("rflo", {{"role = \"input\"", "role = @input"}}, {"a text needs quotes", "\"input\""});
    rejects("rflo", {{"alpha      = 0.5", "alpha = @.5"}}, {"expected 0.5"});
    rejects("rflo", {{"{ orthogonal = 1.0 }", "{ orthogonal = @1e999 }"}},
            {"1e999 is beyond what a number can be"});
    rejects("rflo", {{"[run]\nsteps = 100_000", "[run]\nsteps = @99_999_999_999_999_999_999"}},
            {"is too large; expected a whole number"});
    rejects("rflo", {{"{ orthogonal = 1.0 }", "{ orthogonal = @\u201c1.0\u201d }"}},
            {"typographic quotes", "straight ones"});
}

TEST_CASE(
    "option --set explains a value that is none as a file does, and takes other words as texts",
    "[toml][model]") {
    const std::vector<std::pair<std::string, std::string>> cases = {
        {"run.seed=18446744073709551616", "18446744073709551616 is too large"},
        {"task.hold=.5", "expected 0.5"},
        {"synapses.W_in.init={ constant = 1e999 }", "1e999 is beyond what a number can be"},
        {"task.lags=[1, .5]", "expected 0.5"},
        {"synapses.W_in.from=\u201cinput\u201d", "typographic quotes"},
        {"synapses.W_in={ from = input }", "a text needs quotes; expected \"input\""}};
    for (const auto& [assignment, why] : cases) {
        INFO(assignment);
        const auto error = error_of([&] { parse_override(assignment); });
        REQUIRE(error);
        CHECK(error->code() == ExitCode::usage);
        CHECK_THAT(error->what(),
                   Catch::StartsWith("`override` " + assignment + ": ") && Catch::Contains(why));
    }
    for (const char* text : {"run.output=1.h5", "run.output=2024-run", "run.output=inside.h5"}) {
        const Override change = parse_override(text);
        CHECK(std::get<std::string>(change.value.content) == std::string(text).substr(11));
    }
}

TEST_CASE("a time constant out of range is named with its compartment", "[model]") {
    rejects("rflo", {{"alpha      = 0.5", "alpha = 0.5\ntau_ms = { soma = @-1.0 }"}},
            {"population.hidden.tau_ms is a table whose \"soma\" is the number -1.0", "from 0"});
}
