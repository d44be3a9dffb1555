// Circuits that repeat a phase, some of which would like it to hide how much they change in a step
// or how long they remember.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

// The audited circuit's phase "forward" with these keys, and "update" with those.
Model with_iterations(const std::string& lines, const std::string& of_forward,
                      const std::string& of_update = "") {
    std::string text = audited_lines + lines;
    const std::string forward = "ms = 6.0", update = "ms = 4.0";
    text.replace(text.find(forward), forward.size(), forward + of_forward);
    text.replace(text.find(update), update.size(), update + of_update);
    return model_of_text(text);
}

const std::string iterated_cells = R"(
population.hidden = { size = 5, alpha = 0.5 }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 0.2 } }
)";

// Two populations that drive each other.
const std::string settling_cells = iterated_cells + R"(
population.context = { size = 4, alpha = 0.5 }
synapses.U = { from = "hidden", to = "context.soma", during = "forward", init = { normal = 0.2 } }
synapses.V = { from = "context", to = "hidden.soma", during = "forward", init = { normal = 0.2 } }
)";

std::string learning_by_text(const std::string& equations, const std::string& keys = "") {
    return iterated_cells + "rule.mine = { equations = \"" + equations +
           "\" }\nplasticity.mine = { rule = \"mine\", synapses = [\"W_in\"], during = "
           "\"forward\"" +
           keys + " }\n";
}

const std::string each_iteration = ", each = \"iteration\"", twenty_times = ", repeat = 20";

void is_found_in(const Model& model, Criterion criterion, const std::string& subject) {
    const Audit verdict = audit(model);
    INFO(findings_of(verdict, model.program));
    CHECK(std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& one) {
        return one.criterion == criterion && one.subject == subject;
    }));
}

void passes_audit(Model model) { Draft(std::move(model)).is_innocent(); }

}  // namespace

TEST_CASE("cells that settle together, and learn in each iteration or behind the last, pass",
          "[audit][innocent][iterations]") {
    for (const std::string& when : {std::string(), each_iteration}) {
        passes_audit(with_iterations(settling_cells + R"toml(
rule.mine = { equations = "w += 1e-4 * post.r * (pre.r - post.r * w)" }
plasticity.mine = { rule = "mine", synapses = ["U"], during = "forward")toml" +
                                         when + " }\n",
                                     ", repeat = 5, order = \"together\""));
    }
}

TEST_CASE("cells that begin at rest and contrast two phases pass", "[audit][innocent][begin]") {
    passes_audit(with_iterations(settling_cells + R"toml(
synapses.W_late = { from = "one", to = "hidden.soma", during = "update", init = { normal = 0.2 } }
rule.mine = { signals = { free = "post" }, equations = "w += 1e-2 * (post.r - free) * pre.r" }
plasticity.mine = { rule = "mine", synapses = ["W_in"], free = "at_end(forward, hidden.r)" }
)toml",
                                 ", repeat = 5, order = \"together\", begin = \"rest\"",
                                 ", repeat = 3"));
}

TEST_CASE("changes of all iterations count together", "[audit][cheat][iterations]") {
    const std::string change = "w += 0.2 * post.r * pre.r";
    passes_audit(with_iterations(learning_by_text(change), ""));
    passes_audit(with_iterations(learning_by_text(change), twenty_times));
    is_found_in(with_iterations(learning_by_text(change, each_iteration), twenty_times),
                Criterion::continuous_plasticity, "W_in");
}

TEST_CASE("a strength that decays in all iterations keeps too little of a step",
          "[audit][cheat][iterations]") {
    const std::string decay = "w += 0.01 * (post.r * pre.r - 5 * w)";
    passes_audit(with_iterations(learning_by_text(decay), twenty_times));
    is_found_in(with_iterations(learning_by_text(decay, each_iteration), twenty_times),
                Criterion::continuous_plasticity, "W_in");
}

// A half in each of twenty iterations leaves a millionth: what they make is last step's rate, and
// the step after that it is two steps old.
TEST_CASE("a trace that iterations wipe out hands on what it is made of",
          "[audit][cheat][iterations]") {
    const std::string keeping = iterated_cells + R"toml(
dynamics.keeping = { cells = "hidden", during = "update", state = { x = "cell" }, equations = "x = 0.5 * x + 0.5 * previous(r)" }
rule.mine = { signals = { old = "post" }, equations = "w += 1e-3 * old * pre.r" }
plasticity.mine = { rule = "mine", synapses = ["W_in"], old = "previous(hidden.x)" }
)toml";
    passes_audit(with_iterations(keeping, ""));
    is_found_in(with_iterations(keeping, "", twenty_times), Criterion::online,
                "previous(hidden.x)");
}
