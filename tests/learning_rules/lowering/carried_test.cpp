// "pre.r" is what a set carries in its own use, and cells may fire again.
#include "sim/verify/text_rules.hpp"
#include "tests/learning_rules/lowering/lowered_rule.hpp"
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

using Lines = std::vector<std::string>;

// Hidden cells that fire in both phases; W_out carries what they fire in the first.
const std::string firing_twice = hidden_lines + R"(
population.hidden = { size = 5 }
synapses.V = { from = "input", to = "hidden.soma", during = "update", init = { normal = 1.0 } }
)";

const std::string on_W_out = "synapses = [\"W_out\"]\nrate = 0.1\n";
const PhaseId in_forward{std::size_t{0}}, in_update{std::size_t{1}};

Lines lowered_lines(const std::string& circuit_lines, const TextRule& rule,
                    const std::string& options, PhaseId phase) {
    const Circuit circuit = small_model(circuit_lines).circuit;
    return LoweredRule(circuit, rule, options, phase).lines();
}

std::string said_of_reading(const std::string& circuit_lines, const std::string& equations,
                            PhaseId phase) {
    return what_is_said(
        [&] { lowered_lines(circuit_lines, rule_of_text(equations, {"rate"}), on_W_out, phase); });
}

// A cell fires 0.5 freely and 3 when it is clamped; what it fires freely is carried to another. The
// strength begins at 1.
Model clamped_later(const std::string& equations, const std::string& of_rule,
                    const std::string& of_table) {
    return shown(R"(
phase = [{ name = "free", ms = 5.0 }, { name = "clamped", ms = 5.0 }]
population.cell = { size = 1, activation = "linear" }
population.next = { size = 1, activation = "linear" }
synapses.W = { from = "input", to = "cell.soma", during = "free", init = { constant = 0.5 } }
synapses.V = { from = "input", to = "cell.soma", during = "clamped", init = { constant = 3.0 } }
synapses.U = { from = "cell", to = "next.soma", during = "free", init = { constant = 1.0 } }
dynamics.hold = { cells = "cell", during = "free", when = "after firing", state = { held = "cell" }, equations = "held = r" }
rule.mine = { parameters = { rate = 0.1 }, equations = ")" +
                     equations + "\"" + of_rule +
                     " }\nplasticity.learning = { rule = \"mine\", synapses = [\"U\"]" + of_table +
                     " }\n",
                 row({1.0}));
}

const std::string with_signal = ", signals = { other = \"pre\" }";

}  // namespace

TEST_CASE("pre.r that the cells make anew before the rule acts is an error at its place",
          "[lowering][carried]") {
    CHECK(said_of_reading(firing_twice, "w += rate * post.r * pre.r", in_update) ==
          "rule.toml:2:22: rule \"mine\": \"pre.r\" is what \"W_out\" carries in phase "
          "\"forward\", but \"hidden\" makes it anew in phase \"update\", and "
          "[plasticity.learning] takes place in \"update\"; expected during = \"forward\", or a "
          "signal of pre cells, bound to \"hidden.r\" or to what [dynamics.*] holds");
    CHECK(said_of_reading(firing_twice, "w += rate * post.r * pre.r", in_forward).empty());
    // An apical rate of the second phase has numbers of its own.
    CHECK(said_of_reading(hidden_lines + R"(
population.hidden = { size = 5, dendrites = ["apical"] }
gate.g_soma = { opens = "hidden.soma", during = "forward" }
gate.g_apical = { opens = "hidden.apical", during = "update" }
synapses.V = { from = "input", to = "hidden.apical", during = "update", init = { normal = 1.0 } }
)",
                          "w += rate * post.r * pre.r", in_update)
              .empty());
}

TEST_CASE("pre.r that a phase sets back before the rule acts is an error",
          "[lowering][carried][begin]") {
    const auto said = [](const std::string& of_update) {
        std::string text = common_lines + hidden_lines + "population.hidden = { size = 5 }\n";
        const std::string update = "ms = 4.0";
        text.replace(text.find(update), update.size(), update + of_update);
        const Circuit circuit = model_of_text(text).circuit;
        const TextRule rule = rule_of_text("w += rate * post.r * pre.r", {"rate"});
        return what_is_said([&] { LoweredRule(circuit, rule, on_W_out, in_update).lines(); });
    };
    CHECK(said("").empty());
    CHECK(said(", begin = \"forward\"").empty());  // what the set carried
    CHECK_THAT(said(", begin = \"rest\""),
               Catch::Contains("but \"hidden\" makes it anew in phase \"update\""));
}

TEST_CASE("pre.r that the cells make anew between the rule and the set's use is an error",
          "[lowering][carried]") {
    const std::string carried_later = R"(
population.hidden = { size = 5 }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
synapses.V = { from = "input", to = "hidden.soma", during = "update", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "update", init = { normal = 1.0 } }
)";
    const std::string equation = "w += rate * post.soma.v * pre.r";
    CHECK(said_of_reading(carried_later, equation, in_forward)
              .find("\"pre.r\" is what \"W_out\" carries in phase \"update\", but \"hidden\" makes "
                    "it anew in phase \"update\", and [plasticity.learning] takes place in "
                    "\"forward\"; expected during = \"update\", or a signal") != std::string::npos);
    CHECK(said_of_reading(carried_later, equation, in_update).empty());
}

