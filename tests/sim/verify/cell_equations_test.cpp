// Spikes, bursts, coupling, terminals and noise are held to their equations, which the circuit's
// facts say: with another fact than the program was made of they do not hold.
#include "sim/verify/cell_equations.hpp"

#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string all_lines = R"toml(
population.rec = { size = 12, tau_ms = { soma = 20.0 }, impulse = ["soma"], spikes = { threshold = 0.6, refractory = 3, adaptation = { tau_ms = 200.0, strength = 0.1, cells = "3:9" } } }
population.put = { size = 4, spikes = { threshold = 0.5, reset = 0.1 } }
population.out = { size = 4, activation = "logistic", dendrites = ["up"], bursts = "logistic(up.v)" }
population.tree = { size = 3, dendrites = ["basal", "apical", "exc", "tip"], coupling = { leak = 0.05, basal = 0.1, apical = { conductance = 0.1, leak = 0.02 }, exc = { to = "apical", reversal = 1.0 }, tip = { to = "apical", conductance = 0.05 }, solver = "steady" } }
noise.ou = { into = "rec.soma", kind = "ou", tau_ms = 10.0, sd = 0.3 }
synapses.W_in = { from = "input", to = "rec.soma", during = "forward", init = { normal = 0.7 } }
synapses.P = { from = "input", to = "put.soma", during = "forward", init = { normal = 1.0 } }
synapses.W = { from = "rec", to = "out.soma", during = "forward", short_term = { U = 0.3, tau_facilitate_ms = 50.0, tau_depress_ms = 20.0 }, init = { normal = 1.0 } }
synapses.V = { from = "input", to = "out.up", during = "forward", short_term = { U = 0.2, tau_facilitate_ms = 50.0, tau_depress_ms = 100.0 }, init = { normal = 1.0 } }
synapses.B = { from = "out", to = "tree.basal", during = "forward", init = { normal = 1.0 } }
synapses.E = { from = "input", to = "tree.exc", during = "forward", init = { normal = 0.05 } }
synapses.T = { from = "input", to = "tree.tip", during = "forward", init = { normal = 1.0 } }
synapses.far = { from = "rec", to = "rec.soma", during = "forward", delay = 4, init = { normal = 0.1 } }
synapses.W_out = { from = "tree", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)toml";

Model everything() { return model_of_text(common_lines + all_lines); }

bool holds(const Model& model) { return verify_text_rules(model, 60, 1e-12).hold(); }

}  // namespace

TEST_CASE("cells, terminals, trees and noise do what their equations say", "[verify][cells]") {
    const Model model = everything();
    CHECK(has_cell_equations(model));
    const Differences found = verify_text_rules(model, 60, 1e-12);
    CHECK(found.hold());
    for (const std::string address :
         {"rec.r", "rec.adapted", "rec.wait", "rec.slope", "put.soma.v", "out.burst", "V.released",
          "V.left", "V.arriving", "W.released", "W.left", "tree.soma.v", "tree.apical.v",
          "noise.ou", "axon(rec.r, 4)"}) {
        INFO(address);
        CHECK(std::any_of(found.all.begin(), found.all.end(), [&](const Difference& one) {
            return one.address == address && one.largest > 0.0;
        }));
    }
}

TEST_CASE("a program of other facts than the circuit's is off", "[verify][cells]") {
    const auto differs = [](const char* fact, auto alter) {
        INFO(fact);
        Model model = everything();
        alter(model.circuit);
        CHECK_FALSE(holds(model));
    };
    const auto cells = [](Circuit& circuit, const char* name) -> Population& {
        return circuit.populations[circuit.find_population(name).value];
    };
    const auto set = [](Circuit& circuit, const char* name) -> ShortTerm& {
        return *circuit.synapses[circuit.find_synapses(name).value].short_term;
    };
    const auto part = [](Circuit& circuit, const char* name) -> Compartment& {
        return circuit.compartments[circuit.find_compartment(name).value];
    };
    differs("threshold", [&](Circuit& c) { cells(c, "rec").spikes->threshold = 0.55; });
    differs("height", [&](Circuit& c) { cells(c, "rec").spikes->height = 0.2; });
    differs("refractory", [&](Circuit& c) { cells(c, "rec").spikes->refractory = 2; });
    differs("strength", [&](Circuit& c) { cells(c, "rec").spikes->adaptation->strength = 0.2; });
    differs("tau", [&](Circuit& c) { cells(c, "rec").spikes->adaptation->tau_ms = 100.0; });
    differs("reset", [&](Circuit& c) { cells(c, "put").spikes->reset_to = 0.0; });
    differs("U", [&](Circuit& c) { set(c, "V").release = 0.3; });
    differs("tau_depress_ms", [&](Circuit& c) { set(c, "W").tau_depress_ms = 30.0; });
    differs("tau_facilitate_ms", [&](Circuit& c) { set(c, "W").tau_facilitate_ms = 30.0; });
    differs("leak", [&](Circuit& c) { cells(c, "tree").coupling->leak = 0.06; });
    differs("conductance", [&](Circuit& c) { part(c, "tree.tip").conductance = 0.04; });
    differs("leak of a branch", [&](Circuit& c) { part(c, "tree.apical").leak = 0.01; });
    differs("where a tip hangs", [&](Circuit& c) { part(c, "tree.tip").coupled_to = {}; });
    differs("decay of noise", [&](Circuit& c) { c.noises.front().decay.front() = 0.5; });
}

TEST_CASE("winners are those that the key says, the first of equal ones", "[verify][winners]") {
    const auto model = [](const std::string& cells) {
        return small_model("population.hidden = { size = 9, " + cells + " }\n" + hidden_lines);
    };
    for (const char* cells : {"activation = \"tanh\", alpha = 0.5, winners = 3",
                              "spikes = { threshold = 0.2, reset = 0.0 }, winners = 2"}) {
        INFO(cells);
        const Model honest = model(cells);
        CHECK(has_cell_equations(honest));
        const Differences found = verify_text_rules(honest, 40, 1e-12);
        CHECK(found.hold());
        CHECK(std::any_of(found.all.begin(), found.all.end(), [](const Difference& one) {
            return one.address == "hidden.r" && one.largest > 0.0;
        }));
        Model other = model(cells);
        ++other.circuit.populations[other.circuit.find_population("hidden").value].winners;
        CHECK_FALSE(holds(other));
    }
}

TEST_CASE("a program that leaves one more of equal rates is off", "[verify][winners]") {
    const std::string alike = R"(
population.hidden = { size = 6, activation = "linear", winners = 2 }
synapses.W_in = { from = "one", to = "hidden.soma", during = "forward", init = { constant = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";
    CHECK(holds(small_model(alike)));
    Model last = small_model(alike);
    for (Operation& op : last.program.operations) {
        if (op.function == Function::winners) op.weights = {3.0};
    }
    CHECK_FALSE(holds(last));
}
