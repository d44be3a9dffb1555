// Equations inside cells come to their closed forms, at their place in the phase.
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

// One linear cell that W drives.
const std::string one_cell = R"(
phase = [{ name = "forward", ms = 10.0 }]
population.cell = { size = 1, activation = "linear" }
synapses.W = { from = "input", to = "cell.soma", during = "forward", init = { constant = 1.0 } }
)";

const std::string adaptation = R"(
dynamics.adaptation = { cells = "cell", parameters = { g = 0.5, tau_ms = 200.0 }, state = { a = "cell" }, equations = ["da/dt = (r - a) / tau_ms", "soma.v += -g * a"] }
)";

std::string with_equations(const std::string& equations, const std::string& more = "") {
    return one_cell +
           "dynamics.mine = { cells = \"cell\", state = { a = \"cell\" }, equations = [" +
           equations + "]" + more + " }\n";
}

bool has(const std::string& text, const std::string& part) {
    return text.find(part) != std::string::npos;
}

}  // namespace

TEST_CASE("an adapting cell fires less, by the mean of what it has fired",
          "[dynamics][closed_form]") {
    SteppedModel sim(shown(one_cell + adaptation, row({1.0})));
    const double keep = std::exp(-step_ms / 200.0);
    double a = 0.0, r = 0.0;
    for (int t = 0; t < 300; ++t) {
        sim.step();
        a = keep * a + (1.0 - keep) * r;
        r = 1.0 - 0.5 * a;
        REQUIRE(sim.vector("cell.a")[0] == near(a));
        REQUIRE(sim.vector("cell.r")[0] == near(r));
    }
    sim.step(2'000);
    CHECK(sim.vector("cell.r")[0] == near(1.0 / 1.5));
}

TEST_CASE("what is added to a voltage is added behind what is transmitted, before firing",
          "[dynamics]") {
    const Model model = shown(one_cell + adaptation, row({1.0}));
    const std::vector<Operation>& all = model.program.operations;
    const auto first = [&](Kind kind, const std::string& asked_by) {
        const auto found = std::find_if(all.begin(), all.end(), [&](const Operation& op) {
            return op.kind == kind && op.asked_by == asked_by;
        });
        REQUIRE(found != all.end());
        return found - all.begin();
    };
    const auto added = first(Kind::cellwise, "dynamics.adaptation");
    CHECK(first(Kind::transmit, "synapses.W") < added);
    CHECK(added + 1 < first(Kind::fire, "population.cell"));
}

TEST_CASE("a held value is that of its phase, whatever the cells fire later", "[dynamics]") {
    SteppedModel sim(shown(R"(
phase = [{ name = "free", ms = 5.0 }, { name = "clamped", ms = 5.0 }]
population.cell = { size = 1, activation = "linear" }
synapses.W = { from = "input", to = "cell.soma", during = "free", init = { constant = 0.5 } }
synapses.V = { from = "input", to = "cell.soma", during = "clamped", init = { constant = 3.0 } }
dynamics.hold = { cells = "cell", during = "free", when = "after firing", state = { held = "cell" }, equations = "held = r" }
)",
                           row({1.0})));
    CHECK(listed(sim.model.program, "dynamics.hold") ==
          std::vector<std::string>{"cellwise cell.held = cell.r"});
    sim.step(2);
    CHECK(sim.vector("cell.held")[0] == near(0.5));
    CHECK(sim.vector("cell.r")[0] == near(3.0));
}

TEST_CASE("a rule reads by its address what the cells hold", "[dynamics]") {
    SteppedModel sim(shown(R"(
phase = [{ name = "free", ms = 5.0 }, { name = "clamped", ms = 5.0 }]
population.cell = { size = 1, activation = "linear" }
synapses.W = { from = "input", to = "cell.soma", during = "free", init = { constant = 0.5 } }
synapses.V = { from = "input", to = "cell.soma", during = "clamped", init = { constant = 3.0 } }
dynamics.hold = { cells = "cell", during = "free", when = "after firing", state = { held = "cell" }, equations = "held = r" }
rule.contrast = { parameters = { rate = 0.1 }, signals = { free = "post" }, equations = "w += rate * (post.r - free) * pre.r" }
plasticity.learning = { rule = "contrast", synapses = ["W"], free = "cell.held" }
)",
                           row({1.0})));
    sim.step();
    CHECK(sim.matrix("W")(0, 0) == near(0.5 + 0.1 * (3.0 - 0.5)));
}

