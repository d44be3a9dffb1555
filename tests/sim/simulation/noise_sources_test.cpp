// Noise that a model adds to voltages and rates: its size, its draws, and who may see them.
#include "sim/numbers/random.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Synapses that bring nothing.
const std::string silent =
    "synapses.W = { from = \"hidden\", to = \"hidden.soma\", during = \"step\", delay = 1, init = "
    "{ constant = 0.0 } }\n";

std::string quiet(double ms, const std::string& cells) {
    return fmt::format(
        "format = 1\nphase = [{{ name = \"step\", ms = {} }}]\n"
        "run = {{ steps = 100_000, seed = 5 }}\n{}{}",
        ms, silent, cells);
}

const std::string slow_cells =
    "population.hidden = { size = 200, activation = \"linear\", tau_ms = { soma = 20.0 } }\n";

double variance(const std::vector<double>& numbers) {
    double sum = 0.0, squares = 0.0;
    for (const double one : numbers) {
        sum += one;
        squares += one * one;
    }
    const auto count = static_cast<double>(numbers.size());
    return squares / count - (sum / count) * (sum / count);
}

// All cells' voltages of every so many steps, behind the first ones.
std::vector<double> voltages(SteppedModel& sim, int samples, int apart, int behind) {
    sim.step(behind);
    std::vector<double> all;
    for (int k = 0; k < samples; ++k) {
        sim.step(apart);
        const Vector v = sim.vector("hidden.soma.v");
        all.insert(all.end(), v.data(), v.data() + v.size());
    }
    return all;
}

// Four standard errors of the variance of so many independent normal numbers.
double four_errors(std::size_t count) { return 4.0 * std::sqrt(2.0 / static_cast<double>(count)); }

}  // namespace

