// How changes reach the strengths: added up over phases, trials and batches, by optimisers,
// schedules, decay and largest changes.
#include "sim/audit/audit.hpp"
#include "tests/sim/engine/plan/optimised_model.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// A set whose change is -rate times 0.5 in each step, from 0.
const std::string lines_of_constant = R"(
population.cell = { size = 2, activation = "linear" }
synapses.K = { from = "one", to = "cell.soma", during = "forward", init = { constant = 0.0 } }
synapses.W_out = { from = "cell", to = "output.soma", during = "forward", init = { constant = 1.0 } }
rule.constant = { parameters = { rate = 0.1, g = 0.5 }, equations = "w += -rate * g * pre.r" }
plasticity.k.rule = "constant"
plasticity.k.synapses = ["K"]
)";

// Strengths that learn by their traces, and an output that learns.
const std::string lines_that_learn = hidden_lines + R"(
population.hidden = { size = 5, activation = "tanh", alpha = 0.5, init = { normal = 1.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
rule.traced = { parameters = { rate = 1e-2 }, state = { e = "synapse" }, equations = ["e = 0.8 * e + post.r * pre.r", "w += rate * e"] }
plasticity.recurrent.rule = "traced"
plasticity.recurrent.synapses = ["W_rec", "W_in"]
)";

double strength_after(const std::string& keys, int steps) {
    SteppedModel sim(small_model(lines_of_constant + keys));
    sim.step(steps);
    REQUIRE(sim.vector("K")[0] == sim.vector("K")[1]);
    return sim.vector("K")[0];
}

Approx to_twelve(double expected) { return Approx(expected).epsilon(0.0).margin(1e-12); }

std::string optimiser(const std::string& keys) {
    return "plasticity.k.optimiser = { " + keys + " }\n";
}

}  // namespace

TEST_CASE("optimisers make the closed forms of a constant gradient", "[optimiser]") {
    CHECK(strength_after("", 3) == to_twelve(-0.15));
    CHECK(strength_after(optimiser("kind = \"momentum\", keep = 0.9"), 3) == to_twelve(-0.2805));
    const double rms = 0.05 + 1e-8;  // the root of 0.01 0.25
    CHECK(strength_after(optimiser("kind = \"rmsprop\", keep = 0.99"), 1) ==
          to_twelve(-0.1 * 0.5 / rms));
    CHECK(strength_after(optimiser("kind = \"adam\""), 7) ==
          to_twelve(-7.0 * 0.1 * 0.5 / (0.5 + 1e-8)));
    const double raw = 0.05 / (std::sqrt(0.00025) + 1e-8) * std::sqrt(0.001) / 0.1;
    CHECK(strength_after(optimiser("kind = \"adam\", epsilon_corrected = false"), 1) ==
          to_twelve(-0.1 * raw));
}

TEST_CASE("optimisers may forget at once and rates may be 0", "[optimiser]") {
    CHECK(strength_after(optimiser("kind = \"momentum\", keep = 0.0"), 3) == to_twelve(-0.15));
    CHECK(strength_after(optimiser("kind = \"rmsprop\", keep = 0.0"), 3) ==
          to_twelve(-3.0 * 0.1 * 0.5 / (0.5 + 1e-8)));
    CHECK(strength_after(optimiser("kind = \"adam\", beta = [0.0, 0.0]"), 3) ==
          to_twelve(-3.0 * 0.1 * 0.5 / (0.5 + 1e-8)));
    for (const std::string kind : {"momentum", "rmsprop", "adam"}) {
        const std::string still = "plasticity.k.rate = 0.0\n";
        CHECK(strength_after(still + optimiser("kind = \"" + kind + "\""), 3) == 0.0);
    }
    CHECK(strength_after(optimiser("kind = \"momentum\", decay = 1.0"), 3) ==
          to_twelve(-0.1 * 1.355));  // what the last application adds
}

