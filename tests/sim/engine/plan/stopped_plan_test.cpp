// Plans of models with rules that wait while an event is on.
#include "tests/sim/engine/plan/optimised_model.hpp"

using namespace apical;

namespace {

// A shipped model of which one rule stops for some steps, again and again.
Model stopped(const std::string& name, const std::string& rule) {
    std::vector<std::string> keys = {
        "event={ stop = { at = 4, for = 5, every = 20, stop = \"plasticity." + rule + "\" } }"};
    if (!name.starts_with("rules/")) keys.emplace_back("population.hidden.size=6");
    return load_model(path_of_shipped(name), keys);
}

}  // namespace

TEST_CASE("a plan of a rule that stops makes the bits of the operations as they are listed",
          "[plan][event]") {
    for (const std::string name : {"rflo", "dni_b", "uoro", "rules/soft_bounds"}) {
        for (const BoundRule& bound : load_model(path_of_shipped(name), {}).rules) {
            INFO(name << ", " << bound.label);
            OptimisedModel fused(stopped(name, bound.label));
            SteppedModel listed(stopped(name, bound.label));
            for (int t = 0; t < 60; ++t) {
                fused.step();
                listed.step();
                for (const SynapseSet& set : fused.model.circuit.synapses) {
                    const std::span<const double> all =
                        listed.state.numbers(listed.model.program.find(set.name));
                    REQUIRE(same_bits(fused.numbers(set.name), {all.begin(), all.end()}));
                }
            }
        }
    }
}

TEST_CASE("what no event stops is fused beside a rule that one stops", "[plan][event]") {
    const OptimisedModel never(load_model(path_of_shipped("rflo"), {"population.hidden.size=6"})),
        beside(stopped("rflo", "readout")), traced(stopped("rflo", "recurrent"));
    CHECK(beside.passes() > 0);
    CHECK(beside.passes() < never.passes());  // the readout's change is made by itself
    CHECK(traced.passes() < never.passes());
}
