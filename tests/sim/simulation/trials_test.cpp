// Runs in trials: how long they are, what they begin with, and what happens in their windows alone.
#include "sim/audit/audit.hpp"
#include "sim/numbers/random.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/simulation/trial_clock.hpp"
#include "tests/sim/engine/plan/optimised_model.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// One linear cell that approaches a constant drive of 2 by a quarter in each step, and an output
// that carries what it fired a step ago.
const std::string cell_in_trials = R"(
population.cell = { size = 1, activation = "linear", alpha = 0.25, init = { constant = 5.0 } }
synapses.b = { from = "one", to = "cell.soma", during = "forward", init = { constant = 2.0 } }
synapses.W_out = { from = "cell", to = "output.soma", during = "forward", delay = 1, init = { constant = 1.0 } }
)";

const std::string learning_in_trials = hidden_lines + R"(
population.hidden = { size = 5, activation = "tanh", alpha = 0.5, init = { activated_normal = 1.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
rule.traced = { parameters = { rate = 1e-2 }, state = { e = "synapse" }, equations = ["e = 0.8 * e + post.r * pre.r", "w += rate * e"] }
plasticity.recurrent.rule = "traced"
plasticity.recurrent.synapses = ["W_rec", "W_in"]
)";

double approached(double start, int steps) { return 2.0 + (start - 2.0) * std::pow(0.75, steps); }
Approx to_rounding_in_trials(double expected) {
    return Approx(expected).epsilon(0.0).margin(1e-14);
}

// The losses of so many steps.
std::vector<double> losses_in_trials(SteppedModel& sim, int steps) {
    std::vector<double> all;
    for (int k = 0; k < steps; ++k) {
        sim.step();
        all.push_back(sim.scheduler.loss());
    }
    return all;
}

std::vector<double> numbers_in_trials(SteppedModel& sim, const std::string& address, int steps) {
    std::vector<double> all;
    for (int k = 0; k < steps; ++k) {
        sim.step();
        all.push_back(sim.vector(address)[0]);
    }
    return all;
}

}  // namespace

TEST_CASE("traces of inputs begin a trial with 0, as those of other cells do", "[trials]") {
    SteppedModel sim(small_model(
        hidden_lines +
        "population.hidden = { size = 2 }\ntrial = { steps = 4, reset = \"zero\" }\n"
        "rule.followed = { state = { f = \"pre\" }, equations = [\"f = f + 1 + 0 * pre.r\", "
        "\"w += 0.01 * f\"] }\nplasticity.in = { rule = \"followed\", synapses = [\"W_in\"] }\n"));
    CHECK(numbers_in_trials(sim, "in.f(W_in)", 9) ==
          std::vector<double>{1, 2, 3, 4, 1, 2, 3, 4, 1});
}

TEST_CASE("a trial begins with 0 or what was before the first step or a given value", "[trials]") {
    const auto [reset, start] = GENERATE(table<std::string, double>(
        {{"reset = \"zero\"", 0.0},
         {"reset = \"init\"", 5.0},
         {"values = { \"cell.r\" = 0.125 }", 0.125},
         {"reset = \"zero\", values = { \"cell.r\" = { constant = 0.25 } }", 0.25}}));
    SteppedModel sim(small_model(cell_in_trials + "trial = { steps = 3, " + reset + " }\n"));
    for (int step = 0; step < 9; ++step) {
        sim.step();
        INFO(reset << ", step " << step);
        const int in_trial = step % 3;
        REQUIRE(sim.vector("cell.r")[0] == to_rounding_in_trials(approached(start, in_trial + 1)));
        // What is remembered of the rate begins as the rate does.
        REQUIRE(sim.vector("output.r")[0] == to_rounding_in_trials(approached(start, in_trial)));
    }
}

TEST_CASE("what a model keeps goes on from trial to trial", "[trials]") {
    const auto keep = GENERATE(std::string("keep = [\"cell.r\"], reset = \"zero\""),
                               std::string("reset = \"keep\""));
    SteppedModel sim(small_model(cell_in_trials + "trial = { steps = 3, " + keep + " }\n"));
    for (int step = 1; step <= 7; ++step) {
        sim.step();
        REQUIRE(sim.vector("cell.r")[0] == to_rounding_in_trials(approached(5.0, step)));
    }
}

