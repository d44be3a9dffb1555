// Signs and bounds that cannot be.
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

TEST_CASE("bounds that no strength can keep are rejected where they stand", "[model][bounds]") {
    rejects({
        {"rflo",
         {"init   = { orthogonal = 1.0 }", "init = { orthogonal = 1.0 }\nbounds = @[1.0, -1.0]"},
         {"[synapses.W_rec] has bounds from 1 to -1; expected the smaller one first"}},
        {"rflo",
         {"init   = { orthogonal = 1.0 }", "init = { orthogonal = 1.0 }\nbounds = @[0.5, 0.5]"},
         {"expected the smaller one first, as in bounds = [0.0, 2.0]"}},
        {"rflo",
         {"init   = { orthogonal = 1.0 }", "init = { orthogonal = 1.0 }\nbounds = @1.0"},
         {"synapses.W_rec.bounds is", "expected a list of two numbers"}},
        {"rflo",
         {"init   = { orthogonal = 1.0 }", "init = { orthogonal = 1.0 }\nbounds = @[1.0]"},
         {"expected a list of two numbers"}},
        {"rflo",
         {"init   = { orthogonal = 1.0 }", "init = { orthogonal = 1.0 }\nbounds = @[0.0, inf]"},
         {"expected a list of two numbers"}},
    });
}

TEST_CASE("bounds on the other side of 0 than the sign of the cells are rejected",
          "[model][bounds][dale]") {
    const Change sign = {"alpha      = 0.5", "alpha = 0.5\nsign = \"inhibitory\""},
                 bounds = {"init   = { orthogonal = 1.0 }",
                           "init = { orthogonal = 1.0 }\nbounds = @[0.0, 2.0]"};
    rejects("rflo", {sign, bounds},
            {"[synapses.W_rec] has bounds from 0 to 2, but \"hidden\" is inhibitory; expected a "
             "least strength below 0"});
}

TEST_CASE("a sign is one of two, of cells whose axons somebody has", "[model][dale]") {
    rejects({
        {"rflo",
         {"alpha      = 0.5", "alpha = 0.5\nsign = @\"inhibitry\""},
         {"population.hidden.sign is", "one of excitatory", "Did you mean \"inhibitory\"?"}},
        {"rflo",
         {"role   = \"error\"", "role = \"error\"\n@sign = \"excitatory\""},
         {"unknown key \"sign\" in [population.error]"}},
    });
}

TEST_CASE("a lognormal start is a median and a number from 0", "[model]") {
    const std::string found = "init   = { orthogonal = 1.0 }";
    rejects({
        {"rflo",
         {found, "init = { lognormal = [0.1, @-0.5] }"},
         {"sigma is -0.5; expected [median, sigma] with a number from 0 to 10"}},
        {"rflo", {found, "init = { lognormal = [0.1, @11] }"}, {"sigma is 11"}},
        {"rflo", {found, "init = { lognormal = [0.1, @\"1/sqrt(pre)\"] }"}, {"sigma is"}},
        {"rflo", {found, "init = { lognormal = @0.1 }"}, {"expected a list of two"}},
        {"rflo", {found, "init = { half_normal = @\"much\" }"}, {"is no scale"}},
    });
}