// m and v by themselves, of gradients that differ from step to step.
TEST_CASE("adam follows its equations", "[optimiser]") {
    const bool is_corrected = GENERATE(true, false);
    const std::string keys =
        std::string(
            "plasticity.recurrent.optimiser = { kind = \"adam\", beta = [0.8, 0.95], "
            "epsilon = 1e-3, epsilon_corrected = ") +
        (is_corrected ? "true" : "false") + " }\n";
    SteppedModel sim(small_model(lines_that_learn + keys));
    Eigen::ArrayXXd m = Eigen::ArrayXXd::Zero(5, 5), v = m;
    Matrix W = sim.matrix("W_rec");
    for (int k = 1; k <= 30; ++k) {
        sim.step();
        const Eigen::ArrayXXd g = sim.matrix("e(W_rec)").array();  // the change of rate 1
        m = 0.8 * m + 0.2 * g;
        v = 0.95 * v + 0.05 * g * g;
        const double one = 1.0 - std::pow(0.8, k), two = 1.0 - std::pow(0.95, k);
        if (is_corrected)
            W.array() += 1e-2 * (m / one) / ((v / two).sqrt() + 1e-3);
        else
            W.array() += 1e-2 * std::sqrt(two) / one * m / (v.sqrt() + 1e-3);
        REQUIRE(distance(sim.matrix("W_rec"), W) < 1e-12);
    }
}

TEST_CASE("strengths decay and no synapse changes by more than the largest change", "[optimiser]") {
    std::string lines = lines_of_constant;
    lines.replace(lines.find("constant = 0.0"), 14, "constant = 1.0");
    SteppedModel sim(small_model(lines + "plasticity.k.rate = 0.0\n" + optimiser("decay = 0.1")));
    sim.step(10);
    CHECK(sim.vector("K")[0] == to_twelve(0.3486784401));
    CHECK(strength_after(optimiser("largest_change = 0.02"), 5) == to_twelve(-0.1));
    CHECK(strength_after(optimiser("kind = \"adam\", largest_change = 0.02"), 5) ==
          to_twelve(-0.1));
}

TEST_CASE("rates follow their schedule by applications", "[optimiser]") {
    const auto sum = [](auto factor) {
        double all = 0.0;
        for (int k = 0; k < 12; ++k) all -= 0.05 * factor(k);
        return to_twelve(all);
    };
    const auto with = [](const std::string& keys) {
        return strength_after("plasticity.k.schedule = { " + keys + " }\n", 12);
    };
    CHECK(with("half_every = 4") == sum([](int k) { return std::pow(0.5, k / 4.0); }));
    CHECK(with("to = 0.25, over = 8") ==
          sum([](int k) { return 1.0 - 0.75 * std::min(1.0, k / 8.0); }));
    const auto cosine = [](int k) {
        return 0.1 + 0.9 * 0.5 * (1.0 + std::cos(M_PI * std::min(1.0, k / 8.0)));
    };
    CHECK(with("to = 0.1, over = 8, shape = \"cosine\"") == sum(cosine));
    CHECK(with("to = 0.1, over = 8, shape = \"cosine\", warmup = 5") ==
          sum([&](int k) { return std::min(1.0, (k + 1) / 5.0) * cosine(k); }));
    CHECK(with("falls = [3, 7], fall_by = 0.5") == sum([](int k) {
              return k < 3 ? 1.0 : k < 7 ? 0.5 : 0.25;
          }));
    CHECK(with("warmup = 5") == sum([](int k) { return std::min(1.0, (k + 1) / 5.0); }));
    CHECK(with("warmup = 5, half_every = 4") ==
          sum([](int k) { return std::min(1.0, (k + 1) / 5.0) * std::pow(0.5, k / 4.0); }));
    const std::string both =
        "plasticity.k.schedule = { half_every = 4 }\n" + optimiser("kind = \"momentum\"");
    double m = 0.0, w = 0.0;
    for (int k = 0; k < 6; ++k) {
        m = 0.9 * m - 0.5;
        w += 0.1 * std::pow(0.5, k / 4.0) * m;
    }
    CHECK(strength_after(both, 6) == to_twelve(w));
}