TEST_CASE("what trials begin with is drawn for each by its number", "[trials]") {
    std::string lines = cell_in_trials;
    const std::string five = "constant = 5.0";
    lines.replace(lines.find(five), five.size(), "normal = 0.5");
    lines.replace(lines.find("size = 1"), 8, "size = 3");
    SteppedModel sim(small_model(lines + "trial = { steps = 2, reset = \"draw\" }\n"));
    const Stream stream(3, "reset/cell.r");
    for (std::uint64_t trial = 0; trial < 4; ++trial) {
        sim.step();
        for (int i = 0; i < 3; ++i) {
            const double start = 0.5 * stream.normal(trial, static_cast<std::uint64_t>(i));
            REQUIRE(sim.vector("cell.r")[i] == to_rounding_in_trials(approached(start, 1)));
        }
        sim.step();
    }
}

// Steps 0 to 3, a gap of 2: windows [1, 3), the last step, and from the second on.
TEST_CASE("windows open in their steps of each trial and in no gap", "[trials]") {
    const std::string trial =
        "trial = { steps = 4, gap = 2, window = { cue = { from = 1, to = 3 }, last = { from = -1 "
        "}, late = { from = 1 } } }\n";
    SteppedModel cue(small_model(cell_in_trials + trial)),
        last(small_model(cell_in_trials + trial)), late(small_model(cell_in_trials + trial)),
        begins(small_model(cell_in_trials + trial)), input(small_model(cell_in_trials + trial));
    using Numbers = std::vector<double>;
    CHECK(numbers_in_trials(cue, "window.cue", 8) == Numbers{0, 1, 1, 0, 0, 0, 0, 1});
    CHECK(numbers_in_trials(last, "window.last", 8) == Numbers{0, 0, 0, 1, 0, 0, 0, 0});
    CHECK(numbers_in_trials(late, "window.late", 8) == Numbers{0, 1, 1, 1, 0, 0, 0, 1});
    CHECK(numbers_in_trials(begins, "trial.begins", 8) == Numbers{1, 0, 0, 0, 0, 0, 1, 0});
    // The task goes on behind the gap where it was, and shows nothing in it.
    SteppedModel whole(small_model(cell_in_trials));
    std::vector<Vector> shown;
    for (int step = 0; step < 6; ++step) {
        whole.step();
        shown.push_back(whole.vector("input.r"));
    }
    for (int step = 0; step < 8; ++step) {
        input.step();
        const bool is_gap = step == 4 || step == 5;
        const Vector expected = is_gap
                                    ? Vector(Vector::Zero(3))
                                    : shown[static_cast<std::size_t>(step < 4 ? step : step - 2)];
        REQUIRE(input.vector("input.r") == expected);
        if (is_gap) REQUIRE(input.vector("label.r").cwiseAbs().maxCoeff() == 0.0);
    }
}

TEST_CASE("lengths of trials are drawn by their numbers", "[trials]") {
    const auto [steps, least, most] = GENERATE(
        table<std::string, int, int>({{"{ uniform = [3, 6] }", 3, 6},
                                      {"{ exponential = 2.0, smallest = 2, largest = 7 }", 2, 7}}));
    SteppedModel sim(small_model(cell_in_trials + "trial.steps = " + steps + "\n"));
    const Stream stream(3, "trial/steps");
    for (std::uint64_t trial = 0; trial < 200; ++trial) {
        const double u = stream.uniform(trial, 0);
        const double more = least == 3 ? std::floor(u * 4.0) : std::floor(-2.0 * std::log(u));
        const int length = std::min(most, least + static_cast<int>(more));
        for (int place = 0; place < length; ++place) {
            sim.step();
            REQUIRE(sim.vector("trial.begins")[0] == (place == 0 ? 1.0 : 0.0));
            REQUIRE(sim.vector("trial.ends")[0] == (place + 1 == length ? 1.0 : 0.0));
        }
    }
}

