// Rules that keep strengths within bounds, at sets that lack synapses: where none is, the strength
// is 0, whatever the bounds, and neither the audit nor the start of a run holds that against them.
#include <catch2/catch.hpp>

#include "sim/audit/audit.hpp"
#include "sim/runs/simulation.hpp"
#include "tests/sim/model/drafted_model.hpp"

namespace apical {

namespace {

Model bounded(const std::string& start, const std::string& connect,
              const std::vector<std::string>& overrides = {}) {
    const TemporaryFolder folder;
    const std::string text =
        drafted("rules/bounded_hebb",
                {{"to     = \"cell.apical\"\nduring = \"forward\"\ninit   = { constant = 0.0 }",
                  "to     = \"cell.apical\"\nduring = \"forward\"\ninit   = " + start +
                      "\nconnect = " + connect}});
    return load_model(folder.write("m.toml", text), overrides);
}

bool changes_continuously(const Model& model) {
    const Audit verdict = audit(model);
    for (const Finding& one : verdict.findings) {
        INFO(one.because);
        CHECK(one.criterion != Criterion::continuous_plasticity);
    }
    return verdict.passes();
}

const std::string above_0 = "plasticity.learning.smallest=0.1";

}  // namespace

TEST_CASE("bounds of a rule are bounds of the synapses that exist", "[audit][connect]") {
    CHECK(changes_continuously(bounded("{ constant = 0.0 }", "{ in_degree = 3 }")));
    CHECK(changes_continuously(bounded("{ constant = 0.2 }", "{ in_degree = 3 }", {above_0})));
    CHECK(changes_continuously(
        bounded("{ uniform = [0.1, 0.25] }", "{ probability = 0.5 }", {above_0})));
}

TEST_CASE("a start outside of bounds is found at sets that lack synapses", "[audit][connect]") {
    const Model model = bounded("{ uniform = [0.0, 0.2] }", "{ in_degree = 3 }", {above_0});
    CHECK_FALSE(audit(model).meets("ii"));
}

TEST_CASE("a run begins where the synapses that exist are within bounds", "[start_bounds]") {
    const Model within = bounded("{ constant = 0.2 }", "{ in_degree = 3 }", {above_0}),
                below = bounded("{ constant = 0.05 }", "{ in_degree = 3 }", {above_0});
    CHECK_NOTHROW(Simulation(within));
    CHECK_THROWS_WITH(Simulation(below),
                      Catch::Contains("12 of 12 numbers of \"W\" begin below 0.1 or above 0.25"));
}

}  // namespace apical
