// Gates that interneurons make, and numbers that only call themselves so: criteria iii and v.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

// The apical dendrite's gate is made by interneurons, which a cue silences in the update phase.
const std::string interneurons = R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["apical", "feedback", "forecast"] }
population.sst = { size = 2, activation = "rectified", sign = "inhibitory" }
gate.perisomatic = { opens = "hidden.soma", during = "forward" }
gate.disinhibition = { opens = "hidden.apical", during = "update", by = "activity", form = "threshold", threshold = 0.5 }
synapses.tonic = { from = "one", to = "sst.soma", during = "forward", init = { constant = 1.0 } }
synapses.cue = { from = "one", to = "sst.soma", during = "update", init = { constant = -1.0 } }
synapses.shuts = { from = "sst", to = "hidden.apical.gate", during = ["forward", "update"], init = { constant = -0.5 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
synapses.b = { from = "one", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
synapses.A = { from = "hidden", to = "hidden.apical", during = "forward", init = { normal = 0.5 } }
synapses.B_fb = { from = "error", to = "hidden.feedback", during = "update", init = { normal = 0.5 } }
synapses.J = { from = "hidden", to = "hidden.forecast", during = "forward", delay = 1, init = { normal = 0.5 } }
plasticity.recurrent = { rule = "eligibility", synapses = ["W_rec", "W_in", "b"], credit = "hidden.feedback", rate = 0.01 }
plasticity.jacobian = { rule = "predict_rate", synapses = ["J"], rate = 0.01 }
)";

Model with_interneurons(const std::vector<std::string>& overrides = {}) {
    return model_of_text(audited_lines + interneurons, overrides);
}

const std::vector<std::string> jittery = {"gate.disinhibition.latency_ms=1.0",
                                          "gate.disinhibition.jitter_ms=0.5"};

bool makes(const Program& program, const Operation& op, const std::string& slot) {
    return op.operands[0].slot == program.find(slot);
}

// The operations that make the slot, altered.
template <class Alter>
auto altered(const std::string& slot, Alter alter) {
    return [slot, alter](Program& program) {
        for (Operation& op : program.operations) {
            if (makes(program, op, slot)) alter(program, op);
        }
    };
}

bool is_beyond(const Model& model, const std::string& words) {
    const Audit verdict = audit(model);
    return std::any_of(verdict.beyond.begin(), verdict.beyond.end(), [&](const Finding& one) {
        return one.criterion == Criterion::gate_leaks &&
               one.because.find(words) != std::string::npos;
    });
}

}  // namespace

// ---- honest circuits

TEST_CASE("a gate that interneurons make passes", "[audit][innocent][gates]") {
    for (const char* form : {"threshold", "graded", "divide"}) {
        const bool is_threshold = std::string(form) == "threshold";
        std::string lines = audited_lines + interneurons;
        const std::string keys = "form = \"threshold\", threshold = 0.5";
        lines.replace(
            lines.find(keys), keys.size(),
            fmt::format("form = \"{}\", {} = 0.5", form, is_threshold ? "threshold" : "scale"));
        INFO(form);
        Draft(model_of_text(lines)).is_innocent();
    }
}

TEST_CASE("gates that leak pass, and a finding beyond the paper says in which phase",
          "[audit][innocent][gates]") {
    const std::vector<std::string> leaks = {"gate.disinhibition.closed=0.1",
                                            "gate.perisomatic.closed=0.2"};
    Draft("", leaks).is_innocent();
    const Model model = model_of_text(honest_lines, leaks);
    CHECK(is_beyond(model, "0.1 of \"hidden.apical\" is open in phase \"forward\""));
    CHECK(is_beyond(model, "0.2 of \"hidden.soma\" is open in phase \"update\""));
    CHECK_FALSE(is_beyond(model_of_text(honest_lines), ""));
}

TEST_CASE("gates that are late, slow and fail pass", "[audit][innocent][gates]") {
    Draft("", jittery).is_innocent();
    Draft("", {"gate.disinhibition.tau_ms=3.0"}).is_innocent();
    Draft("", {"gate.disinhibition.failure=0.1", "gate.perisomatic.failure=0.1"}).is_innocent();
    CHECK(is_beyond(model_of_text(honest_lines, jittery),
                    "\"hidden.apical\" may be open in phase \"forward\""));
}

TEST_CASE("a gate that surely moves may be open in the phase behind and in no other",
          "[audit][gates]") {
    const std::string phases =
        "phase = [{ name = \"forward\", ms = 6.0 }, { name = \"update\", ms = "
        "4.0 }, { name = \"pause\", ms = 5.0 }]";
    const std::string lines = with_phases(honest_lines, phases);
    const Model model = model_of_text(lines, {"gate.disinhibition.latency_ms=1.0"});
    const Gate& gate = model.circuit.gates[1];
    CHECK(gate.may_open_in == std::vector<bool>{false, true, true});
    const Model unsure = model_of_text(lines, {"gate.disinhibition.failure=0.1"});
    CHECK(unsure.circuit.gates[1].may_open_in == std::vector<bool>{true, true, true});
}

TEST_CASE("DNI-b whose gates are cells passes like DNI-b", "[audit][gates]") {
    const Model model = load_model(path_of_shipped("circuits/dni_b_disinhibition"), {});
    const Audit verdict = audit(model);
    INFO(findings_of(verdict, model.program));
    CHECK(verdict.passes());
    CHECK(is_beyond(model, "up to what its interneurons fire"));
}

// ---- cheats

TEST_CASE("a gate that no interneuron makes is found", "[audit][cheat][gates]") {
    Draft d(with_interneurons());
    d.is_caught(Criterion::gates_obeyed, "which no interneuron makes",
                altered("hidden.apical.gate", [](Program&, Operation& op) {
                    op.kind = Kind::cellwise;  // by hand
                    op.function = Function::formula;
                }));
}

TEST_CASE("a gate that is made of what is in its own cells is found", "[audit][cheat][gates]") {
    Draft d(with_interneurons());
    d.is_caught(Criterion::gates_obeyed, "no synapses of interneurons bring",
                altered("hidden.apical.gate", [](Program& program, Operation& op) {
                    op.operands[1].slot = program.find("slope(hidden.soma.v)");  // by hand
                }));
}

TEST_CASE("a gate that is made behind the firing is found", "[audit][cheat][gates]") {
    Draft d(with_interneurons());
    d.is_caught(Criterion::gates_obeyed, "before the step has made it", [](Program& program) {
        std::vector<Operation> gates;
        const auto is_ours = [&](const Operation& op) {
            return makes(program, op, "hidden.apical.gate");
        };
        std::copy_if(program.operations.begin(), program.operations.end(),
                     std::back_inserter(gates), is_ours);
        std::erase_if(program.operations, is_ours);
        const auto end = std::find_if(program.operations.begin(), program.operations.end(),
                                      [](const Operation& op) { return !op.phase; });
        program.operations.insert(end, gates.back());  // by hand: once, behind all firing
    });
}

TEST_CASE("a dendrite that fires through the gate of another population is found",
          "[audit][cheat][gates]") {
    Draft d(with_interneurons());
    d.is_caught(Criterion::gates_obeyed, "gates another compartment", [](Program& program) {
        Operation& op = firing(program, "hidden.apical.r");  // by hand
        op.operands.back().slot = program.find("gate.perisomatic");
    });
}

TEST_CASE("what a gate is at a phase's end does not drive firing", "[audit][cheat][gates]") {
    Draft d("", jittery);
    d.is_caught(Criterion::gates_obeyed, "is not its gate's mean", [](Program& program) {
        Operation& op = firing(program, "hidden.apical.r");  // by hand
        op.operands.back().slot = program.find("gate.disinhibition.now");
    });
}

TEST_CASE("a gate that is made of another population's numbers is found", "[audit][cheat][gates]") {
    std::string lines = audited_lines + interneurons;
    lines.replace(lines.find("size = 2"), 8, "size = 5");
    Draft d(model_of_text(lines));
    d.is_read(Criterion::vectors_in_cells, "hidden.apical.gate",
              altered("hidden.apical.gate", [](Program& program, Operation& op) {
                  op.operands[1].slot = program.find("sst.soma.v");  // by hand
              }));
}

TEST_CASE("voltages of interneurons do not make a gate", "[audit][cheat][gates]") {
    Draft d(with_interneurons());
    d.is_caught(Criterion::rates_transmitted, "sst.soma.v",
                altered("hidden.apical.gate.drive", [](Program& program, Operation& op) {
                    op.operands[1].slot = program.find("sst.soma.v");  // by hand
                }));
}

TEST_CASE("a late gate that a number for all moves is found", "[audit][cheat][gates]") {
    Draft d("", jittery);
    d.constant(0.5, "made_up.moves");
    d.is_caught(Criterion::gates_obeyed, "which no interneuron makes",
                altered("gate.disinhibition", [](Program& program, Operation& op) {
                    op.operands[2].slot = program.find("made_up.moves");  // by hand
                }));
}

TEST_CASE("what moves a gate is no noise for all synapses", "[audit][cheat][gates]") {
    Draft d("", jittery);
    const SlotId shared = d.constant(0.5, "made_up.shared");
    d.hebb_kept(d.w("W_rec"), d.r("hidden"), d.previous(d.r("hidden")), shared, {}, 0.01);
    d.is_caught(Criterion::independent_noise, "gate.disinhibition.delay", [](Program& program) {
        for (Operation& op : program.operations) {  // by hand
            for (Operand& operand : op.operands) {
                if (operand.slot == program.find("made_up.shared") &&
                    operand.access == Access::read)
                    operand.slot = program.find("gate.disinhibition.delay");
            }
        }
    });
}

TEST_CASE("noise for all cells that moves one gate alone is its interneuron's", "[audit][gates]") {
    Draft d("", jittery);
    const Audit verdict = std::move(d).audited();
    CHECK(verdict.meets("v"));
}