TEST_CASE("the loss counts in its windows alone", "[trials]") {
    const std::string trial =
        "trial = { steps = 4, gap = 1, counts = [\"early\", \"last\"], window = { early = { to = 1 "
        "}, last = { from = -1 } } }\n";
    SteppedModel sim(small_model(cell_in_trials + trial)),
        all(small_model(cell_in_trials + "trial = { steps = 4, gap = 1 }\n"));
    const std::vector<double> found = losses_in_trials(sim, 10), whole = losses_in_trials(all, 10);
    double sum = 0.0;
    for (int step = 0; step < 10; ++step) {
        const auto k = static_cast<std::size_t>(step);
        const int place = step % 5;
        if (place == 0 || place == 3) {
            REQUIRE(found[k] == whole[k]);
            sum += found[k];
        } else {
            REQUIRE(std::isnan(found[k]));
        }
        REQUIRE(std::isnan(whole[k]) == (place == 4));
    }
    CHECK(sim.scheduler.loss_sum() == sum);
    CHECK(sim.scheduler.loss_steps() == 4);
    CHECK(sim.vector("trial.loss")[0] == (found[5] + found[8]) / 2.0);
    CHECK(all.vector("trial.loss")[0] ==
          Approx((whole[5] + whole[6] + whole[7] + whole[8]) / 4.0).epsilon(1e-15));
}

// dL/dv of the output, which is 0 where there is no loss; the label of a gap is 0, the output not.
TEST_CASE("error cells fire where the loss counts alone", "[trials]") {
    const std::string window = GENERATE("", ", counts = [\"late\"], window.late.from = 2");
    const std::string lines =
        "population.error = { role = \"error\", during = \"update\" }\n"
        "plasticity.out = { rule = \"delta\", synapses = [\"W_out\"], rate = 0.25 }\n"
        "trial = { steps = 4, gap = 2" +
        window + " }\n";
    SteppedModel sim(small_model(cell_in_trials + lines));
    int silent = 0;
    for (int step = 0; step < 24; ++step) {
        const double before = sim.vector("W_out")[0], presynaptic = sim.vector("cell.r")[0];
        sim.step();
        const int place = step % 6;
        const double difference = sim.vector("output.r")[0] - sim.vector("label.r")[0];
        REQUIRE(difference != 0.0);
        const bool counts = place < 4 && (window.empty() || place >= 2);
        silent += !counts;
        REQUIRE(sim.vector("error.r")[0] == (counts ? difference : 0.0));
        const double change = counts ? -0.25 * difference * presynaptic : 0.0;
        REQUIRE(sim.vector("W_out")[0] == to_rounding_in_trials(before + change));
    }
    CHECK(silent == (window.empty() ? 8 : 16));
}

// e = 0.8 e + post pre in all steps; W changes in steps 2 and 3 of four.
TEST_CASE("a rule in a window changes strengths there and keeps its traces in all steps",
          "[trials]") {
    const std::string trial = "trial = { steps = 4, window.late.from = 2 }\n";
    SteppedModel sim(
        small_model(learning_in_trials + trial + "plasticity.recurrent.in = \"late\"\n"));
    Matrix e = Matrix::Zero(5, 5), W = sim.matrix("W_rec");
    for (int step = 0; step < 12; ++step) {
        const Vector pre = sim.vector("hidden.r");
        sim.step();
        e = 0.8 * e + sim.vector("hidden.r") * pre.transpose();
        if (step % 4 >= 2) W += 1e-2 * e;
        REQUIRE(distance(sim.matrix("e(W_rec)"), e) < 1e-14);
        REQUIRE(distance(sim.matrix("W_rec"), W) < 1e-14);
    }
}

