// Phases that cells begin as before the first step, or as at the end of an earlier phase.
#include "sim/audit/audit.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/sim/engine/plan/optimised_model.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// The phases "forward" of 6 ms, with these keys, and "update" of 4 ms, then further ones.
std::string with_beginning(const std::string& keys, const std::string& lines,
                           const std::string& more = "") {
    std::string text = common_lines + lines;
    const std::string forward = "ms = 6.0", last = "ms = 4.0 }";
    text.replace(text.find(forward), forward.size(), forward + keys);
    return text.replace(text.find(last), last.size(), last + more);
}

// One linear cell that a constant drives with 2 in the phase "forward".
std::string cell_with(const std::string& keys) {
    return "population.cell = { size = 1, activation = \"linear\", " + keys + " }\n" + R"(
synapses.b = { from = "one", to = "cell.soma", during = "forward", init = { constant = 2.0 } }
synapses.W_out = { from = "cell", to = "output.soma", during = "forward", init = { constant = 1.0 } }
)";
}

const std::string begins_at_rest = ", begin = \"rest\"";

// Hidden cells with rates that are drawn, a dendrite that is slow, and a number of their own.
const std::string all_variables = hidden_lines + R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["apical"], tau_ms = { apical = 20.0 }, init = { activated_normal = 1.0 } }
gate.shut = { opens = "hidden.apical", during = [] }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.A = { from = "input", to = "hidden.apical", during = "forward", init = { normal = 0.5 } }
dynamics.counting = { cells = "hidden", state = { a = { at = "cell", init = { normal = 1.0 } } }, equations = ["a += 1", "soma.v += 0.1 * a"] }
rule.plain = { parameters = { rate = 1e-3 }, equations = "w += rate * post.r * pre.r" }
plasticity.recurrent = { rule = "plain", synapses = ["W_in"] }
)";

Approx to_rounding(double expected) { return Approx(expected).epsilon(0.0).margin(1e-15); }

std::vector<std::string> resets_of(const Program& program) {
    std::vector<std::string> all;
    for (const std::string& line : listed(program)) {
        if (line.starts_with("reset ")) all.push_back(line.substr(6));
    }
    return all;
}

}  // namespace

// 2 + (5 - 2) (1 - a)^3, in every step.
TEST_CASE("cells begin a phase as before the first step", "[begin]") {
    const std::string cell = cell_with("alpha = 0.25, init = { constant = 5.0 }");
    SteppedModel sim(model_of_text(with_beginning(", repeat = 3" + begins_at_rest, cell)));
    SteppedModel kept(model_of_text(with_beginning(", repeat = 3, begin = \"keep\"", cell)));
    for (int step = 1; step <= 3; ++step) {
        sim.step();
        kept.step();
        REQUIRE(sim.vector("cell.r")[0] == to_rounding(3.265625));
    }
    REQUIRE(kept.vector("cell.r")[0] == to_rounding(2.0 + 3.0 * std::pow(0.75, 9)));
}

// A step has 10 ms, in which the drive of 2 stays.
TEST_CASE("a slow voltage and what equations keep are set back too", "[begin]") {
    const std::string counting = R"(
dynamics.counting = { cells = "cell", state = { a = { at = "cell", init = { constant = 2.0 } } }, equations = "a += 1" }
)";
    const std::string lines = cell_with("tau_ms = { soma = 40.0 }") + counting;
    SteppedModel sim(model_of_text(with_beginning(begins_at_rest, lines)));
    for (int step = 1; step <= 3; ++step) {
        sim.step();
        REQUIRE(sim.vector("cell.soma.v")[0] == to_rounding(2.0 * (1.0 - std::exp(-10.0 / 40.0))));
        REQUIRE(sim.vector("cell.a")[0] == 3.0);
    }
    SteppedModel kept(model_of_text(with_beginning("", lines)));
    kept.step(3);
    REQUIRE(kept.vector("cell.a")[0] == 5.0);
}

// r = 1 at the end of "forward", 3.5 of "update", 1 again; then 1.5, 3.75, 1.5.
TEST_CASE("cells begin a phase as at the end of an earlier one", "[begin]") {
    const std::string lines = cell_with("alpha = 0.5") + R"(
synapses.high = { from = "one", to = "cell.soma", during = "update", init = { constant = 6.0 } }
)";
    SteppedModel sim(model_of_text(
        with_beginning("", lines, ", { name = \"third\", ms = 1.0, begin = \"forward\" }")));
    for (const double expected : {1.0, 1.5}) {
        const std::int64_t step = sim.scheduler.step() + 1;
        sim.scheduler.run_phases();
        REQUIRE(sim.vector("cell.r")[0] == expected);
        REQUIRE(sim.vector("output.r")[0] == expected);
        sim.scheduler.run_to(step);
    }
    const std::vector<std::string> resets = resets_of(sim.model.program);
    REQUIRE(std::find(resets.begin(), resets.end(), "cell.r = at_end(forward, cell.r)") !=
            resets.end());
}

