// Rules in text that come to formulas are what their texts say.
#include <algorithm>

#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr std::int64_t formula_steps = 30;

struct FormulaRule {
    const char* name;
    const char* text;
};

constexpr FormulaRule formula_rules[] = {
    {"bounded",
     "parameters = { rate = 1e-3, decay = 1e-2, smallest = -1.0, largest = 1.0 }, "
     "equations = \"w = clip((1 - decay) * w + rate * post.r * pre.r, smallest, largest)\""},
    {"Dale's sign",
     "parameters = { rate = 1e-3 }, equations = \"w = max(0, w + rate * post.r * pre.r)\""},
    {"soft bounds",
     "parameters = { rate = 1e-3 }, equations = \"w += rate * (1 - w) * post.r * pre.r\""},
    {"L1",
     "parameters = { rate = 1e-3 }, "
     "equations = \"w += rate * post.r * pre.r - rate * sign(w)\""},
    {"L2", "parameters = { rate = 1e-3 }, equations = \"w -= rate * w\""},
    {"homeostasis",
     "parameters = { rate = 1e-3, tau_ms = 50.0 }, state = { mean = \"post\" }, "
     "equations = [\"dmean/dt = (post.r - mean) / tau_ms\", "
     "\"w += rate * (0.1 - mean) * w\"]"},
    {"Urbanczik and Senn",
     "parameters = { rate = 1e-3, tau_ms = 50.0 }, state = { drift = \"synapse\" }, "
     "equations = [\"predicted = 0.5 * post.here.v\", \"error = post.r - phi(predicted)\", "
     "\"ddrift/dt = (error * pre.r * slope(predicted) - drift) / tau_ms\", "
     "\"w += rate * drift\"]"},
    {"bursts",
     "parameters = { rate = 1e-3, tau_ms = 50.0 }, "
     "state = { events = \"post\", bursts = \"post\", trace = \"pre\" }, "
     "equations = [\"burst = post.r * logistic(post.soma.v)\", "
     "\"devents/dt = (post.r - events) / tau_ms\", "
     "\"dbursts/dt = (burst - bursts) / tau_ms\", \"dtrace/dt = (pre.r - trace) / tau_ms\", "
     "\"w += rate * (burst - clip(bursts / (events + 2), 0, 1) * post.r) * trace\"]"},
    {"node perturbation",
     "parameters = { rate = 1e-3, tau_ms = 50.0 }, "
     "state = { mean = \"post\", e = \"synapse\", baseline = \"all\" }, "
     "equations = [\"deviation = post.soma.v - mean\", "
     "\"dmean/dt = (post.soma.v - mean) / tau_ms\", "
     "\"e = 0.9 * e + (pre.r * deviation)^3\", \"surprise = -loss - baseline\", "
     "\"dbaseline/dt = (-loss - baseline) / tau_ms\", \"w += rate * surprise * e\"]"},
    {"a chain of tags",
     "parameters = { rate = 1e-3, tau_ms = 50.0 }, state = { slow = \"synapse\" }, "
     "equations = [\"dslow/dt = (w - slow) / tau_ms\", "
     "\"w += rate * post.r * pre.r - 0.01 * (w - slow)\"]"},
    {"RMSprop",
     "parameters = { rate = 1e-3 }, state = { s = \"synapse\" }, "
     "equations = [\"g = post.r * pre.r\", \"s = 0.9 * s + 0.1 * g^2\", "
     "\"w -= rate * g / (sqrt(s) + 0.5)\"]"},
    {"contrastive",
     "parameters = { rate = 1e-3 }, "
     "equations = \"w += rate * (post.r * pre.r - previous(post.r) * pre.r)\""},
    {"rewarded Oja",
     "parameters = { rate = 1e-3 }, "
     "equations = \"w += rate * loss * post.r * (pre.r - post.r * w)\""},
    {"a surprise that scales",
     "parameters = { rate = 1e-3 }, state = { mean = \"all\" }, "
     "equations = [\"mean += 0.1 * (previous(loss) - mean)\", "
     "\"w = (1 - 0.01 * mean) * w + rate * (loss - mean) * post.r * pre.r\"]"},
    {"a mean over cells",
     "parameters = { rate = 1e-3 }, "
     "equations = [\"x = mean(post.r^2) + sum(post.r * post.soma.v)\", "
     "\"w += rate / (1 + x^2) * post.r * pre.r\"]"},
    {"every function",
     "parameters = { rate = 1e-3 }, "
     "equations = [\"a = abs(post.r) + sign(post.r) - step(post.soma.v) + sqrt(2 + post.r)\", "
     "\"b = exp(-post.r) + log(2 + post.r) + tanh(a) + rectified(post.r)\", "
     "\"c = min(a, b) - select(post.r, a, max(a, b)) + (2 + post.r)^-2 + (2 + post.r)^0.5\", "
     "\"w = clip(w, -3, 3) + rate * tanh(c * pre.r)\"]"},
};

// Five cells that the input and their own rates of last step drive.
Model learning_by_formulas(const std::string& rule) {
    return small_model(hidden_lines + R"(
population.hidden = { size = 5, activation = "tanh", alpha = 0.5, init = { activated_normal = 1.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.4 } }
plasticity.learning = { rule = "mine", synapses = ["W_in", "W_rec"], rate = 0.02 }
)" + ("rule.mine = { " + rule + " }\n"));
}

// It differs from its text, or its numbers run away.
bool is_found_wrong(const Model& mutant) {
    try {
        return !verify_text_rules(mutant, formula_steps, 1e-12).hold();
    } catch (const Error& error) {
        return error.code() == ExitCode::numerical_failure;
    }
}

}  // namespace

TEST_CASE("rules that come to formulas are their texts", "[verify][text_rule][formulas]") {
    for (const FormulaRule& rule : formula_rules) {
        INFO(rule.name);
        const Model model = learning_by_formulas(rule.text);
        const Differences found = verify_text_rules(model, formula_steps, 1e-12);
        if (const Difference* first = found.first()) FAIL_CHECK(first->symbol);
        CHECK(found.hold());
    }
}

TEST_CASE("a number or a node of a formula that is another is found",
          "[verify][text_rule][formulas][mutants]") {
    int mutants = 0;
    for (const FormulaRule& rule : formula_rules) {
        const Program whole = learning_by_formulas(rule.text).program;
        for (std::size_t i = 0; i < whole.operations.size(); ++i) {
            if (whole.operations[i].kind != Kind::synaptic) continue;
            Model mutant = learning_by_formulas(rule.text);
            Formula& formula = mutant.program.operations[i].formula;
            const auto changed = std::find_if(formula.begin(), formula.end(), [](const auto& one) {
                return one.node == Node::add || one.node == Node::subtract;
            });
            if (changed == formula.end()) continue;
            changed->node = changed->node == Node::add ? Node::subtract : Node::add;
            INFO(rule.name << ": " << listing_line(mutant.program, i));
            CHECK(is_found_wrong(mutant));
            ++mutants;
        }
    }
    CHECK(mutants >= 8);
}