TEST_CASE("what rules keep is 0 where a trial begins and may be kept", "[trials]") {
    const auto [keys, is_kept] =
        GENERATE(table<std::string, bool>({{"traces = \"zero\"", false},
                                           {"reset = \"init\"", false},
                                           {"reset = \"init\", traces = \"keep\"", true},
                                           {"traces = \"zero\", keep = [\"e(W_rec)\"]", true},
                                           {"reset = \"keep\"", true}}));
    SteppedModel sim(small_model(learning_in_trials + "trial = { steps = 3, " + keys + " }\n"));
    sim.step(3);
    const Matrix before = sim.matrix("e(W_rec)");
    // What the cells fired, as the trace takes it.
    const Vector last = sim.vector("hidden.r"), start = sim.vector("previous(hidden.r)");
    REQUIRE(last == start);
    sim.step();
    const bool begins_anew = keys.find("init") != std::string::npos;
    const Vector pre = begins_anew ? sim.vector("rest(hidden.r)") : last;
    const Matrix added = sim.vector("hidden.r") * pre.transpose();
    INFO(keys);
    CHECK(distance(sim.matrix("e(W_rec)"), (is_kept ? 0.8 : 0.0) * before + added) < 1e-15);
}

// Where what begins a trial was there before the first step, all trials of one input are alike.
TEST_CASE("trials of one step that begin with 0 have no memory", "[trials]") {
    std::string without = learning_in_trials;
    const std::string recurrent = "delay = 1, init = { normal = 0.5 }";
    without.replace(without.find(recurrent), recurrent.size(),
                    "delay = 1, init = { constant = 0.0 }");
    without.erase(without.find("plasticity"));
    std::string with = learning_in_trials;
    with.erase(with.find("plasticity"));
    SteppedModel sim(small_model(with + "trial = { steps = 1, reset = \"zero\" }\n")),
        none(small_model(without + "trial = { steps = 1, reset = \"zero\" }\n"));
    for (int step = 0; step < 20; ++step) {
        sim.step();
        none.step();
        REQUIRE(sim.vector("hidden.r") == none.vector("hidden.r"));
        REQUIRE(sim.scheduler.loss() == none.scheduler.loss());
    }
}

