// KeRNL: fifty steps beside its equations, which are given the noise that the circuit has drawn.
#include "tests/oracle.hpp"

using namespace apical;
using namespace apical::oracle;

namespace {

// With more noise than the shipped model has, so that the kernel changes within fifty steps.
void follows_with(const Assignments& overrides) {
    Assignments all = {"plasticity.recurrent.kernel_rate=0.05", "plasticity.recurrent.sigma=0.1"};
    for (const std::string& one : overrides) all.push_back("plasticity.recurrent." + one);
    follows("kernl", all);
}

}  // namespace

TEST_CASE("KeRNL is its equations", "[oracle][kernl]") {
    follows_with({});
    const std::vector<std::string> all = compared("kernl");
    const std::vector<std::string> own = {
        "r + zeta of the twin", "K", "gamma", "Omega", "Gamma", "epsilon", "A", "B"};
    REQUIRE(std::equal(own.begin(), own.end(), std::find(all.begin(), all.end(), own[0])));
}

TEST_CASE("KeRNL is its equations with each of its options", "[oracle][kernl]") {
    follows_with({"clip=false"});
    follows_with({"filter=\"mean\""});
    follows_with({"reset_every=7"});
    follows_with({"gamma=0.3"});
    follows_with({"gamma=1.1"});
    follows_with({"gamma=1.1", "clip=false", "filter=\"mean\"", "reset_every=3"});
}

TEST_CASE("a twin that is reset every few steps begins with the rates it was given",
          "[oracle][kernl]") {
    const SteppedModel run(
        loaded("kernl", settings()[8],
               {"population.twin.init={ constant = 0.3 }", "plasticity.recurrent.reset_every=7"}));
    const Vector given = Vector::Constant(7, 0.3) + run.vector("recurrent.zeta");
    REQUIRE(distance(run.vector("twin.r"), given) <= tolerance);
}

TEST_CASE("a population that is like one that is like another begins with the same rates",
          "[initialize]") {
    const TemporaryFolder folder;
    const SteppedModel sim(load_model(
        folder.write("model.toml",
                     drafted("kernl", {{"[population.output]",
                                        "[population.third]\nlike = \"twin\"\n[population.output]"},
                                       {"[synapses.W_out]",
                                        "[synapses.more]\nfrom = \"input\"\nto = \"third.soma\"\n"
                                        "during = \"forward\"\ninit = { normal = 1.0 }\n"
                                        "[synapses.W_out]"}})),
        {}));
    REQUIRE(sim.vector("third.r") == sim.vector("hidden.r"));
}
