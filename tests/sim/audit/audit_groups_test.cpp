// Circuits whose phases are carried out in turn, with delays by phase and sums that are kept; some
// of which would like these to hide how much they change in a step or how long they remember.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

// Phases "down" of 2 ms and "up" of 1 ms in turn, then "update"; the audited circuit's output reads
// the hidden cells in "up".
Model in_turn(const std::string& lines, int times, const std::string& of_down = "") {
    std::string text = with_phases(
        audited_lines + lines,
        fmt::format("phase = [{{ name = \"down\", ms = 2.0{} }}, {{ name = \"up\", ms = 1.0 "
                    "}}, {{ name = \"update\", ms = 4.0 }}]\ngroup = [{{ phases = "
                    "[\"down\", \"up\"], repeat = {} }}]",
                    of_down, times));
    const std::string out = "during = \"forward\", init = { normal = 1.0 }";
    text.replace(text.find(out), out.size(), "during = \"up\", init = { normal = 1.0 }");
    text += "population.error.during = \"update\"\n";
    return model_of_text(text);
}

// Hidden cells and others above them: each is driven by the other, of the last iteration downwards.
const std::string two_layers = R"(
population.hidden = { size = 5, alpha = 0.5 }
population.top = { size = 5, alpha = 0.5 }
synapses.W_in = { from = "input", to = "hidden.soma", during = "down", init = { normal = 0.2 } }
synapses.D = { from = "top", to = "hidden.soma", during = "down", delay = "iteration", init = { normal = 0.2 } }
synapses.U = { from = "hidden", to = "top.soma", during = "up", init = { normal = 0.2 } }
)";

const std::string each_iteration = ", each = \"iteration\"";

std::string learning(const std::string& set, const std::string& equations, const std::string& phase,
                     const std::string& keys = "") {
    return two_layers + "rule.mine = { equations = \"" + equations +
           "\" }\nplasticity.mine = { rule = \"mine\", synapses = [\"" + set + "\"], during = \"" +
           phase + "\"" + keys + " }\n";
}

// Hidden cells that keep the sum of what comes in.
std::string keeping_a_sum(const std::string& scaling, const std::string& keys = "") {
    const std::string cells = "population.hidden = { size = 5, alpha = 0.5";
    std::string text = learning("W_in", "w += 1e-3 * post.r * pre.r", "down", keys);
    return text.replace(text.find(cells), cells.size(), cells + ", scale_incoming = " + scaling);
}

void is_found_in(const Model& model, Criterion criterion, const std::string& subject) {
    const Audit verdict = audit(model);
    INFO(findings_of(verdict, model.program));
    CHECK(std::any_of(verdict.findings.begin(), verdict.findings.end(), [&](const Finding& one) {
        return one.criterion == criterion && one.subject == subject;
    }));
}

void passes_audit(Model model) { Draft(std::move(model)).is_innocent(); }

}  // namespace

TEST_CASE("layers that settle in turn, and learn once or in each iteration, pass",
          "[audit][innocent][groups]") {
    for (const std::string& when : {std::string(), each_iteration})
        passes_audit(
            in_turn(learning("U", "w += 1e-4 * post.r * (pre.r - post.r * w)", "up", when), 5));
}

TEST_CASE("layers that begin at rest and contrast what an iteration left with what there is pass",
          "[audit][innocent][groups]") {
    passes_audit(in_turn(two_layers + R"toml(
synapses.W_late = { from = "one", to = "top.soma", during = "update", init = { normal = 0.2 } }
rule.mine = { signals = { free = "post" }, equations = "w += 1e-2 * (post.r - free) * pre.r" }
plasticity.mine = { rule = "mine", synapses = ["U"], free = "at_end(up, top.r)", during = "update" }
)toml",
                         4, ", begin = \"rest\""));
}

TEST_CASE("a set with a delay of its own in each phase passes", "[audit][innocent][delay]") {
    const std::string set = "during = \"up\", init = { normal = 0.2 } }";
    std::string lines = learning("U", "w += 1e-3 * post.r * pre.r", "up");
    lines.replace(
        lines.find(set), set.size(),
        "during = [\"up\", \"update\"], delay = { update = 1 }, init = { normal = 0.2 } }");
    passes_audit(in_turn(lines, 5));
}

