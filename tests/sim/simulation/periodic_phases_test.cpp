// Phases that are carried out in some steps: closed forms, what passes in the others.
#include "sim/audit/audit.hpp"
#include "sim/command_line/describe.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/sim/engine/plan/optimised_model.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// The phases "forward" of 6 ms and "update" of 4 ms, with these keys.
std::string in_steps(const std::string& of_forward, const std::string& lines,
                     const std::string& of_update = "") {
    std::string text = common_lines + lines;
    const std::string forward = "ms = 6.0", update = "ms = 4.0";
    text.replace(text.find(forward), forward.size(), forward + of_forward);
    return text.replace(text.find(update), update.size(), update + of_update);
}

// One linear cell that a constant drives with 2 in the phase "forward", and that is read in
// "update".
std::string cell_in_forward(const std::string& keys) {
    return "population.cell = { size = 1, activation = \"linear\", " + keys + " }\n" + R"(
synapses.b = { from = "one", to = "cell.soma", during = "forward", init = { constant = 2.0 } }
synapses.W_out = { from = "cell", to = "output.soma", during = "update", init = { constant = 1.0 } }
)";
}

const std::string window_of_steps = ", steps = { period = 5, first = 1, last = 2 }";

// Cells that fire and learn in "forward", adapt and learn in "update".
const std::string learning_in_update = hidden_lines + R"toml(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["apical"], tau_ms = { apical = 20.0 }, init = { activated_normal = 1.0 } }
gate.shut = { opens = "hidden.apical", during = [] }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.A = { from = "input", to = "hidden.apical", during = "update", init = { normal = 0.5 } }
dynamics.counting = { cells = "hidden", during = "update", state = { a = "cell" }, equations = "a += 0.5 * (apical.v - a)" }
rule.plain = { parameters = { rate = 1e-3 }, equations = "w += rate * post.r * pre.r" }
plasticity.recurrent = { rule = "plain", synapses = ["W_rec"], during = "forward" }
plasticity.input = { rule = "plain", synapses = ["W_in"], during = "update" }
)toml";

Approx near_closed_form(double expected) { return Approx(expected).epsilon(0.0).margin(1e-15); }

}  // namespace

// 2 (1 - (1 - a)^n) after n steps that carry the phase out: 3 and 6; 2, 3, 7 and 8.
TEST_CASE("a phase is carried out in the last step of so many, or in a stretch of them",
          "[periodic]") {
    const std::string cell = cell_in_forward("alpha = 0.25");
    SteppedModel third(model_of_text(in_steps(", every = 3", cell)));
    SteppedModel stretch(model_of_text(in_steps(window_of_steps, cell)));
    const int thirds[] = {0, 0, 1, 1, 1, 2, 2, 2, 3}, stretches[] = {0, 1, 2, 2, 2, 2, 3, 4, 4};
    for (std::size_t step = 0; step < 9; ++step) {
        INFO("step " << step + 1);
        third.step();
        stretch.step();
        REQUIRE(third.vector("cell.r")[0] ==
                near_closed_form(2.0 * (1.0 - std::pow(0.75, thirds[step]))));
        REQUIRE(stretch.vector("cell.r")[0] ==
                near_closed_form(2.0 * (1.0 - std::pow(0.75, stretches[step]))));
    }
    REQUIRE(third.scheduler.events() == 6 * 9);
}

// The drive of 2 comes in step 2, and the cell fires behind its first 6 ms; 10 ms pass in each
// step.
TEST_CASE("in a skipped phase voltages with a time constant relax", "[periodic]") {
    SteppedModel sim(
        model_of_text(in_steps(", every = 2", cell_in_forward("tau_ms = { soma = 40.0 }"))));
    for (const double ms : {0.0, 10.0, 20.0}) {
        sim.step();
        REQUIRE(sim.vector("cell.soma.v")[0] ==
                near_closed_form(2.0 * (1.0 - std::exp(-ms / 40.0))));
    }
    REQUIRE(sim.vector("cell.r")[0] == near_closed_form(2.0 * (1.0 - std::exp(-6.0 / 40.0))));
}

TEST_CASE("rules of a skipped phase do not act, and others do", "[periodic]") {
    SteppedModel sim(model_of_text(in_steps("", learning_in_update, window_of_steps)));
    for (int step = 1; step <= 10; ++step) {
        INFO("step " << step);
        const Matrix W_in = sim.matrix("W_in"), W_rec = sim.matrix("W_rec");
        const Vector a = sim.vector("hidden.a");
        sim.step();
        const bool is_carried_out = step % 5 == 2 || step % 5 == 3;
        const bool has_input = !sim.vector("input.r").isZero(0.0);
        REQUIRE((sim.matrix("W_in") != W_in) == (is_carried_out && has_input));
        REQUIRE((sim.vector("hidden.a") != a) == is_carried_out);
        REQUIRE(sim.matrix("W_rec") != W_rec);
    }
}