TEST_CASE("wires gates noise and phases are narrowed to a window", "[trials]") {
    const std::string trial = "trial = { steps = 3, window.mid = { from = 1, to = 2 } }\n";
    SECTION("a wire") {
        SteppedModel sim(small_model(cell_in_trials + trial + R"(
population.other = { size = 1, activation = "linear" }
wire.on = { from = "cell", to = "other.soma", gain = 3.0, during = "forward", in = "mid" }
)"));
        for (int step = 0; step < 6; ++step) {
            sim.step();
            const double expected = step % 3 == 1 ? 3.0 * sim.vector("cell.r")[0] : 0.0;
            REQUIRE(sim.vector("other.r")[0] == expected);
        }
    }
    SECTION("a gate") {
        SteppedModel sim(small_model(cell_in_trials + trial + R"(
population.other = { size = 1, activation = "linear", dendrites = ["apical"] }
gate.on = { opens = "other.apical", during = "update", in = "mid" }
synapses.A = { from = "one", to = "other.apical", during = "update", init = { constant = 2.0 } }
synapses.B = { from = "one", to = "other.soma", during = "forward", init = { constant = 1.0 } }
gate.soma = { opens = "other.soma", during = "forward" }
)"));
        for (int step = 0; step < 6; ++step) {
            sim.step();
            REQUIRE(sim.vector("other.apical.r")[0] == (step % 3 == 1 ? 2.0 : 0.0));
            REQUIRE(sim.vector("other.r")[0] == 1.0);
        }
    }
    SECTION("noise") {
        SteppedModel sim(small_model(cell_in_trials + trial + R"(
noise.wobble = { into = "output.soma", sd = 1.0, in = "mid" }
)")),
            none(small_model(cell_in_trials + trial));
        for (int step = 0; step < 6; ++step) {
            sim.step();
            none.step();
            const bool is_same = sim.vector("output.r") == none.vector("output.r");
            REQUIRE(is_same == (step % 3 != 1));
            if (step % 3 == 1)
                REQUIRE(sim.vector("output.r") ==
                        none.vector("output.r") + sim.vector("noise.wobble"));
        }
    }
    SECTION("a phase") {
        const std::string text = with_phases(
            common_lines + cell_in_trials + trial,
            R"(phase = [{ name = "forward", ms = 6.0, in = "mid" }, { name = "update", ms = 4.0 }])");
        SteppedModel sim(model_of_text(text));
        double loss = 0.0;
        for (int step = 0; step < 7; ++step) {
            sim.step();
            const int carried_out = (step + 2) / 3;
            REQUIRE(sim.vector("cell.r")[0] == to_rounding_in_trials(approached(5.0, carried_out)));
            if (step % 3 == 1) loss = sim.scheduler.loss();
            if (step > 0) REQUIRE(sim.scheduler.loss() == loss);
        }
        CHECK(sim.scheduler.loss_steps() == 2);
    }
}

TEST_CASE("a run in trials is performed by passes as by single operations", "[trials][fuse]") {
    const std::string trial =
        "trial = { steps = 7, gap = 2, reset = \"init\", window.late.from = 4 }\n";
    const std::string in =
        GENERATE(std::string(), std::string("plasticity.recurrent.in = \"late\"\n"),
                 std::string("plasticity.recurrent.apply = \"trial\"\n"));
    SteppedModel plain(small_model(learning_in_trials + trial + in));
    const Model& model = plain.model;
    same_by_passes(model, plain, 40, 40);
}

// Checkpoints in the middle of a trial, at the end of one, and in a gap.
TEST_CASE("a run that is killed within a trial is resumed with the same bytes",
          "[trials][checkpoint]") {
    const TemporaryFolder folder;
    const std::string text =
        common_lines + learning_in_trials +
        "trial = { steps = { uniform = [4, 9] }, gap = 3, reset = \"draw\", values = { "
        "\"output.r\" = { normal = 1.0 } }, window.late.from = -2, counts = \"late\" }\n"
        "plasticity.recurrent.apply = \"batch\"\nbatch.trials = 2\n";
    std::string drawn = text;
    const std::string activated = "activated_normal = 1.0";
    drawn.replace(drawn.find(activated), activated.size(), "normal = 1.0");
    const Model model = saved_model(folder.write("trials.toml", drawn), folder / "whole.h5");
    CHECK(model.steps >= 60);
    run_model(model);
    for (const std::int64_t step : {13, 26, 39}) {
        const std::string killed = folder / "killed.h5";
        leave_killed(model.output, step, killed);
        resumed(killed, step == 26 ? 2 : 1);
        REQUIRE(content_of(killed) == content_of(model.output));
    }
}

TEST_CASE("what is recorded changes nothing in a run of trials", "[trials]") {
    const std::string lines =
        learning_in_trials + "trial = { steps = { uniform = [2, 6] }, reset = \"init\" }\n";
    SteppedModel sim(small_model(lines));
    const TemporaryFolder folder;
    Model recorded = load_model(folder.write("m.toml", common_lines + lines),
                                {"run.steps=50", "record={ all = { what = \"*\", every = 3 } }"});
    recorded.output = folder / "recorded.h5";
    const RunSummary summary = run_model(recorded);
    sim.step(summary.steps);
    CHECK(summary.steps >= 50);
    const StoredRun run(recorded.output);
    const StoredQuantity& strengths = run.find("W_rec");
    const Matrix W = sim.matrix("W_rec");
    CHECK(same_bits(run.read(strengths, strengths.rows - 1, 1), {W.data(), W.data() + W.size()}));
    const StoredQuantity& losses = run.find("trial.loss");
    CHECK(run.read(losses, losses.rows - 1, 1)[0] == sim.vector("trial.loss")[0]);
}

TEST_CASE("a run ends with a trial", "[trials]") {
    const std::string trial = cell_in_trials + "trial = { steps = 7, gap = 2 }\n";
    CHECK(small_model(trial, {"run.steps=7"}).steps == 7);
    CHECK(small_model(trial, {"run.steps=8"}).steps == 16);
    CHECK(small_model(trial, {"run.steps=16"}).steps == 16);
    std::string by_trials = common_lines + trial;
    const std::string steps = "steps = 1_000_000";
    by_trials.replace(by_trials.find(steps), steps.size(), "trials = 5");
    const Model model = model_of_text(by_trials);
    CHECK(model.steps == 5 * 7 + 4 * 2);
    CHECK(model.resolved.find("steps = 43") != std::string::npos);
    CHECK(model_of_text(model.resolved).steps == 43);
}

TEST_CASE("resets of trials change no verdict and are reported", "[trials][audit]") {
    const Audit with = audit(
                    small_model(learning_in_trials + "trial = { steps = 7, reset = \"init\" }\n")),
                without = audit(small_model(learning_in_trials));
    REQUIRE(with.findings.size() == without.findings.size());
    for (std::size_t k = 0; k < with.findings.size(); ++k) {
        CHECK(with.findings[k].criterion == without.findings[k].criterion);
        CHECK(with.findings[k].because == without.findings[k].because);
    }
    std::vector<std::string> subjects;
    for (const Finding& one : with.beyond) {
        if (one.criterion == Criterion::set_back) subjects.push_back(one.subject);
    }
    CHECK(subjects == std::vector<std::string>{"trial", "trial of traces"});
}

TEST_CASE("what is wrong of trials is told where it stands", "[trials]") {
    const std::string lines = common_lines + learning_in_trials;
    rejects_text(lines + "trial = @{ gap = 3 }\n",
                 {"[trial] needs the key \"steps\"", "no trials of its own"});
    rejects_text(
        lines +
            "trial = { steps = 5, window.cue = { to = 3 } }\nplasticity.recurrent.in = @\"cu\"\n",
        {"[plasticity.recurrent] is in \"cu\"", "windows of a trial are cue",
         "Did you mean \"cue\"?"});
    rejects_text(lines + "plasticity.recurrent.in = @\"cue\"\n",
                 {"there are no windows", "[trial.window.cue]"});
    rejects_text(lines + "trial = { steps = 5, values = { @\"hiden.r\" = 0.1 } }\n",
                 {"nothing of the name \"hiden.r\"", "Did you mean \"hidden.r\"?"});
    rejects_text(lines + "trial = { steps = 5, reset = \"zero\", keep = [@\"e(W_re)\"] }\n",
                 {"nothing of the name \"e(W_re)\"", "Did you mean \"e(W_rec)\"?"});
    rejects_text(lines + "trial = { steps = 5, window.x = { from = 2, to = @2 } }\n",
                 {"[trial.window.x] goes from step 2 to before step 2 of a trial of 5"});
    rejects_text(lines + "trial = { steps = 5, window.x = { from = @-7 } }\n",
                 {"goes from step -2 to before step 5"});
    rejects_text(lines + "trial = { steps = { uniform = [3, 5] }, window.x = { from = @5 } }\n",
                 {"[trial.window.x] begins with step 5", "longest trial has 5"});
    rejects_text(lines + "trial = { steps = @{ uniform = [3, 5], exponential = 2.0 } }\n",
                 {"two lengths, or none"});
    rejects_text(lines + "trial = { steps = @2.5 }\n", {"expected a whole number of steps"});
    rejects_text(lines + "trial = { steps = 5, reset = @\"nil\" }\n", {"keep, zero, init, draw"});
    rejects_text(lines + "batch = @{ trials = 3 }\n", {"[batch] is of trials, and there are none"});
    rejects_text(lines + "plasticity.recurrent.apply = @\"trial\"\n",
                 {"apply = \"trial\", which needs trials"});
    rejects_text(lines +
                     "trial = { steps = 5, window.x.to = 2 }\nsynapses.C = { from = \"hidden\", to "
                     "= \"hidden.soma\", during = \"forward\", delay = 1, init = { constant = 0.0 "
                     "} }\nplasticity.c = { rule = \"copy\", synapses = [\"C\"], of = [\"W_rec\"], "
                     "every = 2, in = @\"x\" }\n",
                 {"overwrites the strengths of \"C\""});
}
