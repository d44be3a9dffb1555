// Phases that are carried out in iterations: closed forms, who takes place in each and who once,
// the clock, and that one iteration is a phase as ever.
#include "sim/command_line/describe.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/sim/engine/plan/optimised_model.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/simulation/run_events.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// The phase "forward", with keys of its own, of 6 ms an iteration, and "update" of 4 ms.
std::string with_forward(const std::string& keys, const std::string& lines) {
    std::string text = common_lines + lines;
    const std::string forward = "name = \"forward\", ms = 6.0";
    return text.replace(text.find(forward), forward.size(), forward + keys);
}

Model repeated_forward(int times, const std::string& lines) {
    return model_of_text(with_forward(fmt::format(", repeat = {}", times), lines));
}

// One linear cell that a constant drives with 2.
std::string relaxing_cell(const std::string& keys) {
    return "population.cell = { size = 1, activation = \"linear\", " + keys + " }\n" + R"(
synapses.b = { from = "one", to = "cell.soma", during = "forward", init = { constant = 2.0 } }
synapses.W_out = { from = "cell", to = "output.soma", during = "forward", init = { constant = 1.0 } }
)";
}

// A linear cell that fires w, taught to fire 1.
std::string taught_in(const std::string& each) {
    return R"(
population.cell = { size = 1, activation = "linear" }
synapses.w = { from = "one", to = "cell.soma", during = "forward", init = { constant = 0.0 } }
synapses.W_out = { from = "cell", to = "output.soma", during = "forward", init = { constant = 1.0 } }
rule.approach = { parameters = { rate = 0.1 }, equations = "w += rate * (1 - post.r) * pre.r" }
plasticity.learning = { rule = "approach", synapses = ["w"], during = "forward")" +
           each + " }\n";
}

const std::string of_iterations = ", each = \"iteration\"";