TEST_CASE("previous(pre.r) that the cells made anew behind the set's use is an error",
          "[lowering][carried]") {
    CHECK(said_of_reading(firing_twice, "w += rate * post.r * previous(pre.r)", in_forward) ==
          "rule.toml:2:22: rule \"mine\": \"previous(pre.r)\" is what \"W_out\" carried last step "
          "in phase \"forward\", but \"hidden\" makes it anew in phase \"update\"; expected a "
          "signal of pre cells, bound to \"previous(hidden.r)\" or to what [dynamics.*] holds");
    const TextRule rule = rule_of_text("w += rate * post.r * previous(pre.r)", {"rate"});
    const std::string once = hidden_lines + "population.hidden = { size = 5 }\n";
    CHECK(lowered_lines(once, rule, on_W_out, in_update) ==
          Lines{"remember previous(hidden.r) = hidden.r",
                "hebb W_out += 0.1 output.r x previous(hidden.r)"});
}

TEST_CASE("what a delayed set carries stays as it is for the whole step", "[lowering][carried]") {
    const TextRule rule = rule_of_text("w += rate * post.r * pre.r", {"rate"});
    const std::string recurrent =
        firing_twice +
        "synapses.W_rec = { from = \"hidden\", to = \"hidden.soma\", during = "
        "\"forward\", delay = 1, init = { normal = 1.0 } }\n";
    CHECK(lowered_lines(recurrent, rule, "synapses = [\"W_rec\"]\nrate = 0.1\n", in_update) ==
          Lines{"hebb W_rec += 0.1 hidden.r x previous(hidden.r)"});
}

TEST_CASE("a rule of an early phase learns by what its set carried there", "[rules][carried]") {
    const std::string hebb = "w += rate * post.r * pre.r";
    SteppedModel sim(clamped_later(hebb, "", ", during = \"free\""));
    CHECK(verify_text_rules(sim.model, 5, 1e-12).first() == nullptr);
    sim.step();
    CHECK(sim.matrix("U")(0, 0) == near(1.0 + 0.1 * 0.5 * 0.5));
    CHECK_THROWS_WITH(clamped_later(hebb, "", ""),
                      Catch::Contains("\"cell\" makes it anew in phase \"clamped\""));
}

TEST_CASE("a rule of a late phase reads either rate as a signal", "[rules][carried]") {
    const std::string by_signal = "w += rate * post.r * other";
    SteppedModel now(clamped_later(by_signal, with_signal, ", other = \"cell.r\""));
    now.step();
    CHECK(now.matrix("U")(0, 0) == near(1.0 + 0.1 * 0.5 * 3.0));
    SteppedModel held(clamped_later(by_signal, with_signal, ", other = \"cell.held\""));
    held.step();
    CHECK(held.matrix("U")(0, 0) == near(1.0 + 0.1 * 0.5 * 0.5));
    CHECK(verify_text_rules(held.model, 5, 1e-12).first() == nullptr);
}

// W_rec carries last step's rates.
TEST_CASE("what a set with a delay carried last step is told at its name", "[lowering][carried]") {
    const std::string recurrent = hidden_lines + R"(
population.hidden = { size = 5 }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 1.0 } }
)";
    const auto said = [&](const std::string& equations) {
        return what_is_said([&] {
            lowered_lines(recurrent, rule_of_text(equations, {"rate"}),
                          "synapses = [\"W_rec\"]\nrate = 0.1\n", in_forward);
        });
    };
    CHECK(said("w += rate * post.r * previous(pre.r)") ==
          "rule.toml:2:22: rule \"mine\": \"previous(pre.r)\" is of two steps ago, since \"pre.r\" "
          "is "
          "\"previous(hidden.r)\" here; nothing is kept for two steps; expected pre.r");
    CHECK(said("w += rate * post.r * pre.r").empty());
}

TEST_CASE("rules in C++ are refused a rate that their set did not carry", "[program][carried]") {
    const Circuit circuit = small_model(firing_twice).circuit;
    ProgramBuilder program(circuit);
    emit_forward_pass(program);
    const SynapseSetId set = circuit.find_synapses("W_out");
    program.begin(in_forward, "plasticity.mine (some)");
    CHECK_FALSE(program.made_anew(set, in_forward, in_forward));
    CHECK(program.presynaptic(set) == program.rate(circuit.find_population("hidden")));
    program.begin(in_update, "plasticity.mine (some)");
    CHECK(program.made_anew(set, in_update, in_update) == in_update);
    CHECK_THROWS_WITH(program.presynaptic(set),
                      Catch::Contains("[plasticity.mine (some)] needs what \"W_out\" carries in "
                                      "phase \"forward\", but \"hidden\" makes it anew in phase "
                                      "\"update\"; expected during = \"forward\""));
}
