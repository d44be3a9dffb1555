// Circuits of the literature that learn in trials, against trajectories and losses of others' code:
// sequences that begin from zero, windows, sums of changes, optimisers, spikes.
#include "tests/literature_run.hpp"

using namespace apical;

namespace {

// The first strengths and inputs of e-prop, of a group of a file.
ReferenceCircuit eprop(const std::string& model, const std::string& data, const std::string& part,
                       const std::string& label) {
    ReferenceCircuit circuit(model, data, part);
    circuit.add(
        fmt::format("task={{ kind = \"file\", path = \"{}\", x = \"{}x\", y = \"{}{}\", readout = "
                    "\"linear\", repeat = true }}",
                    circuit.file, part, part, label));
    return circuit.starts("B", "B");
}

// The sizes and settings of the paper's evidence accumulation, ten times as long as the file's.
ReferenceCircuit& as_published(ReferenceCircuit& circuit) {
    return circuit.sizes({{"rec", 100}})
        .add(
            "population.rec.spikes={ threshold = 0.6, refractory_ms = 5.0, height = 0.3, "
            "adaptation = { tau_ms = 2000.0, strength = 0.017424185109823985, cells = "
            "\"50:100\" } }")
        .each("plasticity", {"recurrent", "readout"}, "counted", "150.0")
        .add("plasticity.recurrent.hold=300.0")
        .add("plasticity.recurrent.steps=2250.0")
        .add("plasticity.recurrent.tau_a_ms=2000.0");
}

// A rate that does not fall.
ReferenceCircuit& at_one_rate(ReferenceCircuit& circuit) {
    return circuit.each("plasticity", {"recurrent", "readout"}, "schedule",
                        "{ to = 1.0, over = 1 }");
}

// The mean loss of each trial, of a model that records nothing.
std::vector<double> losses_of(ReferenceCircuit circuit, std::size_t trials, int steps) {
    const TemporaryFolder folder;
    Model model = circuit.add("record={}")
                      .add(fmt::format("run.steps={}", static_cast<int>(trials) * steps))
                      .load();
    model.output = folder / "run.h5";
    run_model(model);
    const StoredRun run(model.output);
    return run.read(run.find("trial.loss"), 0, trials);
}

void same_numbers(const std::vector<double>& found, const std::vector<double>& expected,
                  double factor) {
    REQUIRE(found.size() == expected.size());
    for (std::size_t k = 0; k < found.size(); ++k) {
        INFO("trial " << k + 1);
        CHECK(std::abs(found[k] * factor / expected[k] - 1.0) < 1e-9);
    }
}

std::vector<double> numbers_of(const Matrix& column) {
    return {column.data(), column.data() + column.size()};
}

std::vector<double> published(const std::string& part) {
    return read_dataset(literature_data + "eprop_nest.h5", part + "loss_nest", {}).numbers;
}

// What spikes, traces and strengths of three sequences are.
void same_sequences(const Trajectories& run, Eigen::Index steps) {
    run.same({{"z", "rec.r"},
              {"v", "rec.soma.v"},
              {"psi", "rec.slope"},
              {"y", "out.r"},
              {"L", "rec.feedback.v"},
              {"pre_in", "recurrent.trace(W_in)"},
              {"pre_rec", "recurrent.trace(W_rec)"},
              {"pre_out", "readout.trace(W_out)"}});
    for (const char* set : {"in", "rec"}) {
        run.same(fmt::format("e_{}", set), fmt::format("e(W_{})", set));
        run.same(fmt::format("ebar_{}", set), fmt::format("filtered(W_{})", set));
    }
    for (const char* set : {"W_in", "W_rec", "W_out"}) run.same_after_trials(set, set, steps);
}

}  // namespace

TEST_CASE("three sequences of e-prop with LIF cells are those of the reading that NEST confirms",
          "[reference][literature][spikes][trials]") {
    ReferenceCircuit circuit = eprop("eprop_lif", "eprop_lif", "", "y_target");
    circuit.starts({"W_in", "W_rec", "W_out"})
        .sizes({{"rec", 6}, {"out", 2}, {"error", 2}})
        .each("plasticity", {"recurrent", "readout"}, "rate", "2e-3")
        .add("plasticity.recurrent.hold=30.0")
        .add("plasticity.recurrent.goal=0.05")
        .add("plasticity.recurrent.steps=70.0")
        .add("trial.steps=70")
        .add("run.steps=210");
    const Trajectories run(circuit);
    same_sequences(run, 70);
    same_numbers(run.trial_losses(), numbers_of(run.truth("loss")), 140.0);  // of two outputs
}

