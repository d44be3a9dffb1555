// Somata that dendrites lead by conductances, and programs that lead them past gates: criterion iii
// of Marschall, Cho & Savin (2019).
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

const std::string task_lines = R"(
format = 1
phase = [{ name = "forward", ms = 6.0 }, { name = "update", ms = 4.0 }]
population.input.role = "input"
population.label.role = "label"
task = { kind = "mimic", inputs = 5, outputs = 5, cells = 5, hold = 1 }
run = { steps = 1_000, seed = 3 }
synapses.W_in = { from = "input", to = "hidden.basal", during = "forward", init = { normal = 0.5 } }
synapses.F = { from = "label", to = "hidden.apical", during = "update", init = { normal = 0.5 } }
rule.predict = { parameters = { rate = 0.01 }, equations = "w += rate * (post.r - phi(post.here.share * post.here.v)) * pre.r" }
)";

// Cells that predict their somata from what is basal; a label comes to the apical dendrite; a spine
// follows the soma and leads it nowhere.
const std::string coupled_lines = task_lines + R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["basal", "apical", "spine"], coupling = { leak = 0.05, basal = 0.1, apical = 0.06 } }
population.other = { size = 5, dendrites = ["basal"], coupling = { basal = 0.1 } }
gate.disinhibition = { opens = "hidden.apical", during = "update" }
synapses.W_rec = { from = "hidden", to = "hidden.basal", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.S = { from = "input", to = "hidden.spine", during = "forward", init = { normal = 0.5 } }
synapses.O = { from = "input", to = "other.basal", during = "forward", init = { normal = 0.5 } }
plasticity.basal = { rule = "predict", synapses = ["W_rec", "W_in"] }
rule.follow = { equations = "w += 0.01 * (post.soma.v - post.here.v) * pre.r" }
plasticity.spine = { rule = "follow", synapses = ["S"] }
)";

Draft coupled_draft() { return Draft(model_of_text(coupled_lines)); }

// What leads the soma in the phase "update".
Operation& leading(Program& program) {
    const SlotId soma = program.find("hidden.soma.v");
    const auto found = std::find_if(
        program.operations.rbegin(), program.operations.rend(), [&](const Operation& op) {
            return is_coupling(op.function) && op.operands[0].slot == soma;
        });
    REQUIRE(found != program.operations.rend());
    return *found;
}

void is_innocent(const std::string& lines) { Draft(model_of_text(lines)).is_innocent(); }

}  // namespace

TEST_CASE("cells whose dendrites lead the soma by conductances pass", "[audit][innocent]") {
    is_innocent(coupled_lines);
}

TEST_CASE("a steady soma whose teacher a gate opens passes", "[audit][innocent]") {
    is_innocent(task_lines + R"(
population.hidden = { size = 5, activation = "logistic", dendrites = ["basal", "apical", "teacher"], coupling = { leak = 0.05, basal = 0.1, apical = 0.06, teacher = 0.2, solver = "steady" }, transient = ["apical"] }
gate.teacher = { opens = "hidden.teacher", during = "update" }
synapses.T = { from = "label", to = "hidden.teacher", during = "update", init = { identity = 1.0 } }
plasticity.basal = { rule = "predict", synapses = ["W_in"] }
)");
}

TEST_CASE("impulses and rates that go back into dendrites pass", "[audit][innocent]") {
    is_innocent(task_lines + R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["basal", "apical"], coupling = { leak = 0.01, basal = 0.05, apical = 0.03, solver = "euler" }, impulse = ["basal"], tau_ms = { basal = { uniform = [10.0, 30.0] }, apical = 20.0 }, backpropagates = { apical = 0.5 } }
dynamics.plateau = { cells = "hidden", during = "update", state = { p = "cell" }, parameters = { decay = 0.5, theta = 0.2 }, equations = 'p = max(decay * p, step(apical.v - theta))' }
rule.of_plateau = { signals = { plateau = "post" }, equations = "w += 0.01 * plateau * (post.r - phi(post.here.share * post.here.v)) * pre.r" }
plasticity.basal = { rule = "of_plateau", synapses = ["W_in"], plateau = "hidden.p" }
)");
}

TEST_CASE("cells with a bias and a time constant of each pass", "[audit][innocent]") {
    is_innocent(audited_lines + R"(
population.hidden = { size = 5, alpha = 0.5, bias = { normal = 0.3 }, tau_ms = { soma = { lognormal = [20.0, 0.3] } }, dendrites = ["feedback"] }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
synapses.B_fb = { from = "error", to = "hidden.feedback", during = "update", init = { normal = 0.5 } }
plasticity.in = { rule = "feedback_alignment", synapses = ["W_in"], credit = "hidden.feedback", rate = 0.01 }
)");
}