TEST_CASE("short-term plasticity comes to its release and resources", "[dynamics][closed_form]") {
    // du/dt = (U - u) / tau_f + U (1 - u) r, dx/dt = (1 - x) / tau_d - u x r, r = 0.01 per ms.
    SteppedModel sim(shown(one_cell + R"toml(
dynamics.release = { cells = "input", parameters = { U = 0.2, facilitation_ms = 500.0, depression_ms = 200.0, spikes_per_ms = 0.01 }, state = { u = "cell", x = { at = "cell", init = { constant = 1.0 } } }, equations = ["u += step_ms * ((U - u) / facilitation_ms + U * (1 - u) * spikes_per_ms * r)", "x += step_ms * ((1 - x) / depression_ms - u * x * spikes_per_ms * r)"] }
)toml",
                           row({1.0})));
    sim.step();
    CHECK(sim.vector("input.u")[0] == near(10.0 * (0.2 / 500.0 + 0.2 * 0.01)));
    sim.step(3'000);
    CHECK(sim.vector("input.u")[0] == near(0.6));
    CHECK(sim.vector("input.x")[0] == near(5.0 / 11.0));
}

TEST_CASE("mistakes of equations inside cells are told at their place", "[dynamics]") {
    CHECK(refusal_of(with_equations("\"a = r\"")).empty());
    CHECK(has(refusal_of(with_equations("\"a = rr\"")), "dynamics \"mine\": there is no \"rr\""));
    CHECK(has(refusal_of(with_equations("\"a = post.r\"")), "there is no \"post.r\""));
    CHECK(has(refusal_of(with_equations("\"a = r\", \"r += a\"")), "\"r\" cannot be assigned"));
    CHECK(has(refusal_of(with_equations("\"a = r\", \"soma.v = a\"")), "expected soma.v += ..."));
    CHECK(has(refusal_of(with_equations("\"a = r\", \"apical.v += a\"")), "apical"));
    CHECK(has(refusal_of(with_equations("\"a = r\"", ", when = \"later\"")), "when"));
    CHECK(has(refusal_of(with_equations("\"a = r\"", ", cell = 3")), "cell"));
    CHECK(has(refusal_of(with_equations("\"soma = r\", \"a = soma\"")), "\"cell.soma\" already"));
    CHECK(
        has(refusal_of(with_equations("\"a = r\"") +
                       "dynamics.other = { cells = \"cell\", state = { a = \"cell\" }, equations = "
                       "\"a = 2 * r\" }\n"),
            "\"cell.a\" already"));
    CHECK(
        has(refusal_of(with_equations("\"a = r\"") +
                       "dynamics.other = { cells = \"cell\", state = { b = \"post\" }, equations = "
                       "\"b = r\" }\n"),
            "expected one of cell, all"));
}

TEST_CASE("without what a phase transmits nothing is added to a voltage", "[dynamics]") {
    const std::string lines = R"(
phase = [{ name = "forward", ms = 5.0 }, { name = "rest", ms = 5.0 }]
population.cell = { size = 1, activation = "linear" }
synapses.W = { from = "input", to = "cell.soma", during = "forward", init = { constant = 1.0 } }
dynamics.mine = { cells = "cell", during = "rest", equations = "soma.v += r" }
)";
    CHECK(has(refusal_of(lines), "nothing drives \"cell.soma\" in phase \"rest\""));
}