TEST_CASE("rest is what was drawn before the first step, of all but what the task gives",
          "[begin]") {
    const std::string text = with_beginning(begins_at_rest, all_variables);
    SteppedModel sim(model_of_text(text)), none(small_model(all_variables));
    REQUIRE(sim.vector("hidden.r") == none.vector("hidden.r"));
    const Vector r = sim.vector("hidden.r"), a = sim.vector("hidden.a");
    REQUIRE(sim.vector("rest(hidden.r)") == r);
    REQUIRE(sim.vector("rest(hidden.a)") == a);
    sim.step(4);
    REQUIRE(sim.vector("rest(hidden.r)") == r);
    REQUIRE(sim.vector("hidden.a") == a + Vector::Ones(5));
    std::vector<std::string> resets = resets_of(sim.model.program);
    std::sort(resets.begin(), resets.end());
    REQUIRE(resets == std::vector<std::string>{"hidden.a = rest(hidden.a)",
                                               "hidden.apical.drive = 0", "hidden.apical.v = 0",
                                               "hidden.r = rest(hidden.r)", "hidden.soma.v = 0",
                                               "output.r = 0", "output.soma.v = 0"});
}

TEST_CASE("a run that sets cells back is performed, held to its text and resumed as others are",
          "[begin][fuse][verify][checkpoint]") {
    const TemporaryFolder folder;
    const std::string text = with_beginning(", repeat = 2" + begins_at_rest, all_variables);
    const Model model = saved_model(folder.write("rest.toml", text), folder / "whole.h5");
    REQUIRE_FALSE(verify_text_rules(model, 10, 1e-12).first());
    SteppedModel plain(load_model(folder / "rest.toml", {"population.hidden.size=6"}));
    same_by_passes(model, plain, 9, 9);
    run_model(model);
    const std::string killed = folder / "killed.h5";
    leave_killed(model.output, 26, killed);
    resumed(killed, 2);
    REQUIRE(content_of(killed) == content_of(model.output));
}

TEST_CASE("the audit takes cells that are set back for what they are, and says so",
          "[begin][audit]") {
    const Audit verdict = audit(model_of_text(with_beginning(begins_at_rest, all_variables)));
    CHECK(verdict.meets("i"));
    CHECK(verdict.meets("iii"));
    const auto found =
        std::find_if(verdict.beyond.begin(), verdict.beyond.end(),
                     [](const Finding& one) { return one.criterion == Criterion::set_back; });
    REQUIRE(found != verdict.beyond.end());
    CHECK(found->subject == "forward");
    CHECK(found->further == 6);
}

TEST_CASE("a wrong beginning of a phase is rejected at its place", "[begin]") {
    const std::string cell = cell_with("alpha = 0.5");
    rejects_text(with_beginning(", begin = @\"ret\"", cell),
                 {"no beginning of a phase \"ret\"", "keep, rest, forward, update",
                  "Did you mean \"rest\"?"});
    rejects_text(with_beginning(", begin = @\"forward\"", cell),
                 {"phase \"forward\" begins as \"forward\" ends, which it is itself"});
    rejects_text(with_beginning(", begin = @\"update\"", cell),
                 {"phase \"forward\" begins as \"update\" ends, which comes later in the step",
                  "an earlier phase"});
    rejects_text(with_beginning(", begin = @true", cell), {"phase.begin"});
}

TEST_CASE("numbers that cells have from the start are not set back", "[begin][activation]") {
    const std::string numbers = hidden_lines + R"toml(
activation.own = { parameters = { theta = { normal = 0.1 } }, equation = "tanh(x - theta)" }
population.hidden = { size = 5, activation = "own", alpha = { uniform = [0.2, 0.8] }, bias = { normal = 0.5 }, tau_ms = { soma = { uniform = [10.0, 30.0] } } }
)toml";
    const Model model = model_of_text(with_beginning(begins_at_rest, numbers));
    for (const std::string& line : resets_of(model.program))
        CHECK_THAT(line, !Catch::Contains("theta") && !Catch::Contains("bias") &&
                             !Catch::Contains("alpha") && !Catch::Contains("tau_ms"));
    CHECK(resets_of(model.program).size() >= 3);  // a voltage, its drive, a rate
    const Audit verdict = audit(model);
    CHECK(verdict.meets("i"));
    CHECK(verdict.meets("iii"));
}