TEST_CASE("an Ornstein-Uhlenbeck process has its factor and its draws", "[noise]") {
    SteppedModel sim(model_of_text(quiet(10.0, R"(
population.hidden = { size = 3, activation = "linear" }
noise.x = { into = "hidden.soma", kind = "ou", sd = 0.7, tau_ms = 20.0 }
)")));
    const Stream stream(5, "noise/x");
    Vector x = Vector::Zero(3);
    for (std::uint64_t step = 1; step <= 20; ++step) {
        sim.step();
        for (Eigen::Index i = 0; i < 3; ++i) {
            x(i) = 0.606530659712633 * x(i) +
                   0.795060097620650 * 0.7 * stream.normal(step, static_cast<std::uint64_t>(i));
        }
        REQUIRE(distance(sim.vector("noise.x"), x) < 1e-14);
        REQUIRE(distance(sim.vector("hidden.soma.v"), x) < 1e-14);
        REQUIRE(distance(sim.vector("hidden.r"), x) < 1e-14);
    }
}

TEST_CASE("a slow compartment has its stationary deviation at any step length", "[noise]") {
    for (const double ms : {1.0, 5.0, 10.0}) {
        INFO(ms);
        SteppedModel sim(model_of_text(
            quiet(ms, slow_cells + "noise.x = { into = \"hidden.soma\", stationary_sd = 0.4 }\n")));
        const int apart = static_cast<int>(100.0 / ms);  // five time constants
        const std::vector<double> all = voltages(sim, 20, apart, 2 * apart);
        CHECK(std::abs(variance(all) / (0.4 * 0.4) - 1.0) < four_errors(all.size()));
    }
}

TEST_CASE("a density is an increment of a Wiener process", "[noise]") {
    // v <- e v + density sqrt(h) xi has the variance density^2 h / (1 - e^2).
    for (const double ms : {2.0, 8.0}) {
        INFO(ms);
        SteppedModel sim(model_of_text(
            quiet(ms, slow_cells + "noise.x = { into = \"hidden.soma\", density = 0.3 }\n")));
        const int apart = static_cast<int>(104.0 / ms);
        const std::vector<double> all = voltages(sim, 20, apart, 2 * apart);
        const double expected = 0.09 * ms / (1.0 - std::exp(-2.0 * ms / 20.0));
        CHECK(std::abs(variance(all) / expected - 1.0) < four_errors(all.size()));
    }
}

TEST_CASE("uniform and sparse noise are what they say", "[noise]") {
    const std::string cells = "population.hidden = { size = 500, activation = \"linear\" }\n";
    SteppedModel uniform(model_of_text(quiet(
        1.0,
        cells + "noise.x = { into = \"hidden.soma\", kind = \"uniform\", half_width = 2.0 }\n")));
    std::vector<double> all = voltages(uniform, 40, 1, 0);
    CHECK(*std::min_element(all.begin(), all.end()) > -2.0);
    CHECK(*std::max_element(all.begin(), all.end()) < 2.0);
    CHECK(std::abs(variance(all) / (4.0 / 3.0) - 1.0) < four_errors(all.size()));
    // Miconi's perturbations: of 16 with the probability 0.003.
    SteppedModel sparse(
        model_of_text(quiet(1.0, cells + "noise.x = { into = \"hidden.soma\", kind = "
                                         "\"sparse\", half_width = 16.0, "
                                         "probability = 0.003 }\n")));
    all = voltages(sparse, 400, 1, 0);
    std::erase(all, 0.0);
    const double draws = 400.0 * 500.0, expected = 0.003 * draws;
    CHECK(std::abs(static_cast<double>(all.size()) - expected) < 4.0 * std::sqrt(expected));
    CHECK(std::abs(variance(all) / (256.0 / 3.0) - 1.0) < four_errors(all.size()));
}

TEST_CASE("noise is held from one draw to the next", "[noise]") {
    SteppedModel sim(model_of_text(quiet(1.0, R"(
population.hidden = { size = 2, activation = "linear" }
noise.x = { into = "hidden.soma", sd = 1.5, hold = 4 }
)")));
    const Stream stream(5, "noise/x");
    double before = 0.0;
    for (std::uint64_t step = 0; step < 17; ++step) {
        sim.step();
        const double v = sim.vector("hidden.soma.v")(1);
        CHECK(std::abs(v - 1.5 * stream.normal(step / 4 + 1, 1)) < 1e-14);
        CHECK((step % 4 == 0 || v == before));
        before = v;
    }
}

TEST_CASE("iterations of a phase have draws of their own", "[noise]") {
    // r <- r / 2 + xi / 2 in each of three iterations.
    SteppedModel sim(model_of_text(R"(
format = 1
phase = [{ name = "settle", ms = 1.0, repeat = 3 }, { name = "rest", ms = 1.0 }]
run = { steps = 1_000, seed = 5 }
synapses.W = { from = "hidden", to = "hidden.soma", during = ["settle", "rest"], delay = 1, init = { constant = 0.0 } }
population.hidden = { size = 2, activation = "linear", alpha = 0.5 }
noise.x = { into = "hidden.soma", sd = 1.0 }
)"));
    const Stream stream(5, "noise/x");
    double r = 0.0;
    for (std::uint64_t step = 1; step <= 5; ++step) {
        sim.step();
        for (std::uint64_t k = 0; k < 4; ++k) r = 0.5 * r + 0.5 * stream.normal(4 * step + k, 1);
        CHECK(std::abs(sim.vector("hidden.r")(1) - r) < 1e-14);
    }
}

TEST_CASE("noise in rates is what the cells fire", "[noise]") {
    SteppedModel sim(model_of_text(R"(
format = 1
phase = [{ name = "step", ms = 1.0 }]
run = { steps = 1_000, seed = 5 }
population.hidden = { size = 3, activation = "tanh", init = { constant = 0.5 } }
synapses.W = { from = "hidden", to = "hidden.soma", during = "step", delay = 1, init = { normal = 1.0 } }
noise.x = { into = "hidden.r", sd = 0.2 }
)"));
    const Stream stream(5, "noise/x");
    const Matrix W = sim.matrix("W");
    Vector r = sim.vector("hidden.r");
    for (std::uint64_t step = 1; step <= 10; ++step) {
        sim.step();
        r = Vector((W * r).array().tanh());
        for (Eigen::Index i = 0; i < 3; ++i)
            r(i) += 0.2 * stream.normal(step, static_cast<std::uint64_t>(i));
        REQUIRE(distance(sim.vector("hidden.r"), r) < 1e-12);
    }
}

TEST_CASE("nothing beside a population shifts its noise", "[noise]") {
    const std::string cells = R"(
population.hidden = { size = 4, activation = "tanh", alpha = 0.5 }
noise.x = { into = "hidden.soma", kind = "ou", sd = 0.5, tau_ms = 9.0 }
noise.y = { into = "hidden.r", kind = "uniform", half_width = 0.1 }
)";
    SteppedModel alone(model_of_text(quiet(1.0, cells)));
    SteppedModel beside(model_of_text(
        quiet(1.0,
              "population.first = { size = 7, activation = \"tanh\" }\nsynapses.F = { from = "
              "\"first\", to = \"first.soma\", during = \"step\", delay = 1, init = { constant "
              "= 0.0 } }\nnoise.z = { into = \"first.soma\", sd = 1.0 }\n" +
                  cells)));
    for (int step = 0; step < 20; ++step) {
        alone.step();
        beside.step();
        REQUIRE(alone.vector("hidden.r") == beside.vector("hidden.r"));
    }
}

TEST_CASE("a run with noise goes on as if it had never stopped", "[noise][checkpoint]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("noisy.toml", R"(
format = 1
phase = [{ name = "settle", ms = 1.0, repeat = 3 }, { name = "rest", ms = 1.0 }]
run = { steps = 60, seed = 5 }
population.hidden = { size = 30, activation = "tanh", alpha = 0.5 }
synapses.W = { from = "hidden", to = "hidden.soma", during = ["settle", "rest"], delay = 1, init = { normal = '1/sqrt(pre)' } }
noise.x = { into = "hidden.soma", kind = "ou", sd = 0.5, tau_ms = 9.0 }
noise.held = { into = "hidden.r", sd = 0.1, hold = 7, during = "rest" }
noise.sparse = { into = "hidden.r", kind = "sparse", half_width = 1.0, probability = 0.1 }
)");
    Model model = load_model(path, {"checkpoint={ every = 13, minutes = 0, keep = 99 }",
                                    "record={ all = { what = \"*\" } }"});
    model.output = folder / "whole.h5";
    run_model(model);
    const std::string killed = folder / "killed.h5";
    for (const int threads : {1, 2}) {
        leave_killed(model.output, 26, killed);
        resumed(killed, threads);
        CHECK(content_of(killed) == content_of(model.output));
    }
}

TEST_CASE("noise that is none is told at its place", "[noise]") {
    const std::string cells =
        "population.hidden = { size = 2, activation = \"tanh\" }\n"
        "population.other = { size = 2, activation = \"tanh\" }\n";
    const auto rejected = [&](const std::string& table, const std::vector<std::string>& phrases) {
        rejects_text(quiet(1.0, cells) + "noise.x = " + table + "\n", phrases);
    };
    rejected("{ into = \"hidden.soma\", sd = 1.0, density = @0.5 }",
             {"[noise.x] has sd and density; expected one"});
    rejected("{ into = \"hidden.soma\", stationary_sd = @1.0 }",
             {"stationary_sd needs tau_ms of hidden.soma"});
    rejected("{ into = @\"hiden.soma\", sd = 1.0 }",
             {"there is no signal \"hiden.soma\"", "Did you mean \"hidden.soma\"?"});
    rejected("{ into = \"hidden.soma\", kind = @\"gaussian\", sd = 1.0 }", {"noise.x.kind"});
    rejected("{ into = \"hidden.soma\", kind = \"uniform\", sd = @1.0 }",
             {"[noise.x] of the kind uniform has sd; expected half_width"});
    rejected("{ into = \"hidden.soma\", sd = 1.0, probability = @0.5 }",
             {"[noise.x] of the kind normal has probability; expected none"});
    rejected("{ into = \"hidden.soma\", kind = \"ou\", sd = 1.0, tau_ms = 3.0, hold = @2 }",
             {"expected hold = 1"});
    rejected("{ into = \"hidden.soma\", sd = @-1.0 }", {"noise.x.sd"});
    rejected("{ into = \"hidden.soma\", @st = 1.0 }", {"unknown key \"st\""});
    rejected("{ into = @\"previous(hidden.r)\", sd = 1.0 }", {"which is of another time than now"});
    rejected("{ into = \"other.r\", sd = 1.0, during = @\"step\" }",
             {"goes into \"other.r\" in phase \"step\", in which its cells do not fire"});
    rejects_text(quiet(1.0, cells) + "noise.@x = { into = \"hidden.soma\" }\n",
                 {"noise \"x\" of the kind normal needs the key \"sd\""});
}
