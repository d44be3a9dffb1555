// What rules read at the branches on which their sets end, beside the text of the rules.
#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// A cell with a gated branch and one without; sets of one rule end on all three.
std::string tree_with(const std::string& equation) {
    return common_lines + R"toml(
population.tree = { size = 3, activation = "logistic", dendrites = ["basal", "apical", "exc", "tip", "side", "leaf"], coupling = { leak = 0.05, basal = 0.1, apical = { conductance = 0.1, leak = 0.02 }, exc = { to = "apical", reversal = 1.0 }, tip = { to = "apical", conductance = 0.05 }, side = { conductance = 0.2, leak = 0.01 }, leaf = { to = "side", conductance = 0.3 }, solver = "steady" } }
synapses.B = { from = "input", to = "tree.basal", during = "forward", init = { normal = 1.0 } }
synapses.E = { from = "input", to = "tree.exc", during = "forward", init = { half_normal = 0.05 } }
synapses.T = { from = "input", to = "tree.tip", during = "forward", delay = 2, init = { normal = 1.0 } }
synapses.L = { from = "input", to = "tree.leaf", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "tree", to = "output.soma", during = "forward", init = { normal = 1.0 } }
plasticity.p = { rule = "lead", synapses = ["B", "T", "L"], rate = 0.01 }
rule.lead = { parameters = { rate = { minimum = 0.0 } }, equations = ")toml" +
           equation + "\" }\n";
}

bool holds(const std::string& equation) {
    return verify_text_rules(model_of_text(tree_with(equation)), 40, 1e-12).hold();
}

}  // namespace

TEST_CASE("verify reads the branch on which each set of a rule ends", "[verify][tree]") {
    for (const char* equation :
         {"w += rate * (post.here.drive - post.soma.v) * pre.r",
          "w += rate * step_ms * post.here.conductance * post.soma.v * pre.r",
          "w += rate * step_ms * post.here.conductance * (post.here.drive - post.here.v) * pre.r",
          "w += rate * (post.apical.drive - post.apical.v) * pre.r"}) {
        INFO(equation);
        CHECK(holds(equation));
    }
}
