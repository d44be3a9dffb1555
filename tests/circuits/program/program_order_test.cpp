// The order of operations, in small circuits and in every model that comes with the program.
#include "circuits/program/order_program.hpp"
#include "circuits/program/program_builder.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

bool is_of_rule(const Operation& op) { return op.asked_by.starts_with("plasticity."); }

bool changes_a_strength(const Program& program, const Operation& op) {
    const Slot& slot = program[op.operands[0].slot];
    return op.phase && slot.synapses && slot.name.find('(') == std::string::npos;
}

// Gates, what is given, the circuit, rules, strengths; at the step's end rules, then what is
// remembered.
int turn(const Program& program, const Operation& op) {
    if (op.kind == Kind::gate) return 0;
    if (op.kind == Kind::inject || op.kind == Kind::noise) return 1;
    if (changes_a_strength(program, op)) return 4;
    if (!op.phase) return op.kind == Kind::remember ? 5 : 3;
    return is_of_rule(op) ? 3 : 2;
}

bool reads(const Operation& op, SlotId slot) {
    return std::any_of(op.operands.begin(), op.operands.end(), [&](const Operand& operand) {
        return operand.slot == slot && operand.access == Access::read;
    });
}

template <class Check>
void for_each_model(Check check) {
    REQUIRE_FALSE(shipped_models().empty());
    for (const std::string& path : shipped_models()) {
        INFO(path);
        check(load_model(path, {}).program);
    }
}

const std::string taught = hidden_lines + R"(
population.hidden = { size = 4, alpha = 0.5, dendrites = ["apical"] }
population.error.role = "error"
gate.g_soma = { opens = "hidden.soma", during = "forward" }
gate.g_apical = { opens = "hidden.apical", during = "update" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
synapses.B_fb = { from = "error", to = "hidden.apical", during = "update", init = { normal = 1.0 } }
plasticity.readout = { rule = "delta", synapses = ["W_out"], rate = 0.1 }
plasticity.recurrent = { rule = "eligibility", synapses = ["W_rec"], credit = "hidden.apical", rate = 0.1 }
)";

}  // namespace

TEST_CASE(
    "a step is gates, then the circuit, then rules, then strengths, phase by phase, and what "
    "is remembered last",
    "[program][order]") {
    REQUIRE(listed(small_model(taught).program) ==
            std::vector<std::string>{
                "gate gate.g_soma = 1 (open)",
                "gate gate.g_apical = 0 (closed)",
                "inject input.r = task",
                "inject label.r = task",
                "transmit hidden.soma.v = W_in input.r",
                "transmit hidden.soma.v += W_rec previous(hidden.r)",
                "fire hidden.r = 0.5 hidden.r + 0.5 tanh(gate.g_soma hidden.soma.v)",
                "transmit output.soma.v = W_out hidden.r",
                "fire output.r = output.soma.v",
                "gate gate.g_soma = 0 (closed)",
                "gate gate.g_apical = 1 (open)",
                "transmit error.soma.v = output.r (one to one)",
                "transmit error.soma.v += -label.r (one to one)",
                "fire error.r = error.soma.v",
                "transmit hidden.apical.v = B_fb error.r",
                "fire hidden.apical.r = tanh(gate.g_apical hidden.apical.v)",
                "cellwise slope(hidden.soma.v) = tanh'(hidden.soma.v)",
                "hebb eligibility(W_rec) = 0.5 eligibility(W_rec) + 0.5 slope(hidden.soma.v) x "
                "previous(hidden.r)",
                "hebb W_out += -0.1 error.r x hidden.r",
                "consolidate W_rec += -0.1 hidden.apical.v . eligibility(W_rec)",
                "remember previous(hidden.r) = hidden.r"});
}

TEST_CASE("gates come first in their phase, whenever they are asked for", "[program][order]") {
    const Model model = small_model(taught);
    ProgramBuilder builder(model.circuit);
    builder.begin(PhaseId(0), "population.input", {});
    builder.inject(model.circuit.find_population("input"));
    builder.begin(PhaseId(0), "gate.g_soma", {});
    builder.set_gate(GateId(0), true);
    const Program program = std::move(builder).finish();
    REQUIRE(listed(program) ==
            std::vector<std::string>{"gate gate.g_soma = 1 (open)", "inject input.r = task"});
}

TEST_CASE("every model has its operations by phase and within a phase by turn",
          "[program][order]") {
    for_each_model([](const Program& program) {
        std::pair<std::uint32_t, int> last{0, 0};
        for (std::size_t i = 0; i < program.operations.size(); ++i) {
            const Operation& op = program.operations[i];
            const std::pair place(op.phase.value, turn(program, op));
            INFO(listing_line(program, i));
            REQUIRE(place >= last);
            last = place;
        }
    });
}