TEST_CASE("three sequences of e-prop with ALIF cells and Adam are those that NEST confirms",
          "[reference][literature][spikes][trials]") {
    ReferenceCircuit circuit = eprop("eprop_alif", "eprop_alif", "", "y_target");
    at_one_rate(circuit)
        .starts({"W_in", "W_rec", "W_out"})
        .sizes({{"rec", 6}})
        .add(
            "population.rec.spikes={ threshold = 0.6, refractory_ms = 3.0, height = 0.3, "
            "adaptation = { tau_ms = 40.0, strength = 0.1, cells = \"3:6\" } }")
        .each("plasticity", {"recurrent", "readout"}, "rate", "0.01")
        .each("plasticity", {"recurrent", "readout"}, "counted", "20.0")
        .add("plasticity.recurrent.hold=30.0")
        .add("plasticity.recurrent.goal=0.05")
        .add("plasticity.recurrent.steps=50.0")
        .add("plasticity.recurrent.tau_a_ms=40.0")
        .add(
            "trial={ steps = 50, reset = \"zero\", counts = \"recall\", window = { recall = { "
            "from = 30 } } }")
        .add("run.steps=150");
    const Trajectories run(circuit);
    same_sequences(run, 50);
    run.same({{"v_th", "rec.threshold"},
              {"a", "rec.adapted"},
              {"r", "rec.wait"},
              {"eps_in", "slow(W_in)"},
              {"eps_rec", "slow(W_rec)"}});
    same_numbers(run.trial_losses(), numbers_of(run.truth("loss")), 1.0);
}

TEST_CASE("five sequences of e-prop's regression have the losses that NEST publishes",
          "[reference][literature][spikes][trials]") {
    ReferenceCircuit circuit = eprop("eprop_lif", "eprop_nest", "regression/", "y");
    for (const char* set : {"W_in", "W_rec", "W_out"}) circuit.starts(set, set);
    same_numbers(losses_of(circuit, 5, 1000), published("regression/"),
                 1000.0);  // a sum over steps
}

TEST_CASE("five sequences of e-prop's classification have the losses that NEST publishes",
          "[reference][literature][spikes][trials]") {
    ReferenceCircuit circuit = eprop("eprop_alif", "eprop_nest", "classification/", "y");
    for (const char* set : {"W_in", "W_rec", "W_out"}) circuit.starts(set, set);
    at_one_rate(as_published(circuit))
        .add(
            "trial={ steps = 2250, reset = \"zero\", counts = \"recall\", window = { recall = { "
            "from = "
            "2100 } } }");
    same_numbers(losses_of(circuit, 5, 2250), published("classification/"), 1.0);
}

TEST_CASE("equilibrium propagation in three phases learns batches as the public code does",
          "[reference][literature][iterations][trials]") {
    const Trajectories run(ReferenceCircuit("equilibrium_three_phases", "equilibrium_propagation",
                                            "three_phases/", nullptr));
    for (const char* layer : {"s1", "s2"}) run.same(layer, fmt::format("iterations({}.r)", layer));
    for (const char* set : {"W1", "b1", "W2", "b2"}) run.same_after_trials(set, set, 2);
}

namespace {

// Potentials of all iterations, the controller and strengths.
void same_control(const Trajectories& run, const std::vector<std::string>& layers) {
    for (std::size_t k = 0; k < layers.size(); ++k) {
        for (const char* part : {"basal", "apical", "soma"})
            run.same(fmt::format("{}{}", part, k + 1),
                     fmt::format("iterations({}.{}.v)", layers[k], part));
    }
    run.same("u", "iterations(u.r)");
    run.same("output_target", "aim.r");
    run.same_strengths(static_cast<int>(layers.size()));
}

}  // namespace

TEST_CASE("deep feedback control settles and learns as its authors' code does",
          "[reference][literature][iterations]") {
    ReferenceCircuit circuit("deep_feedback_control", "deep_feedback_control", "deterministic/");
    circuit.iterations()
        .task("x", "y_target", 14)
        .sizes({{"h1", 4}, {"h2", 3}, {"out", 2}, {"aim", 2}, {"u", 2}})
        .starts({"W1", "b1", "W2", "b2", "W3", "b3"});
    for (const char* set : {"Q1", "Q2", "Q3"}) circuit.starts(set, set);
    same_control(Trajectories(circuit), {"h1", "h2", "out"});
}

TEST_CASE("deep feedback control with slow noisy dendrites is that of its authors' code",
          "[reference][literature][iterations][noise]") {
    same_control(
        Trajectories(ReferenceCircuit("deep_feedback_control_noise", "deep_feedback_control",
                                      "noise_and_slow_apical/", nullptr)),
        {"h1", "out"});
}

