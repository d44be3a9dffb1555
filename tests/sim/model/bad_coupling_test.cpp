// Keys of compartments that name what is not there, or that could not work.
#include "circuits/anatomy/recurrent_network.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string sets = R"(
synapses.B = { from = "input", to = "hidden.basal", during = "forward", init = { normal = 1.0 } }
synapses.A = { from = "one", to = "hidden.apical", during = "update", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
)";

// Two dendrites, and these keys of their cells; rejected at the "@".
void rejects_cells(const std::string& keys, const std::vector<std::string>& phrases,
                   const std::string& lines = "") {
    INFO(keys << lines);
    rejects_text(common_lines + sets + lines +
                     "population.hidden = { size = 5, dendrites = [\"basal\", \"apical\"], " +
                     keys + " }\n",
                 phrases);
}

const std::string coupling = "coupling = { leak = 0.03, basal = 0.1, apical = 0.06 }";

}  // namespace

TEST_CASE("a coupling that names no dendrite or no conductance is rejected", "[coupling][bad]") {
    rejects_cells("coupling = { leak = 0.03, @basl = 0.1, apical = 0.06 }",
                  {"no dendrite \"basl\"", "basal, apical", "Did you mean \"basal\"?"});
    rejects_cells("coupling = { @soma = 0.1 }", {"no dendrite \"soma\""});
    rejects_cells("coupling = @{ leak = 0.03 }", {"couples no dendrite", "basal = 0.1"});
    rejects_cells("coupling = @{ basal = 0.0, apical = 0 }", {"move nothing"});
    rejects_cells("coupling = { basal = @-0.1 }", {"\"basal\" is the number -0.1", "from 0"});
    rejects_cells("coupling = { basal = @\"exact\" }", {"expected a conductance in 1/ms"});
    rejects_cells("coupling = { basal = 0.1, solver = @3 }",
                  {"coupling.solver is the number 3", "exact, euler, steady"});
    rejects_cells(
        "coupling = { basal = 0.1, solver = @\"exct\" }",
        {"\"solver\" is the text \"exct\"", "exact, euler, steady", "Did you mean \"exact\"?"});
}

TEST_CASE("dendrites alone move a coupled soma", "[coupling][bad]") {
    rejects_cells(coupling,
                  {"synapses \"W\" go to \"hidden.soma\"", "population.hidden.coupling",
                   "expected \"hidden.basal\""},
                  "synapses.W = { from = \"input\", to = @\"hidden.soma\", during = \"forward\", "
                  "init = { normal = 1.0 } }\n");
    rejects_cells(coupling + ", tau_ms = @{ soma = 10.0 }", {"coupling", "tau_ms of the soma"});
    rejects_cells(coupling + ", transient = @[\"soma\"]", {"coupling", "transient of the soma"});
    rejects_cells(coupling + ", bias = @0.5", {"coupling", "a constant population"});
}

TEST_CASE("a gate of coupled cells opens the way of a coupled dendrite", "[coupling][bad]") {
    rejects_cells(coupling, {"gate \"g\" opens \"hidden.soma\"", "always fire by their soma"},
                  "gate.@g = { opens = \"hidden.soma\", during = \"forward\" }\n");
    rejects_cells("coupling = { basal = 0.1 }",
                  {"gate \"g\" opens \"hidden.apical\"", "expected a dendrite of"},
                  "gate.@g = { opens = \"hidden.apical\", during = \"forward\" }\n");
}

TEST_CASE("a soma that leads nowhere or too far is rejected", "[coupling][bad]") {
    rejects_cells("coupling = @{ basal = 0.1, apical = 0.1, solver = \"steady\" }",
                  {"nothing leads the soma of \"hidden\"", "phase \"update\"", "leak above 0"},
                  "gate.b = { opens = \"hidden.basal\", during = \"forward\" }\n"
                  "gate.a = { opens = \"hidden.apical\", during = \"forward\" }\n");
    rejects_cells("coupling = @{ basal = 0.1, apical = 0.1, solver = \"euler\" }",
                  {"Euler's step", "6 ms", "0.2 / ms", "1.2", "solver = \"exact\""});
}

TEST_CASE("keys of compartments name compartments of the cells", "[compartments][bad]") {
    rejects_cells("transient = [@\"apicl\"]",
                  {"no compartment \"apicl\"", "Did you mean \"apical\"?"});
    rejects_cells("impulse = [@\"basal\"]", {"\"hidden.basal\"", "no time constant", "tau_ms"});
    rejects_cells("backpropagates = { @soma = 0.5 }", {"no dendrite \"soma\"", "basal, apical"});
    rejects_cells("bias = { copy = @\"output\" }", {"population.hidden.bias", "expects constant"});
    rejects_cells("tau_ms = { apical = { normal = @3.0 } }", {"may be 0 ms or less", "uniform"});
    rejects_cells("tau_ms = { apical = { uniform = @[-1.0, 3.0] } }", {"may be 0 ms or less"});
    rejects_text(common_lines + sets +
                     "population.output.@coupling = { basal = 0.1 }\n"
                     "population.hidden = { size = 5, dendrites = [\"basal\", \"apical\"] }\n",
                 {"unknown key \"coupling\""});
}

TEST_CASE("equations of a recurrent network know no bias of cells", "[compartments][bad]") {
    const Model model =
        load_model(path_of_shipped("rflo"), {"population.hidden.bias={ normal = 0.1 }"});
    CHECK_THROWS_WITH(recurrent_network_of(model.circuit, "a test"),
                      Catch::Contains("\"hidden\" has a bias of its own"));
}

TEST_CASE("a wire moves no coupled soma", "[coupling][bad][wires]") {
    rejects_cells(
        coupling,
        {"[wire.w] goes to \"hidden.soma\"", "population.hidden.coupling",
         "expected \"hidden.basal\""},
        "population.five = { size = 5 }\n"
        "synapses.F = { from = \"input\", to = \"five.soma\", during = \"forward\", init = "
        "{ normal = 1.0 } }\n"
        "wire.w = { from = @\"five\", to = \"hidden.soma\", during = \"forward\" }\n");
}

TEST_CASE("a teacher's dendrite and gate are the only ones of their names", "[coupling][bad]") {
    const std::string teacher =
        "teach.x = { cells = \"hidden\", from = \"five\", as = @\"conductance\", strength = 0.1, "
        "during = \"update\" }\npopulation.five = { size = 5 }\nsynapses.F = { from = \"input\", "
        "to "
        "= \"five.soma\", during = \"update\", init = { normal = 1.0 } }\n";
    rejects_text(common_lines + sets + teacher +
                     "population.hidden = { size = 5, dendrites = [\"basal\", \"apical\", "
                     "\"teacher\"], coupling = { basal = 0.1, apical = 0.1, teacher = 0.1 } }\n"
                     "synapses.T = { from = \"one\", to = \"hidden.teacher\", during = \"update\", "
                     "init = { normal = 1.0 } }\n",
                 {"[teach.x] makes a dendrite \"teacher\" of \"hidden\"", "[wire.*]"});
    std::string second = teacher;
    second.replace(second.find("@"), 1, "");
    second.replace(second.find("teach.x"), 7, "teach.@x");
    rejects_cells("coupling = { basal = 0.1 }", {"[teach.x] makes a gate \"x\""},
                  second + "gate.x = { opens = \"hidden.basal\", during = \"forward\" }\n");
}