TEST_CASE("whoever reads a strength in a phase sees it before its change in that phase",
          "[program][order]") {
    for_each_model([](const Program& program) {
        for (std::size_t change = 0; change < program.operations.size(); ++change) {
            const Operation& op = program.operations[change];
            if (!changes_a_strength(program, op)) continue;
            for (std::size_t i = change + 1; i < program.operations.size(); ++i) {
                INFO(listing_line(program, change)
                     << " stands before " << listing_line(program, i));
                const bool same_phase = program.operations[i].phase == op.phase;
                REQUIRE_FALSE((same_phase && reads(program.operations[i], op.operands[0].slot)));
            }
        }
    });
}

// A rule may rewrite what is its own, as a credit that goes back step by step.
TEST_CASE("within a phase a vector is read only after all that others make of it in the phase",
          "[program][order]") {
    for_each_model([](const Program& program) {
        for (std::size_t i = 0; i < program.operations.size(); ++i) {
            const Operation& writer = program.operations[i];
            const SlotId slot = writer.operands[0].slot;
            if (program[slot].shape == Shape::per_synapse || !writer.phase) continue;
            for (std::size_t before = 0; before < i; ++before) {
                INFO(listing_line(program, before)
                     << " stands before " << listing_line(program, i));
                const Operation& reader = program.operations[before];
                const bool own = is_of_rule(writer) && reader.asked_by == writer.asked_by;
                REQUIRE_FALSE((!own && reader.phase == writer.phase && reads(reader, slot)));
            }
        }
    });
}

TEST_CASE("rules stand in the order of the file", "[program][order]") {
    const std::string
        forecast = hidden_lines + R"(
population.hidden = { size = 4, dendrites = ["a", "b"] }
synapses.A = { from = "input", to = "hidden.a", during = "forward", init = { normal = 1.0 } }
synapses.B = { from = "input", to = "hidden.b", during = "forward", init = { normal = 1.0 } }
)",
        first = "plasticity.first = { rule = \"predict_rate\", synapses = [\"A\"], rate = 0.1 }\n",
        second =
            "plasticity.second = { rule = \"predict_rate\", synapses = [\"B\"], rate = 0.1 }\n";
    const auto order = [&](const std::string& rules) {
        std::string who;
        for (const Operation& op : small_model(forecast + rules).program.operations) {
            if (is_of_rule(op)) who += op.asked_by.substr(std::string("plasticity.").size(), 1);
        }
        return who;
    };
    REQUIRE(order(first + second) == "fsfs");
    REQUIRE(order(second + first) == "sfsf");
}

TEST_CASE("a rule in an earlier phase changes strengths at the end of that phase",
          "[program][order]") {
    const Program program = small_model(hidden_lines + R"(
population.hidden = { size = 4, dendrites = ["forecast", "bootstrap"] }
gate.g = { opens = "hidden.bootstrap", during = [] }
synapses.J = { from = "hidden", to = "hidden.forecast", during = "forward", delay = 1, init = { normal = 1.0 }, back = { to = "hidden.bootstrap", during = "update" } }
plasticity.jacobian = { rule = "predict_rate", synapses = ["J"], rate = 0.1, during = "forward" }
)")
                                .program;
    const std::vector<std::string> lines = listed(program);
    const auto at = [&](const std::string& line) {
        return std::find(lines.begin(), lines.end(), line) - lines.begin();
    };
    const auto change = at("hebb J += 0.1 jacobian.error x previous(hidden.r)"),
               use = at("transmit hidden.bootstrap.v = transpose(J) hidden.r");
    REQUIRE(change < use);
    REQUIRE(use < std::ssize(lines));
}

TEST_CASE("reading what is made later in the step is rejected with the ways out",
          "[program][order]") {
    rejects_text(
        common_lines + hidden_lines + R"(
population.hidden = { size = 4, dendrites = ["apical"] }
population.error = { role = "error", during = "update" }
synapses.B_fb = { from = "error", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
plasticity.recurrent = { rule = "dendritic", synapses = ["W_in"], credit = "hidden.apical", rate = 0.1 }
)",
        {"[synapses.B_fb] reads \"error.r\" in phase \"forward\"", "delay = 1", "previous(...)"});
}

TEST_CASE("a rule that changes strengths before its signal is made is rejected",
          "[program][order]") {
    rejects_text(common_lines + taught +
                     "plasticity.early = { rule = \"delta\", synapses = [\"b_out\"], rate = 0.1, "
                     "during = \"forward\" }\n"
                     "synapses.b_out = { from = \"one\", to = \"output.soma\", during = "
                     "\"forward\", init = { normal = 1.0 } }\n",
                 {"[plasticity.early (delta)] reads \"error.r\" in phase \"forward\""});
}

TEST_CASE("a dendrite that neither a gate nor a rule reads is rejected", "[program][order]") {
    rejects_text(common_lines + hidden_lines + R"(
population.hidden = { size = 4, dendrites = [@"apical"] }
synapses.A = { from = "input", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
)",
                 {"nothing gates \"hidden.apical\"", "no effect"});
}