TEST_CASE("cells approach their drive by their own alpha alone", "[audit][cheat]") {
    const std::string lines = audited_lines + R"(
population.hidden = { size = 5, alpha = { uniform = [0.2, 0.8] }, dendrites = ["feedback"] }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
synapses.B_fb = { from = "error", to = "hidden.feedback", during = "update", init = { normal = 0.5 } }
plasticity.in = { rule = "feedback_alignment", synapses = ["W_in"], credit = "hidden.feedback", rate = 0.01 }
)";
    is_innocent(lines);
    Draft d(model_of_text(lines));
    const SlotId credit = d.v("hidden.feedback");
    d.is_caught(Criterion::rates_transmitted, "hidden.feedback.v", [&](Program& program) {
        firing(program, "hidden.r").operands.back().slot = credit;  // by hand
    });
}

TEST_CASE("a dendrite that leads its soma past its gate is found", "[audit][cheat]") {
    coupled_draft().is_caught(Criterion::gates_obeyed, "hidden.apical.v", [](Program& program) {
        Operation& op = leading(program);  // by hand
        op.operands.pop_back();
        op.gated = {false, false};
    });
}

TEST_CASE("a dendrite that leads its soma through another number is found", "[audit][cheat]") {
    Draft d = coupled_draft();
    const SlotId ours = d.constant(3.0, "ours");
    d.is_caught(Criterion::gates_obeyed, "hidden.apical.v",
                [&](Program& program) { leading(program).operands.back().slot = ours; });
}

TEST_CASE("a dendrite that nothing couples does not lead the soma", "[audit][cheat]") {
    Draft d = coupled_draft();
    const SlotId spine = d.v("hidden.spine");
    d.is_caught(Criterion::gates_obeyed, "hidden.spine.v", [&](Program& program) {
        Operation& op = leading(program);
        op.operands.push_back({spine});
        op.gated.push_back(false);
        op.weights.push_back(0.1);
    });
}

TEST_CASE("a dendrite does not lead its soma by more than its conductance", "[audit][cheat]") {
    coupled_draft().is_caught(Criterion::gates_obeyed, "hidden.apical.v",
                              [](Program& program) { leading(program).weights[2] = 1e3; });
    coupled_draft().is_caught(Criterion::gates_obeyed, "hidden.soma.v",
                              [](Program& program) { leading(program).weights[0] = 1e3; });
}

TEST_CASE("a dendrite does not lead its soma twice", "[audit][cheat]") {
    Draft d = coupled_draft();
    const SlotId basal = d.v("hidden.basal");
    d.is_caught(Criterion::gates_obeyed, "twice", [&](Program& program) {
        Operation& op = leading(program);
        op.operands.push_back({basal});
        op.gated.push_back(false);
        op.weights.push_back(0.1);
    });
}

TEST_CASE("another cell's dendrite does not lead the soma", "[audit][cheat]") {
    Draft d = coupled_draft();
    const SlotId other = d.v("other.basal");
    d.is_caught(Criterion::vectors_in_cells, "other.basal.v",
                [&](Program& program) { leading(program).operands[1].slot = other; });
}

TEST_CASE("a rule does not couple dendrites by conductances of its own", "[audit][cheat]") {
    Draft d = coupled_draft();
    Operation op{.kind = Kind::relax, .function = Function::steady, .weights = {0.0, 1.0}};
    op.operands = {{d.v("hidden.spine"), Access::update}, {d.v("hidden.apical")}};
    op.gated = {false};
    d.append(std::move(op));
    d.is_caught(Criterion::gates_obeyed, "hidden.apical.v");
}

TEST_CASE("a dendrite of coupled cells does not drive firing past the soma", "[audit][cheat]") {
    Draft d = coupled_draft();
    const SlotId apical = d.v("hidden.apical");
    const SlotId gate = d.gate(GateId(0));
    d.is_caught(Criterion::gates_obeyed, "past the soma", [&](Program& program) {
        Operation& op = firing(program, "hidden.r");
        op.operands.push_back({apical});
        op.operands.push_back({gate});
        op.gated.push_back(true);
    });
}

TEST_CASE("a second network of coupled cells is found", "[audit][cheat][twin]") {
    const std::string twin = R"(
population.twin = { size = 5, alpha = 0.5, dendrites = ["basal"], coupling = { leak = 0.05, basal = 0.1 } }
synapses.V_rec = { from = "twin", to = "twin.basal", during = "forward", delay = 1, init = { copy = "W_rec" } }
synapses.V_in = { from = "input", to = "twin.basal", during = "forward", init = { copy = "W_in" } }
plasticity.twin = { rule = "predict", synapses = ["V_rec", "V_in"] }
)";
    Draft(model_of_text(coupled_lines + twin))
        .circuit_is_caught(Criterion::no_copy_of_network, "twin");
}
