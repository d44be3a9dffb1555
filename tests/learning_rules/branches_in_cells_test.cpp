// Equations inside cells that read how their branches are led.
#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// soma - apical - tip and basal, the tip behind a gate in `gated` circuits.
std::string tree(const std::string& equations, bool gated, const std::string& more = "") {
    return fmt::format(R"(
format = 1
phase = [{{ name = "step", ms = 2.0 }}, {{ name = "late", ms = 3.0 }}]
run = {{ steps = 1_000, seed = 1 }}
population.input.role = "input"
task = {{ kind = "mimic", inputs = 3, outputs = 2, cells = 5, hold = 1 }}
population.cell = {{ size = 4, activation = "tanh", dendrites = ["basal", "apical", "tip"], coupling = {{ leak = 0.05, basal = 0.1, apical = {{ conductance = 0.2, leak = 0.03 }}, tip = {{ to = "apical", conductance = 0.3 }} {} }} }}
synapses.B = {{ from = "input", to = "cell.basal", during = "step", init = {{ normal = 1.0 }} }}
synapses.T = {{ from = "input", to = "cell.tip", during = "step", init = {{ normal = 1.0 }} }}
dynamics.of_branches = {{ cells = "cell", state = {{ x = "cell" }}, equations = [{}] }}
)",
                       gated ? ", solver = \"steady\"" : "", equations) +
           (gated
                ? "population.shut = { size = 4, activation = \"logistic\" }\n"
                  "synapses.S = { from = \"input\", to = \"shut.soma\", during = \"step\", init = "
                  "{ normal = 1.0 } }\n"
                  "synapses.G = { from = \"shut\", to = \"cell.tip.gate\", during = \"step\", "
                  "init = { uniform = [0.1, 0.9] } }\n"
                  "gate.tip = { opens = \"cell.tip\", by = \"activity\", form = \"linear\", "
                  "during = [\"step\", \"late\"] }\n"
                : "") +
           more;
}

std::string refusal(const std::string& text) {
    try {
        model_of_text(text);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a branch's drive and conductance are read in its cells", "[dynamics][coupling]") {
    SteppedModel sim(
        model_of_text(tree("\"apical_seen = apical.v\", \"x = 0.5 * x + step_ms * "
                           "apical.conductance * (apical.drive - apical.v)\"",
                           false)));
    Vector x = Vector::Zero(4);
    for (int step = 0; step < 8; ++step) {
        sim.step();
        const Vector tip = sim.vector("cell.tip.v");
        // K = 0.03 + 0.3, E = 0.3 tip / K
        const double K = 0.33;
        const Vector E = 0.3 / K * tip;
        INFO("step " << step);
        CHECK(distance(sim.vector("cell.apical_drive"), E) <= 1e-14);
        // The potential moves on in the second phase, by 3 ms: `before` is where it was.
        const Vector before = sim.vector("cell.apical_seen");
        x = (0.5 * x + 5.0 * K * (E - before)).eval();
        CHECK(distance(sim.vector("cell.x"), x) <= 1e-14);
        CHECK(x.norm() > 0.0);
    }
    CHECK(verify_text_rules(sim.model, 30, 1e-12).hold());
}

TEST_CASE("what cells make of a gated branch is what their equations say", "[dynamics][coupling]") {
    for (const char* equation : {"x = step_ms * apical.conductance", "x = apical.drive - apical.v",
                                 "x = soma.drive * soma.conductance * step_ms + apical.drive"}) {
        INFO(equation);
        const Model model = model_of_text(tree(fmt::format("\"{}\"", equation), true));
        const Differences found = verify_text_rules(model, 30, 1e-12);
        CHECK(found.hold());
        CHECK(std::any_of(found.all.begin(), found.all.end(), [](const Difference& one) {
            return one.address == "cell.x" && one.largest > 0.0;
        }));
        SteppedModel sim(model_of_text(tree(fmt::format("\"{}\"", equation), true)));
        sim.step();
        const Vector g = sim.vector("cell.tip.gate");
        CHECK(g.minCoeff() > 0.0);
        CHECK(g.minCoeff() != g.maxCoeff());
        if (std::string(equation) == "x = step_ms * apical.conductance")
            CHECK(distance(sim.vector("cell.x"), Vector(5.0 * (0.03 + 0.3 * g.array()).matrix())) <=
                  1e-14);
        if (std::string(equation) == "x = apical.drive - apical.v") {
            const Vector E =
                (0.3 * g.array() * sim.vector("cell.tip.v").array() / (0.03 + 0.3 * g.array()))
                    .matrix();
            CHECK(distance(sim.vector("cell.apical_drive"), E) <= 1e-14);
        }
    }
}

TEST_CASE("names of branches that are none in cells are told at their places",
          "[dynamics][error]") {
    CHECK_THAT(refusal(tree("\"x = apikal.drive\"", false)),
               Catch::Contains("Did you mean \"apical.drive\""));
    CHECK_THAT(refusal(tree("\"x = step_ms * tip.conductance\"", false)),
               Catch::Contains("no dendrite is coupled to \"cell.tip\""));
    CHECK_THAT(refusal(tree("\"x = here.drive\"", false)), Catch::Contains("here.drive"));
    CHECK_THAT(refusal(tree("\"apical.drive += 1\"", false)), Catch::Contains("apical.drive"));
}