TEST_CASE("a voltage that the phase has yet to transmit is told with the ways to read it",
          "[dynamics]") {
    const std::string lines = R"(
phase = [{ name = "forward", ms = 5.0 }]
population.inh = { size = 1, activation = "rectified" }
population.cell = { size = 1, activation = "rectified", dendrites = ["inh"] }
synapses.A = { from = "input", to = "inh.soma", during = "forward", init = { constant = 1.0 } }
synapses.B = { from = "inh", to = "cell.inh", during = "forward", init = { constant = 1.0 } }
synapses.C = { from = "input", to = "cell.soma", during = "forward", init = { constant = 1.0 } }
dynamics.s = { cells = "cell", equations = "soma.v -= inh.v" }
)";
    CHECK(has(
        refusal_of(lines),
        ":12:55: dynamics \"s\": the phase \"forward\" transmits into \"cell.inh\" behind these "
        "equations; expected an earlier phase for what it transmits there, when = \"after "
        "firing\", or previous(inh.v)"));
}

TEST_CASE("a rule file may have equations inside cells", "[dynamics]") {
    const TemporaryFolder folder;
    folder.write("cells.toml",
                 "format = 1\n[dynamics.hold]\ncells = \"hidden\"\nwhen = \"after firing\"\n"
                 "state = { held = \"cell\" }\nequations = \"held = 2 * r\"\n");
    const std::string text = "rules = [\"cells.toml\"]\n" + common_lines +
                             "population.hidden = { size = 5, activation = \"tanh\" }\n" +
                             hidden_lines;
    const Model model = load_model(folder.write("model.toml", text));
    CHECK(model.program.find("hidden.held"));
    // The resolved text has the equations and no file.
    CHECK(has(model.resolved, "held = 2 * r"));
    CHECK_FALSE(has(model.resolved, "cells.toml"));
    CHECK(listing(model_of_text(model.resolved).program) == listing(model.program));
}

TEST_CASE("a rule and a population with equations inside its cells have two names", "[dynamics]") {
    const std::string rule =
        "rule.mine = { state = { s = \"post\" }, equations = \"s = 0.5 * s + post.r\" }\n"
        "plasticity.cell = { rule = \"mine\", synapses = [\"W\"] }\n";
    CHECK(refusal_of(one_cell + rule).empty());
    CHECK(has(refusal_of(with_equations("\"a = r\"") + rule),
              ":12: \"cell\" is a population whose cells keep numbers; expected another name than "
              "[plasticity.cell]"));
}

TEST_CASE("a rule with a population's name keeps nothing by a compartment's address",
          "[dynamics]") {
    CHECK(has(
        refusal_of(one_cell +
                   "rule.mine = { state = { soma = \"post\" }, equations = \"soma = 0.5 * soma + "
                   "post.r\" }\n"
                   "plasticity.cell = { rule = \"mine\", synapses = [\"W\"] }\n"),
        "[plasticity.cell (mine)] makes \"cell.soma\", which is a compartment"));
}

TEST_CASE("a state has another name than what is remembered of another one", "[dynamics]") {
    CHECK(has(refusal_of(with_equations("\"previous_a = previous(a)\", \"a = r\"")),
              "and both would be \"/dynamics/cell/previous_a\" in a run file"));
    const std::string bound = "plasticity.learning = { rule = \"mine\", synapses = [\"W\"] }\n";
    CHECK(
        has(refusal_of(one_cell +
                       "rule.mine = { state = { s = \"post\", previous_s = \"post\" }, equations = "
                       "[\"previous_s = previous(s)\", \"s = post.r\"] }\n" +
                       bound),
            "[plasticity.learning (mine)] makes \"learning.previous_s\" beside "
            "\"previous(learning.s)\", and both would be \"/plasticity/learning/previous_s\""));
    // Both names are free where nothing is remembered.
    CHECK(refusal_of(one_cell +
                     "rule.mine = { state = { s = \"post\", previous_s = \"post\" }, equations = "
                     "[\"previous_s = s\", \"s = post.r\"] }\n" +
                     bound)
              .empty());
}
