// Connectivity that cannot be.
#include "tests/sim/model/drafted_model.hpp"

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