TEST_CASE("reward-modulated Hebb learns delayed non-match as its author's code does",
          "[reference][literature][trials][noise]") {
    constexpr Eigen::Index steps = 37;  // the first draws where a trial begins: x0 of the code
    ReferenceCircuit circuit("reward_modulated_hebb", "reward_modulated", "");
    const auto noise = [&](const char* name, const char* window) {
        return fmt::format(
            "noise.{}={{ into = \"net.soma\", in = \"{}\", file = \"{}\", dataset = \"{}\" }}",
            name, window, circuit.file, name);
    };
    circuit.task("x", "y", 14 * steps)
        .sizes({{"net", 10}})
        .starts({"J", "J_bias"})
        .starts("W_in", "W_in")
        .starts("reads", "reads")
        .add("synapses.reads.connect={ probability = 1.0 }")
        .add(noise("start", "begin"))
        .add(noise("perturbation", "perturbed"))
        .add("dynamics.net.parameters.tau=8.0")
        .add("plasticity.expectation.judged_steps=8.0")
        .add("plasticity.expectation.first_trial=6.0")
        .add("plasticity.recurrent.rate=0.5")
        .add("plasticity.recurrent.most=3e-3")
        .add("trial.steps=37")
        .add("trial.window.judged.from=-8");
    const Trajectories run(circuit);
    const std::vector<std::pair<std::string, std::string>> in_each_step = {
        {"net_x", "net.soma.v"},
        {"net_r", "net.r"},
        {"net_fluctuation", "recurrent.fluctuation"},
        {"net_x_average", "recurrent.mean"}};
    for (const auto& [dataset, address] : in_each_step) {
        const Matrix all = run.ours(address);
        Matrix found(14 * (steps - 1), all.cols());
        for (Eigen::Index k = 0; k < 14; ++k)
            found.middleRows(k * (steps - 1), steps - 1) = all.middleRows(k * steps + 1, steps - 1);
        run.same(run.truth(dataset), found, address);
    }
    for (const auto& [part, set] : {std::pair{"net", "J"}, std::pair{"bias", "J_bias"}}) {
        run.same_after_trials(fmt::format("{}_J", part), set, steps);
        run.same_after_trials(fmt::format("{}_eligibility", part), fmt::format("H({})", set),
                              steps);
    }
    run.same_after_trials("error_average", "expectation.mean", steps);
    run.same_after_trials("mean_error", "expectation.found", steps);
}

TEST_CASE("both trials of random feedback local online learning are those of the public code",
          "[reference][literature][trials]") {
    const Trajectories run(
        ReferenceCircuit("rflo_murray_online", "rflo_murray", "online/", nullptr));
    run.same("u", "hidden.soma.v");
    run.same("h", "hidden.r");
    run.same("y", "output.r");
    run.same("p", "eligibility(W_rec)");
    run.same("w_rec", "W_rec");
    run.same("w_out", "W_out");
}

TEST_CASE("changes at the end of each trial are those of the notebook",
          "[reference][literature][trials]") {
    const Trajectories run(
        ReferenceCircuit("rflo_murray_trials", "rflo_murray", "end_of_trial/", nullptr));
    run.same("u", "hidden.soma.v");
    run.same("h", "hidden.r");
    run.same("y", "output.r");
    run.same("p", "trace(W_rec)");
    run.same("q", "trace(W_in)");
    for (const std::string name : {"w_rec", "w_in", "w_out"}) {
        std::string set = name;
        set[0] = 'W';
        run.same_after_trials(name + "_after_trial", set, 35);
    }
}

// The notebook's class, 6 seeds of its own: 0.0764 +- 0.0057 after 100 trials, 0.0247 +- 0.0021
// after 300.
TEST_CASE("losses of the sine task fall as those of the notebook",
          "[reference][literature][trials]") {
    constexpr int seeds = 6;
    Eigen::Array<double, seeds, 2> losses;
    for (int seed = 1; seed <= seeds; ++seed) {
        const TemporaryFolder folder;
        Model model = load_model(literature_data + "rflo_murray_sine.toml",
                                 {fmt::format("run.seed={}", seed)});
        model.output = folder / "run.h5";
        run_model(model);
        const StoredRun run(model.output);
        const std::vector<double> all = run.read(run.find("trial.loss"), 0, 300);
        losses(seed - 1, 0) = all[99];
        losses(seed - 1, 1) = all[299];
    }
    const double means[] = {0.0764, 0.0247}, errors[] = {0.0057, 0.0021};
    for (int k = 0; k < 2; ++k) {
        const double mean = losses.col(k).mean();
        const double variance = (losses.col(k) - mean).square().sum() / (seeds - 1);
        CHECK(std::abs(mean - means[k]) < 3.0 * std::hypot(errors[k], std::sqrt(variance / seeds)));
    }
}
