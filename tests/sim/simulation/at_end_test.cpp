// What was at the end of a phase, as rules read it later in the step.
#include "sim/audit/audit.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// A linear cell of alpha = 1/2 that is driven with 2 in the phase "forward", and with 6 in
// "update"; `rule` changes U, which its rate goes through.
std::string two_stretches(const std::string& signal, const std::string& during = "update") {
    return fmt::format(R"toml(
population.cell = {{ size = 1, activation = "linear", alpha = 0.5 }}
population.other = {{ size = 1, activation = "linear", dendrites = ["apical"] }}
gate.shut = {{ opens = "other.apical", during = [] }}
synapses.low = {{ from = "one", to = "cell.soma", during = "forward", init = {{ constant = 2.0 }} }}
synapses.high = {{ from = "one", to = "cell.soma", during = "update", init = {{ constant = 6.0 }} }}
synapses.drive = {{ from = "one", to = "other.soma", during = "forward", init = {{ constant = 0.0 }} }}
synapses.U = {{ from = "cell", to = "other.apical", during = "update", init = {{ constant = 0.0 }} }}
synapses.W_out = {{ from = "cell", to = "output.soma", during = "forward", init = {{ constant = 1.0 }} }}
rule.contrast = {{ signals = {{ free = "pre" }}, parameters = {{ rate = 0.01 }}, equations = "w += rate * (pre.r - free)" }}
plasticity.learning = {{ rule = "contrast", synapses = ["U"], during = "{}", free = {} }}
)toml",
                       during, signal);
}

}  // namespace

// r = 1, then (1 + 6) / 2 = 3.5, and from there 2.75, 4.375: the rule adds .01 (r - r at the end of
// "forward").
TEST_CASE("a rule contrasts a phase with the end of an earlier one", "[at_end]") {
    const std::string lines = two_stretches("\"at_end(forward, cell.r)\"");
    const Model model = small_model(lines);
    SteppedModel sim(small_model(lines));
    sim.step();
    REQUIRE(sim.vector("cell.r")[0] == 3.5);
    REQUIRE(sim.vector("at_end(forward, cell.r)")[0] == 1.0);
    REQUIRE(sim.vector("U")[0] == Approx(0.025).epsilon(0.0).margin(1e-15));
    sim.step();
    REQUIRE(sim.vector("cell.r")[0] == 4.375);
    REQUIRE(sim.vector("at_end(forward, cell.r)")[0] == 2.75);
    REQUIRE(sim.vector("U")[0] == Approx(0.04125).epsilon(0.0).margin(1e-15));
    REQUIRE_FALSE(verify_text_rules(model, 10, 1e-12).first());
}

TEST_CASE("what a phase leaves is remembered last in it, and listed", "[at_end]") {
    const Model model = small_model(two_stretches("\"at_end(forward, cell.r)\""));
    const std::vector<std::string> all = listed(model.program);
    const auto end = std::find(all.begin(), all.end(), "remember at_end(forward, cell.r) = cell.r");
    REQUIRE(end != all.end());
    const auto i = static_cast<std::size_t>(end - all.begin());
    REQUIRE(model.program.operations[i].phase == PhaseId(0));
    REQUIRE(model.program.operations[i + 1].phase == PhaseId(1));
    // Blanks behind the comma are free.
    REQUIRE(listing(model.program) ==
            listing(small_model(two_stretches("\"at_end(forward,cell.r)\"")).program));
}

TEST_CASE("what the task gives is the same at the end of any phase", "[at_end]") {
    const Model model = small_model(two_stretches("\"at_end(forward, cell.r)\"") + R"toml(
rule.of_input = { signals = { given = "pre" }, parameters = { rate = 0.01 }, equations = "w += rate * post.r * given" }
synapses.W_in = { from = "input", to = "other.apical", during = "update", init = { constant = 0.0 } }
plasticity.input = { rule = "of_input", synapses = ["W_in"], given = "at_end(forward, input.r)" }
)toml");
    REQUIRE_FALSE(model.program.find("at_end(forward, input.r)"));
}

TEST_CASE("the audit says what is held from the end of a phase on", "[at_end][audit]") {
    const Model model = small_model(two_stretches("\"at_end(forward, cell.r)\""));
    const Audit verdict = audit(model);
    const auto held =
        std::find_if(verdict.beyond.begin(), verdict.beyond.end(),
                     [](const Finding& one) { return one.subject == "at_end(forward, cell.r)"; });
    REQUIRE(held != verdict.beyond.end());
    REQUIRE(held->criterion == Criterion::held_vector);
    REQUIRE(held->because ==
            "\"cell.r\" is held from the end of phase \"forward\" for up to 1 step (10 ms)");
}

TEST_CASE("a run with repeated phases goes on from a checkpoint as if it had never stopped",
          "[at_end][iterations][checkpoint]") {
    const TemporaryFolder folder;
    std::string text =
        common_lines + two_stretches("\"at_end(forward, cell.r)\"") +
        "plasticity.out = { rule = \"contrast\", synapses = [\"W_out\"], during = \"forward\", "
        "free = \"before(cell.r)\", each = \"iteration\" }\n";
    const std::string forward = "ms = 6.0", update = "ms = 4.0";
    text.replace(text.find(forward), forward.size(), forward + ", repeat = 3");
    text.replace(text.find(update), update.size(), update + ", repeat = 2, order = \"together\"");
    text +=
        "population.hidden = { size = 6 }\n"
        "synapses.W_in = { from = \"input\", to = \"hidden.soma\", during = \"forward\", init = "
        "{ normal = 1.0 } }\n";
    const Model model = saved_model(folder.write("phases.toml", text), folder / "whole.h5");
    const std::string killed = folder / "killed.h5";
    const RunSummary whole = run_model(model);
    for (const std::int64_t step : {13, 52}) {
        for (const int threads : {1, 2}) {
            leave_killed(model.output, step, killed);
            const RunSummary summary = resumed(killed, threads);
            CHECK(content_of(killed) == content_of(model.output));
            CHECK(summary.loss == whole.loss);
        }
    }
}

TEST_CASE("an address of a phase's end that is none is rejected at its place", "[at_end]") {
    rejects_text(common_lines + two_stretches("@\"at_end(forwad, cell.r)\""),
                 {"no phase \"forwad\"", "Did you mean \"forward\"?"});
    rejects_text(common_lines + two_stretches("@\"at_end(forward, cel.r)\""),
                 {"no signal \"cel.r\"", "Did you mean \"cell.r\"?"});
    rejects_text(common_lines + two_stretches("@\"at_end(cell.r)\""),
                 {"\"at_end(cell.r)\" names no phase", "at_end(PHASE, ADDRESS)"});
    rejects_text(common_lines + two_stretches("@\"at_end(forward, previous(cell.r))\""),
                 {"is of two times"});
    std::string too_early = two_stretches("\"at_end(update, cell.r)\"", "forward");
    too_early.replace(too_early.find("pre.r - free"), 5, "post.r");
    rejects_text(common_lines + too_early,
                 {"reads \"at_end(update, cell.r)\" in phase \"forward\", before this step has "
                  "made it"});
}