// Cells that adapt and learn in the phase "forward": by traces, and by a product of rates.
std::string learning_in(const std::string& each) {
    return hidden_lines + R"(
population.hidden = { size = 5, alpha = 0.5, init = { activated_normal = 1.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
dynamics.adaptation = { cells = "hidden", parameters = { tau_ms = 50.0 }, state = { a = "cell" }, equations = ["da/dt = (r - a) / tau_ms", "soma.v += -0.3 * a"] }
rule.traced = { parameters = { rate = 1e-3, tau_ms = 50.0 }, state = { trace = "synapse" }, equations = ["dtrace/dt = (post.r * pre.r - trace) / tau_ms", "w += rate * trace"] }
rule.plain = { parameters = { rate = 1e-3 }, equations = "w -= rate * post.r * pre.r" }
plasticity.recurrent = { rule = "traced", synapses = ["W_rec", "W_in"], during = "forward")" +
           each + R"( }
plasticity.readout = { rule = "plain", synapses = ["W_out"], during = "forward")" +
           each + " }\n";
}

}  // namespace

// r <- (1 - a) r + a 2, K times: 2 (1 - (1 - a)^K).
TEST_CASE("a cell relaxes by all iterations of a phase", "[iterations]") {
    SteppedModel five(repeated_forward(5, relaxing_cell("alpha = 0.25")));
    five.step();
    REQUIRE(five.vector("cell.r")[0] == as_closed_form(1.525390625));
    REQUIRE(five.vector("output.soma.v")[0] == as_closed_form(1.525390625));
    five.step();  // (1 - a)^10 is left
    REQUIRE(five.vector("cell.r")[0] == as_closed_form(1.8873729705810547));
}

// v(t + K T) = I + (v(t) - I) exp(-K T / tau), with I = 2, T = 6 and tau = 40; the 4 ms of
// "update", in which the drive stays, pass too.
TEST_CASE("a slow voltage relaxes for the time of all iterations", "[iterations]") {
    SteppedModel four(repeated_forward(4, relaxing_cell("tau_ms = { soma = 40.0 }")));
    four.step();
    REQUIRE(four.vector("cell.soma.v")[0] == as_closed_form(2.0 * (1.0 - std::exp(-28.0 / 40.0))));
    REQUIRE(four.model.circuit.step_ms() == 28.0);
}

// w <- w + 0.1 (1 - w) makes 1 - 0.9^5 in five iterations, and 0.1 in one.
TEST_CASE("a rule acts once behind the last iteration, or in each", "[iterations]") {
    SteppedModel once(repeated_forward(5, taught_in(""))),
        each(repeated_forward(5, taught_in(of_iterations)));
    for (SteppedModel* sim : {&once, &each}) sim->step();
    REQUIRE(once.vector("w")[0] == as_closed_form(0.1));
    REQUIRE(once.vector("cell.r")[0] == 0.0);
    REQUIRE(each.vector("w")[0] == as_closed_form(0.40951));
    // What the cell fired before the last change.
    REQUIRE(each.vector("cell.r")[0] == as_closed_form(0.3439));
    once.step();
    each.step();
    REQUIRE(once.vector("w")[0] == as_closed_form(0.19));
    REQUIRE(each.vector("w")[0] == as_closed_form(0.6513215599));  // 1 - 0.9^10
    SteppedModel step(repeated_forward(5, taught_in(", each = \"step\"")));
    step.step(2);
    REQUIRE(step.vector("w")[0] == once.vector("w")[0]);
}

TEST_CASE("the listing and the schedule say what is iterated", "[iterations]") {
    const Model once = repeated_forward(5, taught_in("")),
                each = repeated_forward(5, taught_in(of_iterations));
    const auto is_iterated = Catch::EndsWith(", in each of 5 iterations");
    for (const char* of_circuit : {"synapses.", "population.cell", "population.output"}) {
        REQUIRE_FALSE(listed(once.program, of_circuit).empty());
        for (const std::string& line : listed(once.program, of_circuit))
            REQUIRE_THAT(line, is_iterated);
    }
    for (const std::string& line : listed(once.program, "population.input"))
        REQUIRE_THAT(line, !is_iterated);
    for (const std::string& line : listed(once.program, "plasticity"))
        REQUIRE_THAT(line, !is_iterated);
    for (const std::string& line : listed(each.program, "plasticity"))
        REQUIRE_THAT(line, is_iterated);
    REQUIRE_THAT(describe_model(once), Catch::Contains("30 ms  forward    5 iterations of 6 ms\n"));
}

TEST_CASE("one iteration is a phase as ever, to the last bit", "[iterations]") {
    const std::string lines = learning_in("");
    SteppedModel one(repeated_forward(1, lines)), none(small_model(lines));
    REQUIRE(listing(one.model.program) == listing(none.model.program));
    for (int step = 1; step <= 20; ++step) {
        one.step();
        none.step();
        REQUIRE(same_bits(one.numbers(), none.numbers()));
    }
}

TEST_CASE("iterations are no events: a phase begins and ends once, at the time of all",
          "[iterations][events]") {
    SteppedModel sim(repeated_forward(20, taught_in("")));
    sim.step(3);
    REQUIRE(sim.scheduler.events() == 6 * 3);
    REQUIRE(sim.model.circuit.phase_end_ms() == std::vector<double>{120.0, 124.0});
}

// As the program is listed, operation by operation, and by the plan of a run.
TEST_CASE("a fused plan iterates as the listed operations do", "[iterations][fuse]") {
    const std::string each = GENERATE("", ", each = \"iteration\"");
    const std::string lines = learning_in(each);
    const Model model = repeated_forward(4, lines);
    SteppedModel plain(repeated_forward(4, lines));
    same_by_passes(model, plain, 12, 3);
}

TEST_CASE("rules and cells of iterations are held to their text", "[iterations][verify]") {
    const std::string each = GENERATE("", ", each = \"iteration\"");
    for (const std::string& lines : {taught_in(each), learning_in(each)}) {
        const Differences found = verify_text_rules(repeated_forward(3, lines), 20, 1e-12);
        INFO((found.first() ? found.first()->symbol : ""));
        REQUIRE_FALSE(found.first());
    }
}

TEST_CASE("a wrong number of iterations is rejected at its place", "[iterations]") {
    const std::string expected = "a whole number from 1 to 100000";
    for (const char* repeat : {"@0", "@-1", "@2.5", "@100_001", "@\"2\""}) {
        INFO(repeat);
        rejects_text(with_forward(fmt::format(", repeat = {}", repeat), taught_in("")),
                     {"phase.repeat", expected});
    }
    std::string long_one = with_forward(", repeat = @100_000", taught_in(""));
    const std::size_t ms = long_one.find("6.0");
    rejects_text(long_one.replace(ms, 3, "1001.0"),
                 {"100000 iterations of 1001 ms", "expected at most 100000000 ms"});
    rejects_text(with_forward(", @repaet = 3", taught_in("")),
                 {"\"repaet\"", "Did you mean \"repeat\"?"});
    rejects_text(with_forward(", repeat = 3", taught_in(", each = @\"iterations\"")),
                 {"\"iterations\"", "step, iteration", "Did you mean \"iteration\"?"});
}

TEST_CASE("what needs one step of the cells rejects iterations of them", "[iterations]") {
    const std::string rtrl = hidden_lines + R"(
population.hidden = { size = 5, dendrites = ["feedback"] }
population.error.role = "error"
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.B = { from = "error", to = "hidden.feedback", during = "update", init = { normal = 0.5 } }
plasticity.recurrent = { rule = "rtrl", synapses = ["W_rec", "W_in"], credit = "hidden.feedback", rate = 0.01 }
)";
    std::string text = with_forward(", repeat = 2", rtrl);
    text.insert(text.find("{ name = \"forward\""), "@");
    rejects_text(text, {"rule \"rtrl\" needs phases that are carried out once a step",
                        "phase \"forward\" has repeat = 2"});
    const std::string copy = R"(
synapses.C = { from = "one", to = "cell.soma", during = "forward", init = { constant = 0.0 } }
plasticity.copying = { rule = "copy", synapses = ["C"], of = ["w"], every = 5, during = "forward", each = @"iteration" }
)";
    rejects_text(with_forward(", repeat = 2", taught_in("") + copy),
                 {"rule \"copy\" is no equations and acts once a step"});
}