TEST_CASE("cells that slowly keep a sum at most pass, and the gathering is told of",
          "[audit][innocent][scaling]") {
    const std::string slow =
        "{ of = [\"W_in\", \"D\"], to = 1.0, tau_ms = 1000.0, at_most = true }";
    passes_audit(in_turn(keeping_a_sum(slow), 5));
    passes_audit(in_turn(keeping_a_sum(slow, each_iteration), 5));
    const Audit verdict = audit(in_turn(keeping_a_sum(slow), 5));
    CHECK(std::any_of(verdict.beyond.begin(), verdict.beyond.end(),
                      [](const Finding& one) { return one.subject == "hidden.incoming_W_in"; }));
}

TEST_CASE("changes of all iterations of a group count together", "[audit][cheat][groups]") {
    const std::string change = "w += 0.2 * post.r * pre.r";
    passes_audit(in_turn(learning("U", change, "up"), 20));
    is_found_in(in_turn(learning("U", change, "up", each_iteration), 20),
                Criterion::continuous_plasticity, "U");
}

TEST_CASE("a strength that decays in all iterations of a group keeps too little of a step",
          "[audit][cheat][groups]") {
    const std::string decay = "w = 0.9 * w + 1e-3 * post.r * pre.r";
    passes_audit(in_turn(learning("U", decay, "up"), 20));
    is_found_in(in_turn(learning("U", decay, "up", each_iteration), 20),
                Criterion::continuous_plasticity, "U");
}

// A millionth is left of a half in each of twenty iterations: what they make is last step's rate,
// and the step after that it is two steps old.
TEST_CASE("a trace that a group wipes out hands on what it is made of", "[audit][cheat][groups]") {
    const std::string keeping = two_layers + R"toml(
dynamics.keeping = { cells = "hidden", during = "down", state = { x = "cell" }, equations = "x = 0.5 * x + 0.5 * previous(r)" }
rule.mine = { signals = { old = "post" }, equations = "w += 1e-3 * old * pre.r" }
plasticity.mine = { rule = "mine", synapses = ["W_in"], old = "previous(hidden.x)" }
)toml";
    passes_audit(in_turn(keeping, 2));
    is_found_in(in_turn(keeping, 20), Criterion::online, "previous(hidden.x)");
}

// Two stations: the second has what the cells fired two steps ago when it is read.
TEST_CASE("a value that is handed on from one group to the next is not online",
          "[audit][cheat][groups]") {
    const std::string stations = two_layers + R"toml(
dynamics.handing_on = { cells = "hidden", during = "update", state = { first = "cell", second = "cell" }, equations = ["second = first", "first = r"] }
rule.mine = { signals = { was = "post" }, equations = "w += 1e-3 * was * pre.r" }
plasticity.mine = { rule = "mine", synapses = ["W_in"], during = "up", was = "hidden.)toml";
    CHECK(audit(in_turn(stations + "first\" }\n", 5)).meets("online"));
    CHECK_FALSE(audit(in_turn(stations + "second\" }\n", 5)).meets("online"));
}

TEST_CASE("a sum that is kept at once is a jump, and gathers over the cell's synapses",
          "[audit][cheat][scaling]") {
    const Model model = in_turn(keeping_a_sum("{ of = [\"W_in\", \"D\"], to = 1.0 }"), 5);
    is_found_in(model, Criterion::continuous_plasticity, "W_in");
    is_found_in(model, Criterion::continuous_plasticity, "D");
}

TEST_CASE("slow scaling lets strengths grow by themselves", "[audit][cheat][scaling]") {
    is_found_in(in_turn(keeping_a_sum("{ of = \"W_in\", to = 1.0, tau_ms = 1000.0 }"), 5),
                Criterion::continuous_plasticity, "W_in");
}

TEST_CASE("a time constant shorter than a step scales at once", "[audit][cheat][scaling]") {
    is_found_in(
        in_turn(keeping_a_sum("{ of = \"W_in\", to = 1.0, tau_ms = 0.5, at_most = true }"), 5),
        Criterion::continuous_plasticity, "W_in");
}

// 0.94 in each of twenty iterations leaves 0.3.
TEST_CASE("scalings of all iterations of a group count together", "[audit][cheat][scaling]") {
    const auto scaled_by = [](int times) {
        return in_turn(keeping_a_sum("{ of = \"W_in\", to = 1.0, tau_ms = 50.0, at_most = true }",
                                     each_iteration),
                       times);
    };
    passes_audit(scaled_by(2));
    is_found_in(scaled_by(20), Criterion::continuous_plasticity, "W_in");
}