// The sum of the changes of a trial is that of a rule which changes nothing meanwhile.
TEST_CASE("changes of a trial are made at its end", "[apply]") {
    const auto [apply, is_average, batch] = GENERATE(table<std::string, bool, int>(
        {{"trial", false, 1}, {"trial", true, 1}, {"batch", false, 3}, {"batch", true, 3}}));
    const std::string keys =
        "trial = { steps = 4, window.late.from = 1 }\nbatch.trials = 3\n"
        "plasticity.recurrent.in = \"late\"\nplasticity.recurrent.apply = \"" +
        apply + "\"\n" + (is_average ? "plasticity.recurrent.average = true\n" : "");
    SteppedModel sim(small_model(lines_that_learn + keys));
    const Matrix start = sim.matrix("W_rec");
    Matrix W = start, sum = Matrix::Zero(5, 5);
    for (int step = 0; step < 36; ++step) {
        sim.step();
        if (step % 4 >= 1) sum += 1e-2 * sim.matrix("e(W_rec)");
        const bool ends = (step + 1) % (4 * batch) == 0;
        if (ends) {
            // There are three steps in the window, and three trials in a batch.
            W += is_average ? Matrix(sum / 3.0) : sum;
            sum.setZero();
        }
        INFO(apply << ", step " << step);
        REQUIRE(distance(sim.matrix("W_rec"), W) < 1e-14);
        REQUIRE(distance(sim.matrix("pending(W_rec)"), sum) < 1e-14);
    }
    REQUIRE(W != start);
}

TEST_CASE("changes of iterations are made at the end of their phase", "[apply]") {
    const bool is_average = GENERATE(false, true);
    const std::string keys =
        std::string(
            "plasticity.recurrent.each = \"iteration\"\n"
            "plasticity.recurrent.apply = \"phase\"\nplasticity.recurrent.during = \"forward\"\n") +
        (is_average ? "plasticity.recurrent.average = true\n" : "");
    std::string lines = lines_that_learn;
    const std::string delay = "delay = 1, init = { normal = 0.5 }";
    lines.replace(lines.find(delay), delay.size(),
                  "delay = \"iteration\", init = { normal = 0.5 }");
    const auto text = [&](const std::string& more) {
        return with_phases(
            common_lines + lines + more,
            R"(phase = [{ name = "forward", ms = 6.0, repeat = 5 }, { name = "update", ms = 4.0 }])");
    };
    SteppedModel sim(model_of_text(text(keys))),
        each(model_of_text(text(
            "plasticity.recurrent.each = \"iteration\"\nplasticity.recurrent.during = \"forward\"\n"
            "plasticity.recurrent.rate = 0.0\n")));
    const Matrix start = sim.matrix("W_rec");
    sim.step();
    each.step();
    // With strengths that stay, e goes on as by itself: its sum over the iterations.
    REQUIRE(distance(sim.matrix("e(W_rec)"), each.matrix("e(W_rec)")) < 1e-15);
    const Matrix change = sim.matrix("W_rec") - start;
    REQUIRE((change.array() != 0.0).any());
    REQUIRE(sim.matrix("pending(W_rec)").cwiseAbs().maxCoeff() == 0.0);
    if (is_average) {
        SteppedModel whole(
            model_of_text(text(keys.substr(0, keys.find("plasticity.recurrent.average")))));
        whole.step();
        REQUIRE(distance(5.0 * change, whole.matrix("W_rec") - start) < 1e-14);
    }
}

// W + x as Hebbian changes with a loss, with a keep of each cell, and as formulas.
TEST_CASE("rules of every form are added up as they are", "[apply]") {
    const auto equations =
        GENERATE(std::string("w += rate * (post.r * pre.r - w)"),
                 std::string("w += rate * post.r * (pre.r - post.r * w)"),
                 std::string("w -= rate * w"), std::string("w += rate * tanh(w + pre.r)"),
                 std::string("w -= rate * exp(post.r) * tanh(w * pre.r)"),
                 std::string("w += rate * post.r * pre.r"));
    std::string lines = lines_that_learn.substr(0, lines_that_learn.find("rule.traced"));
    lines += "rule.own = { parameters = { rate = 1e-2 }, equations = \"" + equations + "\" }\n" +
             "plasticity.recurrent.rule = \"own\"\nplasticity.recurrent.synapses = [\"W_rec\"]\n";
    const std::string late = "trial = { steps = 1 }\nplasticity.recurrent.apply = \"trial\"\n";
    SteppedModel sim(small_model(lines + late)), direct(small_model(lines));
    for (int step = 0; step < 10; ++step) {
        sim.step();
        direct.step();
        INFO(equations);
        REQUIRE(distance(sim.matrix("W_rec"), direct.matrix("W_rec")) < 1e-13);
    }
    // An optimiser that does nothing leaves the rule's own change.
    SteppedModel momentum(small_model(
        lines + "plasticity.recurrent.optimiser = { kind = \"momentum\", keep = 0.0 }\n"));
    momentum.step(10);
    CHECK(distance(momentum.matrix("W_rec"), direct.matrix("W_rec")) < 1e-13);
}