TEST_CASE("the loss is that of the last step in which the output fired", "[periodic]") {
    const std::string lines = hidden_lines + "population.hidden = { size = 4 }\n";
    SteppedModel each(model_of_text(in_steps("", lines)));
    SteppedModel second(
        model_of_text(in_steps(", steps = { period = 2, first = 0, last = 0 }", lines)));
    double last = 0.0;
    for (int step = 1; step <= 6; ++step) {
        each.step();
        second.step();
        if (step % 2 == 1) last = each.scheduler.loss();
        REQUIRE(second.scheduler.loss() == last);
    }
}

TEST_CASE("every step is a phase as ever, and the listing says which steps", "[periodic]") {
    const std::string cell = cell_in_forward("alpha = 0.25");
    const std::string plain = listing(model_of_text(in_steps("", cell)).program);
    for (const char* keys : {", every = 1", ", steps = { period = 1 }"})
        REQUIRE(listing(model_of_text(in_steps(keys, cell)).program) == plain);
    const Model third = model_of_text(in_steps(", every = 3", cell)),
                stretch = model_of_text(in_steps(window_of_steps, cell)),
                half = model_of_text(in_steps(", steps = { period = 4, first = 2 }", cell));
    REQUIRE_THAT(listed(third.program, "synapses.b").front(), Catch::EndsWith(", every 3 steps"));
    REQUIRE_THAT(listed(stretch.program, "synapses.b").front(),
                 Catch::EndsWith(", in steps 1 to 2 of every 5"));
    REQUIRE_THAT(listed(half.program, "synapses.b").front(),
                 Catch::EndsWith(", in steps 2 to 3 of every 4"));
    REQUIRE_THAT(describe_model(stretch),
                 Catch::Contains("forward    in steps 1 to 2 of every 5\n"));
}

TEST_CASE("a run with such phases is performed, held to its text and resumed as others are",
          "[periodic][fuse][verify][checkpoint]") {
    const TemporaryFolder folder;
    const Model model = saved_model(
        folder.write("periodic.toml", in_steps("", learning_in_update, window_of_steps)),
        folder / "whole.h5");
    REQUIRE_FALSE(verify_text_rules(model, 12, 1e-12).first());
    SteppedModel plain(load_model(folder / "periodic.toml", {"population.hidden.size=6"}));
    same_by_passes(model, plain, 16, 4);
    run_model(model);
    const std::string killed = folder / "killed.h5";
    for (const std::int64_t step : {13, 26}) {
        leave_killed(model.output, step, killed);
        resumed(killed, 2);
        REQUIRE(content_of(killed) == content_of(model.output));
    }
}

TEST_CASE("what a periodic phase makes is not online where it is used between",
          "[periodic][audit]") {
    const std::string cell = cell_in_forward("alpha = 0.25");
    REQUIRE(audit(model_of_text(in_steps("", cell))).meets("online"));
    REQUIRE_FALSE(audit(model_of_text(in_steps(", every = 3", cell))).meets("online"));
    // In the same steps it is used as it is made.
    REQUIRE(audit(model_of_text(in_steps(", every = 3", cell, ", every = 3"))).meets("online"));
    REQUIRE_FALSE(
        audit(model_of_text(in_steps(window_of_steps, cell, ", every = 5"))).meets("online"));
}

TEST_CASE("wrong steps of a phase are rejected at their place", "[periodic]") {
    const std::string cell = cell_in_forward("alpha = 0.25");
    rejects_text(in_steps(", every = @0", cell), {"phase.every", "a whole number from 1"});
    rejects_text(in_steps(", every = @2, steps = { period = 2 }", cell),
                 {"phase \"forward\" has every and steps; expected one"});
    rejects_text(in_steps(", steps = { period = 5, last = @5 }", cell),
                 {"phase.steps.last is 5; expected a step of the period, 0 to 4"});
    rejects_text(in_steps(", steps = { period = 5, first = @7 }", cell),
                 {"phase.steps.first is 7; expected a step of the period, 0 to 4"});
    rejects_text(in_steps(", steps = { period = 5, first = 3, last = @2 }", cell),
                 {"phase.steps.last is 2, before the first, 3; expected 3 to 4"});
    rejects_text(in_steps(", steps = { period = 5, @frist = 3 }", cell),
                 {"\"frist\"", "Did you mean \"first\"?"});
}
