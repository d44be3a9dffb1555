// Between which values the conductance is that synapses bring to a gate of coupled cells.
#include "sim/audit/bounds.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr double infinite = std::numeric_limits<double>::infinity();

Interval bounds_of_gate(const std::string& activation, const std::string& set,
                        const std::string& more = "") {
    const Model model = small_model(
        "population.cell = { size = 2, dendrites = [\"basal\", \"apical\"], coupling = { leak = "
        "0.1, basal = 0.1, apical = 0.2 } }\n"
        "population.open = { size = 6, activation = \"" +
        activation +
        "\" }\n"
        "synapses.I = { from = \"input\", to = \"open.soma\", during = \"forward\", init = { "
        "normal = 1.0 } }\n"
        "synapses.B = { from = \"input\", to = \"cell.basal\", during = \"forward\", init = { "
        "normal = 1.0 } }\n"
        "synapses.A = { from = \"input\", to = \"cell.apical\", during = \"forward\", init = { "
        "normal = 1.0 } }\n"
        "synapses.W_out = { from = \"cell\", to = \"output.soma\", during = \"forward\", init = { "
        "normal = 1.0 } }\n"
        "synapses.G = { from = \"open\", to = \"cell.apical.gate\", during = \"forward\", init = "
        "{ uniform = [0.1, 0.5] }" +
        set +
        " }\n"
        "gate.apical = { opens = \"cell.apical\", by = \"activity\", form = \"linear\", during = "
        "[\"forward\", \"update\"] }\n" +
        more);
    const SlotId gate = model.program.find("cell.apical.gate");
    REQUIRE(gate);
    return Bounds(model.program, model.circuit).of(gate);
}

}  // namespace

TEST_CASE("a conductance of rates and strengths with bounds has bounds", "[audit][bounds]") {
    const Interval gate = bounds_of_gate("logistic", ", bounds = [0.0, 2.0]");
    CHECK(gate.low == 0.0);
    CHECK(gate.high == 6 * 2.0);
    const Interval both_signs = bounds_of_gate("tanh", ", bounds = [-1.0, 2.0]");
    CHECK(both_signs.low == 0.0);
    CHECK(both_signs.high == 6 * 2.0);
    const Interval none = bounds_of_gate("logistic", ", bounds = [-2.0, 0.5]");
    CHECK(none.high == 6 * 0.5);
}

TEST_CASE("a conductance is never below 0, whatever arrives", "[audit][bounds]") {
    const Interval gate = bounds_of_gate("tanh", "");
    CHECK(gate.low == 0.0);
    CHECK(gate.high == infinite);
}

TEST_CASE("a conductance of strengths that change keeps the bounds by a projection",
          "[audit][bounds]") {
    const std::string learning =
        "rule.hebb.equations = \"w += 0.1 * pre.r\"\n"
        "plasticity.p = { rule = \"hebb\", synapses = [\"G\"] }\n";
    CHECK(bounds_of_gate("logistic", ", bounds = [0.0, 2.0]", learning).high == 12.0);
    CHECK(bounds_of_gate("logistic", "", learning).high == infinite);
}
