// Connectivity that cannot be.
#include "sim/command_line/describe.hpp"
#include "tests/sim/model/drafted_model.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// W_rec of models/rflo.toml, 32 x 32, begins normal and has this `connect`.
Change connect_of(const std::string& connect) {
    return {"init   = { orthogonal = 1.0 }", "init = { normal = 0.1 }\nconnect = " + connect};
}

}  // namespace

TEST_CASE("connectivity that no cells can have is rejected where it stands", "[model][connect]") {
    rejects({
        {"rflo", connect_of("@{ }"), {"[synapses.W_rec.connect] leaves out no synapse"}},
        {"rflo", connect_of("@{ self = true }"), {"expected one of probability, in_degree"}},
        {"rflo",
         connect_of("{ probability = @0.0 }"),
         {"probability is the number 0.0", "expected a number above 0 to 1"}},
        {"rflo", connect_of("{ probability = @1.5 }"), {"probability is the number 1.5"}},
        {"rflo",
         connect_of("{ in_degree = @40 }"),
         {"in_degree = 40, but \"hidden\" has 32 cells"}},
        {"rflo",
         connect_of("{ in_degree = @32, self = false }"),
         {"in_degree = 32, but \"hidden\" has 32 cells (31 without itself)"}},
        {"rflo", connect_of("{ out_degree = @33 }"), {"out_degree = 33, but \"hidden\""}},
        {"rflo",
         connect_of("{ probability = 0.1, in_degree = @4 }"),
         {"has both \"probability\" and \"in_degree\"; expected one of them"}},
        {"rflo",
         connect_of("{ one_to_one = @true, self = false }"),
         {"one to one joins each cell to itself"}},
        {"rflo",
         connect_of("{ self = false, stream = @\"connect/x\" }"),
         {"names a stream but draws nothing"}},
        {"rflo",
         connect_of("{ probability = 0.1, stream = @\"x\" }"),
         {"\"x\" is no stream of synapses", "\"connect/W_rec\""}},
        {"rflo",
         connect_of("{ probability = 0.1, dataset = @\"x\" }"),
         {"\"dataset\" goes with \"file\" alone"}},
        {"rflo", connect_of("@{ file = \"x.h5\" }"), {"needs the key \"dataset\""}},
        {"rtrl",
         connect_of("{ probability = 0.1, storage = @\"rows\" }"),
         {"rule \"rtrl\" needs storage = \"dense\" of \"W_rec\""}},
        {"rflo",
         connect_of("{ blocks = { count = @5, within = 0.5, between = 0.1 } }"),
         {"the 32 cells of \"hidden\" are not 5 groups of one size; expected a count that divides "
          "32"}},
        {"rflo",
         connect_of("{ blocks = @{ count = 4, within = 0.0, between = 0.0 } }"),
         {"blocks without synapses within or between them join nothing"}},
        {"rflo",
         connect_of("{ blocks = { count = 4, within = @1.5, between = 0.0 } }"),
         {"within is the number 1.5; expected a number from 0 to 1"}},
        {"rflo",
         connect_of("{ blocks = @{ count = 4, within = 0.5 } }"),
         {"[synapses.W_rec.connect.blocks] is missing its key \"between\""}},
        {"rflo",
         connect_of("{ radius = 1.0, grid = @[4, 9] }"),
         {"grid = [4, 9] has 36 places, but \"hidden\" has 32 cells"}},
        {"rflo",
         connect_of("{ radius = 1.0, grid = [4, 8], from_grid = @[2, 2, 8] }"),
         {"from_grid has 3 numbers; expected two, [rows, columns]"}},
        {"rflo", connect_of("@{ radius = 1.0 }"), {"a receptive field needs the key \"grid\""}},
        {"rflo",
         connect_of("{ probability = 0.5, grid = @[4, 8] }"),
         {"\"grid\" goes with \"radius\" alone"}},
        {"rflo",
         connect_of("{ in_degree = 4, radius = @1.0, grid = [4, 8] }"),
         {"has both \"in_degree\" and \"radius\"; expected one of them"}},
        {"rflo",
         connect_of("{ radius = 1.0, grid = [4, 8], stream = @\"connect/x\" }"),
         {"names a stream but draws nothing"}},
        {"rflo",
         connect_of("{ like = @\"W_rce\" }"),
         {"there is no synapse set \"W_rce\"", "Did you mean \"W_rec\"?"}},
        {"rflo",
         connect_of("{ like = @\"W_rec\" }"),
         {"which synapses of \"W_rec\" exist is said nowhere"}},
        {"rflo",
         connect_of("{ like = @\"W_out\" }"),
         {"\"W_rec\" is like \"W_out\", which joins other sizes; expected a set from 32 to 32 "
          "cells"}},
        {"rflo",
         connect_of("{ reverse_of = \"W_out\", self = @false }"),
         {"has the synapses of \"W_out\"; whether cells have autapses is said there"}},
        {"rflo",
         connect_of("{ like = \"W_out\", reverse_of = @\"W_out\" }"),
         {"has both \"like\" and \"reverse_of\"; expected one of them"}},
        {"rflo",
         connect_of("{ @probabilty = 0.1 }"),
         {"unknown key \"probabilty\"", "Did you mean \"probability\"?"}},
    });
}

