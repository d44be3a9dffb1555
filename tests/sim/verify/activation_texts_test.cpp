// Cells fire what their written activation says, and wrong operations are found.
#include "sim/verify/activation_texts.hpp"

#include "sim/verify/text_rules.hpp"
#include "sim/verify/verify.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr std::int64_t activation_steps = 30;
constexpr double activation_tolerance = 1e-12;

// Cells that fire by a text and learn by its slope.
Model cells_of_text(const std::string& equation) {
    return small_model("activation.mine = { parameters = { gain = 1.5 }, equation = \"" + equation +
                       R"toml(" }
population.hidden = { size = 5, activation = "mine", alpha = 0.5, dendrites = ["apical"], init = { activated_normal = 1.0 } }
gate.open = { opens = "hidden.apical", during = "update" }
gate.soma = { opens = "hidden.soma", during = "forward" }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.4 } }
synapses.A = { from = "hidden", to = "hidden.apical", during = "update", delay = 1, init = { normal = 0.4 } }
rule.sloped = { parameters = { rate = 0.01 }, equations = "w += rate * (slope(post.soma.v) - phi(post.r)) * pre.r" }
plasticity.learning = { rule = "sloped", synapses = ["W_rec"] }
)toml" + hidden_lines);
}

Model algorithm_by_text(const std::string& model, const std::string& equation) {
    const TemporaryFolder folder;
    const std::string text =
        drafted(model, {{"activation = \"tanh\"", "activation = \"mine\""},
                        {"[population.hidden]", "[activation.mine]\nequation = \"" + equation +
                                                    "\"\n[population.hidden]"}});
    return load_model(folder.write("own.toml", text), {"population.hidden.size=9"});
}

std::string first_apart(const Differences& found) {
    return found.first() ? found.first()->symbol : "";
}

}  // namespace

TEST_CASE("cells fire and learn as their activation is written", "[verify][activation]") {
    for (const char* const equation :
         {"log(1 + exp(gain * x))", "rectified(gain * x)^2 / (1 + rectified(x)^2)",
          "tanh(gain * x) - 0.1 * x", "select(x, gain * x, exp(x) - 1)",
          "clip(gain * x, -1, 1) + 0.01 * abs(x)", "x / sqrt(gain + x^2)",
          "min(1, max(-0.5, gain * x))"}) {
        INFO(equation);
        const Model model = cells_of_text(equation);
        REQUIRE(has_written_activations(model));
        CHECK(has_text_rules_of_its_own(model));
        CHECK(
            first_apart(verify_text_rules(model, activation_steps, activation_tolerance)).empty());
    }
}

TEST_CASE("verify finds each changed number of a written activation and its slope",
          "[verify][activation]") {
    const std::string equation = "log(1.2 + exp(gain * x)) - 0.3 * x";
    const Program program = cells_of_text(equation).program;
    int mutants = 0;
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        const Operation& op = program.operations[i];
        const bool is_slope = program[op.operands[0].slot].what == What::slope;
        if (op.kind != Kind::fire && !is_slope) continue;
        for (std::size_t k = 0; k < op.formula.size(); ++k) {
            if (op.formula[k].node != Node::number) continue;
            Model mutant = cells_of_text(equation);
            mutant.program.operations[i].formula[k].number *= 1.01;
            ++mutants;
            INFO(listing_line(program, i));
            CHECK_FALSE(
                first_apart(verify_text_rules(mutant, activation_steps, activation_tolerance))
                    .empty());
        }
    }
    CHECK(mutants >= 6);
}

TEST_CASE("algorithms are held to their equations with a written activation",
          "[verify][activation]") {
    for (const char* const model : {"rtrl", "bptt_window", "rflo", "dni_b", "kernl"}) {
        for (const char* const equation : {"tanh(x)", "x / (1 + abs(x))"}) {
            INFO(model << " with " << equation);
            const Verification found = verify(algorithm_by_text(model, equation), activation_steps);
            INFO(first_apart(found.declared));
            CHECK(found.hold());
            CHECK(found.texts);
        }
    }
}

TEST_CASE("an algorithm whose cells learn by another slope is found", "[verify][activation]") {
    Model model = algorithm_by_text("rtrl", "tanh(1.1 * x)");
    int changed = 0;
    for (Operation& op : model.program.operations) {
        if (model.program[op.operands[0].slot].what != What::slope) continue;
        for (FormulaNode& node : op.formula) {
            if (node.node != Node::number || node.number == 1.0) continue;
            node.number *= 1.001;
            ++changed;
        }
    }
    REQUIRE(changed > 0);
    const Verification found = verify(model, activation_steps);
    CHECK_FALSE(found.hold());
}

TEST_CASE("a written activation is of what a gate of cells lets through in each cell",
          "[verify][activation][gates]") {
    const Model model = small_model(R"toml(
activation.mine = { equation = "log(1 + exp(x))" }
population.hidden = { size = 5, activation = "mine", dendrites = ["apical"] }
gate.cells = { opens = "hidden.apical", during = "update", by = "activity", form = "graded", scale = 1.0 }
synapses.A = { from = "label", to = "hidden.apical", during = ["forward", "update"], init = { normal = 1.0 } }
synapses.G = { from = "input", to = "hidden.apical.gate", during = ["forward", "update"], init = { normal = 1.0 } }
)toml" + hidden_lines);
    CHECK(first_apart(verify_text_rules(model, activation_steps, activation_tolerance)).empty());
}