TEST_CASE("bounds signs and missing synapses hold whatever the optimiser does", "[optimiser]") {
    const auto kind =
        GENERATE(std::string("momentum"), std::string("rmsprop"), std::string("adam"));
    std::string lines = lines_that_learn;
    const std::string init = "delay = 1, init = { normal = 0.5 }";
    lines.replace(lines.find(init), init.size(),
                  "delay = 1, init = { half_normal = 0.5 }, bounds = [0.0, 0.75], connect = { self "
                  "= false }");
    SteppedModel sim(small_model(
        lines + "plasticity.recurrent.rate = 0.2\nplasticity.recurrent.optimiser = { kind = \"" +
        kind + "\" }\n"));
    double smallest = 1.0, largest = 0.0;
    for (int step = 0; step < 300; ++step) {
        sim.step();
        const Matrix W = sim.matrix("W_rec");
        smallest = std::min(smallest, W.minCoeff());
        largest = std::max(largest, W.maxCoeff());
        REQUIRE(W.diagonal().cwiseAbs().maxCoeff() == 0.0);
    }
    CHECK(smallest == 0.0);
    CHECK(largest == 0.75);
}

TEST_CASE("a run with an optimiser is fused and resumed as others are",
          "[optimiser][fuse][checkpoint]") {
    const TemporaryFolder folder;
    const std::string text = common_lines + lines_that_learn +
                             "plasticity.recurrent.optimiser = { kind = \"adam\", decay = 1e-3 }\n"
                             "plasticity.recurrent.schedule = { half_every = 20 }\n";
    const Model model = saved_model(folder.write("adam.toml", text), folder / "whole.h5");
    SteppedModel plain(load_model(folder / "adam.toml", {"population.hidden.size=6"}));
    same_by_passes(model, plain, 25, 25);
    run_model(model);
    const std::string killed = folder / "killed.h5";
    leave_killed(model.output, 26, killed);
    resumed(killed, 2);
    REQUIRE(content_of(killed) == content_of(model.output));
}

TEST_CASE("what cannot be added up or has no rate is rejected", "[apply][optimiser]") {
    const std::string lines = common_lines + lines_of_constant;
    rejects_text(lines +
                     "rule.jump = { parameters = { rate = 0.1 }, equations = \"w = clip(w + rate * "
                     "pre.r, 0, 1)\" }\n"
                     "plasticity.j = { rule = \"jump\", synapses = [\"W_out\"], optimiser = @{ "
                     "kind = \"adam\" } }\n",
                 {"needs a statement \"w += rate * (...)\"", "w = clip"});
    rejects_text(lines + "plasticity.k.optimiser = { kind = \"adam\", keep = @0.5 }\n",
                 {"of the kind adam has keep, which it does not read"});
    rejects_text(lines + "plasticity.k.optimiser = { kind = @\"adm\" }\n",
                 {"none, momentum, rmsprop, adam", "Did you mean \"adam\"?"});
    rejects_text(lines + "plasticity.k.average = @true\n", {"its changes are not added up"});
    rejects_text(lines + "plasticity.k.schedule = @{ to = 0.5 }\n", {"needs the key \"over\""});
    rejects_text(lines + "plasticity.k.schedule = { falls = [3], @fall = 0.5 }\n", {"fall_by"});
}