TEST_CASE("what joins different cells has no autapses to leave out", "[model][connect]") {
    const Change in = {"init   = { normal = \"1/sqrt(pre)\" }\n[synapses.b]",
                       "init = { normal = 1.0 }\nconnect = { self = @false }\n[synapses.b]"};
    rejects("rflo", {in}, {"self = false, but \"input\" and \"hidden\" are different cells"});
    const Change one = {"init   = { normal = \"1/sqrt(pre)\" }\n[synapses.b]",
                        "init = { normal = 1.0 }\nconnect = { one_to_one = @true }\n[synapses.b]"};
    rejects("rflo", {one}, {"one to one joins as many"});
}

TEST_CASE("a start that is made of all synapses cannot lack some", "[model][connect]") {
    rejects({
        {"rflo",
         {"init   = { orthogonal = 1.0 }",
          "init = { orthogonal = @1.0 }\nconnect = { probability = 0.1 }"},
         {"[synapses.W_rec] init = { orthogonal = ... } needs all synapses"}},
        {"rflo",
         {"init   = { orthogonal = 1.0 }",
          "init = { identity = @1.0 }\nconnect = { probability = 0.1 }"},
         {"init = { identity = ... } needs all synapses"}},
        {"dni_b",
         {"init   = { copy = \"W_rec\" }",
          "init = { copy = @\"W_rec\" }\nconnect = { probability = 0.1 }"},
         {"synapses \"J\" cannot start as a copy of \"W_rec\"", "one stream in both"}},
    });
}

TEST_CASE("all but partners are of as many cells", "[model][connect]") {
    const Change in = {
        "init   = { normal = \"1/sqrt(pre)\" }\n[synapses.b]",
        "init = { normal = 1.0 }\nconnect = { all_but_partner = @true }\n[synapses.b]"};
    rejects("rflo", {in}, {"\"input\" has 2 cells and \"hidden\" 32; only as many have partners"});
}

namespace {

// Sets between 6 and 4 cells, there and back, and how each is connected.
std::string joined_both_ways(const std::string& there, const std::string& back) {
    return common_lines + R"(
population.a = { size = 6, activation = "linear" }
population.b = { size = 4, activation = "linear" }
synapses.back = { from = "b", to = "a.soma", during = "update", init = { constant = 1.0 })" +
           back + R"( }
synapses.in = { from = "input", to = "a.soma", during = "forward", init = { constant = 1.0 } }
synapses.there = { from = "a", to = "b.soma", during = "forward", init = { constant = 1.0 })" +
           there + R"( }
synapses.W_out = { from = "b", to = "output.soma", during = "forward", init = { constant = 1.0 } }
)";
}

}  // namespace

TEST_CASE("a set has the synapses of another one or their reverse, wherever that stands",
          "[connect]") {
    const std::string drawn = ", connect = { probability = 0.4 }";
    const auto of = [](const std::string& there, const std::string& back) {
        SteppedModel sim(model_of_text(joined_both_ways(there, back)));
        return std::pair(Matrix(sim.matrix("there")), Matrix(sim.matrix("back")));
    };
    const auto [there, back] = of(drawn, ", connect = { reverse_of = \"there\" }");
    CHECK(there == of(drawn, "").first);
    CHECK(back == Matrix(there.transpose()));
    CHECK(there.sum() > 0.0);
    CHECK(there.sum() < 24.0);
    const auto [mirrored, first] = of(", connect = { reverse_of = \"back\" }", drawn);
    CHECK(mirrored == Matrix(first.transpose()));
    const Model model =
        model_of_text(joined_both_ways(drawn, ", connect = { reverse_of = \"there\" }"));
    CHECK_THAT(describe_model(model),
               Catch::Contains("during update, joined as the reverse of \"there\""));
}

TEST_CASE("sets that are like each other in a circle, or like one that has all, are refused",
          "[model][connect]") {
    CHECK_THROWS_WITH(model_of_text(joined_both_ways(", connect = { reverse_of = \"back\" }",
                                                     ", connect = { reverse_of = \"there\" }")),
                      Catch::Contains("is said nowhere"));
    CHECK_THROWS_WITH(
        model_of_text(joined_both_ways("", ", connect = { reverse_of = \"there\" }")),
        Catch::Contains(
            "\"back\" is the reverse of \"there\", which leaves out no synapse; expected a "
            "set with \"connect\""));
}
