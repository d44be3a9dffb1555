// Circuits whose phases are carried out in turn, with delays by phase and sums that are kept; some
// of which would like these to hide how much they change in a step or how long they remember.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

// Phases "down" of 2 ms and "up" of 1 ms in turn, then "update"; the audited circuit's output reads
// the hidden cells in "up".
Model in_turn(const std::string& lines, int times, const std::string& of_down = "") {
    std::string text = audited_lines + lines;
    const std::size_t begin = text.find("phase = ");
    text.replace(
        begin, text.find('\n', begin) - begin,
        fmt::format("phase = [{{ name = \"down\", ms = 2.0{} }}, {{ name = \"up\", ms = 1.0 "
                    "}}, {{ name = \"update\", ms = 4.0 }}]\ngroup = [{{ phases = "
                    "[\"down\", \"up\"], repeat = {} }}]",
                    of_down, times));
    const std::string out = "during = \"forward\", init = { normal = 1.0 }";
    text.replace(text.find(out), out.size(), "during = \"up\", init = { normal = 1.0 }");
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
synapses.W_late = { from = "one", to = "hidden.soma", during = "update", init = { normal = 0.2 } }
rule.mine = { signals = { free = "post" }, equations = "w += 1e-2 * (post.r - free) * pre.r" }
plasticity.mine = { rule = "mine", synapses = ["W_in"], free = "at_end(down, hidden.r)", during = "update" }
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

TEST_CASE("cells that scale slowly what comes in pass, and the sum is told of",
          "[audit][innocent][scaling]") {
    const std::string slow = "{ of = [\"W_in\", \"D\"], to = 1.0, tau_ms = 1000.0 }";
    passes_audit(in_turn(keeping_a_sum(slow), 5));
    passes_audit(in_turn(keeping_a_sum(slow, each_iteration), 5));
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

// Of a half in each of twenty iterations a millionth is left: what it is made of is last step's
// rate.
TEST_CASE("a trace that a group wipes out hands on what it is made of", "[audit][cheat][groups]") {
    const std::string keeping = two_layers + R"toml(
dynamics.keeping = { cells = "hidden", during = "down", state = { kept = "cell" }, equations = "kept = 0.5 * kept + 0.5 * previous(r)" }
rule.mine = { signals = { was = "post" }, equations = "w += 1e-3 * was * pre.r" }
plasticity.mine = { rule = "mine", synapses = ["W_in"], was = "hidden.kept", during = "up" }
)toml";
    is_found_in(in_turn(keeping, 20), Criterion::online, "hidden.kept");
}

// Two stations of a value in a step, each of which is read in the next one.
TEST_CASE("a value that is handed on from one group to the next is not online",
          "[audit][cheat][groups]") {
    const std::string handing_on = two_layers + R"toml(
dynamics.first = { cells = "hidden", during = "update", state = { first = "cell", second = "cell" }, equations = ["second = first", "first = r"] }
rule.mine = { signals = { was = "post" }, equations = "w += 1e-3 * was * pre.r" }
plasticity.mine = { rule = "mine", synapses = ["W_in"], was = "hidden.second", during = "up" }
)toml";
    is_found_in(in_turn(handing_on, 5), Criterion::online, "hidden.second");
}

TEST_CASE("a sum that is kept at once is a jump, and gathers over the cell's synapses",
          "[audit][cheat][scaling]") {
    const Model model = in_turn(keeping_a_sum("{ of = [\"W_in\", \"D\"], to = 1.0 }"), 5);
    is_found_in(model, Criterion::continuous_plasticity, "W_in");
    is_found_in(model, Criterion::continuous_plasticity, "D");
}

TEST_CASE("a time constant shorter than a step scales at once", "[audit][cheat][scaling]") {
    is_found_in(in_turn(keeping_a_sum("{ of = \"W_in\", to = 1.0, tau_ms = 0.5 }"), 5),
                Criterion::continuous_plasticity, "W_in");
}

TEST_CASE("scalings of all iterations of a group count together", "[audit][cheat][scaling]") {
    const std::string slow = "{ of = \"W_in\", to = 1.0, tau_ms = 20.0 }";
    passes_audit(in_turn(keeping_a_sum(slow), 20));
    is_found_in(in_turn(keeping_a_sum(slow, each_iteration), 20), Criterion::continuous_plasticity,
                "W_in");
}

// The sum over a presynaptic cell's own inputs is no rate that an axon carries.
TEST_CASE("a cell's sum of strengths is not read in other cells", "[audit][cheat][scaling]") {
    std::string text = keeping_a_sum("{ of = \"W_in\", to = 1.0, tau_ms = 1000.0 }");
    text += R"toml(
dynamics.telling = { cells = "hidden", during = "update", state = { told = "cell" }, equations = "told += 0.1 * (r - told)" }
rule.reading = { signals = { there = "pre" }, equations = "w += 1e-3 * post.r * there" }
plasticity.reading = { rule = "reading", synapses = ["U"], there = "hidden.told", during = "update" }
)toml";
    const Audit verdict = audit(in_turn(text, 5));
    CHECK_FALSE(verdict.beyond.empty());
}

TEST_CASE("strengths carried in a group are none of last step's", "[audit][cheat][groups]") {
    Draft draft(in_turn(two_layers, 5));
    draft.during("update");
    const SlotId kept = draft.tag(draft.set("U"), "kept");
    draft.assign(kept, draft.w("U"));
    draft.is_read(Criterion::continuous_plasticity, "kept(U)", [](Program&) {});
}
