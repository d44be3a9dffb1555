// What circuits come to when nothing learns.
#include "sim/runs/evaluate.hpp"

#include <Eigen/Core>

#include "sim/apical.hpp"
#include "sim/model/model_task.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

std::string path_of(const std::string& name) { return path_of_shipped(name); }

// The strengths of all sets after some steps of learning.
using Strengths = std::vector<std::pair<std::string, std::vector<double>>>;

Strengths learned(const Model& model, std::int64_t steps) {
    Simulation simulation(model);
    simulation.step(steps);
    Strengths all;
    for (const SynapseSet& set : model.circuit.synapses)
        all.emplace_back(set.name, simulation.read(set.name));
    return all;
}

void write(Simulation& simulation, const Strengths& strengths) {
    for (const auto& [name, numbers] : strengths) simulation.write(name, numbers);
}

// The same model with all rates 0, which draws what the evaluation does.
Model without_rates(const std::string& path, std::vector<std::string> overrides,
                    const FrozenModel& frozen) {
    for (const BoundRule& rule : load_model(path, overrides).rules)
        overrides.push_back("plasticity." + rule.label + ".rate=0.0");
    overrides.push_back(fmt::format("run.steps={}", frozen.model.steps));
    Model model = load_model(path, overrides);
    Table root = model.root;
    std::vector<std::string> told;
    model.streams = frozen.model.streams;
    model.task = load_task(root, *model.streams, model.directory, 0, told);
    model.noise =
        std::make_unique<Noise>(model.program, *model.streams, model.directory, model.steps);
    return model;
}

// The recurrent network of the shipped models on Add, with cross-entropy, in Eigen.
struct Network {
    std::map<std::string, Matrix> w;
    Vector r;

    Network(const Strengths& strengths, const Vector& start) : r(start) {
        for (const auto& [name, numbers] : strengths) {
            const auto columns = static_cast<Eigen::Index>(numbers.size()) /
                                 (name == "W_out" || name == "b_out" ? 2 : r.size());
            w[name] = Eigen::Map<const Matrix>(
                numbers.data(), static_cast<Eigen::Index>(numbers.size()) / columns, columns);
        }
    }
    Vector output(const Vector& x) {
        r = 0.5 * r + 0.5 * (w["W_rec"] * r + w["W_in"] * x + w["b"]).array().tanh().matrix();
        return w["W_out"] * r + w["b_out"];
    }
};

double cross_entropy(const Vector& v, const Vector& label) {
    return std::log(v.array().exp().sum()) - label.dot(v);
}

// Add, 3 and 5 task steps back, each of 2 steps, drawn from the evaluation's stream.
struct Add {
    Stream stream;
    double x(std::int64_t k) const {
        return k < 0 ? 0.0 : double(stream.bits(static_cast<std::uint64_t>(k), 0) & 1);
    }
    Vector input(std::int64_t step) const {
        const double x1 = x((step - 1) / 2);
        return Vector{{x1, 1.0 - x1}};
    }
    Vector label(std::int64_t step) const {
        const std::int64_t k = (step - 1) / 2;
        const double y = 0.5 + 0.5 * x(k - 3) - 0.25 * x(k - 5);
        return Vector{{y, 1.0 - y}};
    }
};

}  // namespace

TEST_CASE("an evaluation equals a run from the same strengths with all rates 0 bit by bit",
          "[evaluate]") {
    const std::vector<std::string> small{"population.hidden.size=12", "run.steps=200"};
    for (const char* name : {"rflo", "dni_b", "kernl", "rtrl", "uoro", "bptt_window",
                             "rules/eprop_adapting", "variants/dni_b_replayed"}) {
        INFO(name);
        const Strengths strengths = learned(load_model(path_of(name), small), 200);
        const FrozenModel frozen =
            frozen_model(load_model(path_of(name), small), {.steps = 150, .settle = 20});
        const Model still = without_rates(path_of(name), small, frozen);
        Simulation fast(frozen.model), slow(still);
        write(fast, strengths);
        write(slow, strengths);
        for (int step = 1; step <= 170; ++step) {
            fast.step();
            slow.step();
            REQUIRE(fast.loss() == slow.loss());
            REQUIRE(same_bits(fast.read("hidden.r"), slow.read("hidden.r")));
        }
        // And the function adds up what these steps give.
        Simulation once(frozen.model);
        write(once, strengths);
        const Evaluation found = evaluate(frozen, once);
        CHECK(found.counted == 150);
        Simulation again(frozen.model);
        write(again, strengths);
        again.step(20);
        const double settled = again.loss_sum();
        again.step(150);
        CHECK(found.loss.mean == Approx((again.loss_sum() - settled) / 150).epsilon(1e-13));
    }
}

TEST_CASE("RFLO and DNI(b) on Add are frozen what their networks are in Eigen",
          "[evaluate][reference]") {
    // Measured before the simulator could do it: 0.5361 and 0.5252 (learning-and-testing.md 2).
    for (const auto& [name, expected] : {std::pair("rflo", 0.536), std::pair("dni_b", 0.525)}) {
        INFO(name);
        const Model model = load_model(path_of(name));
        const Strengths strengths = learned(model, model.steps);
        const FrozenModel frozen = frozen_model(load_model(path_of(name)), {.seed = 7});
        Simulation simulation(frozen.model);
        const std::vector<double> start = simulation.read("hidden.r");
        write(simulation, strengths);
        const Evaluation found = evaluate(frozen, simulation);
        CHECK(found.steps == 10'000);
        CHECK(found.settle == 100);

        Strengths forward = strengths;
        std::erase_if(forward, [](const auto& one) {
            return one.first != "W_rec" && one.first != "W_in" && one.first != "b" &&
                   one.first != "W_out" && one.first != "b_out";
        });
        Network network(forward, Eigen::Map<const Vector>(start.data(), 32));
        const Add add{Stream(7, "evaluate/task/input")};
        double sum = 0.0, wrong = 0.0, counted = 0.0;
        for (std::int64_t step = 1; step <= 10'100; ++step) {
            const Vector v = network.output(add.input(step)), label = add.label(step);
            if (step <= 100) continue;
            sum += cross_entropy(v, label);
            if (label(0) == label(1)) continue;
            ++counted;
            wrong += (v(0) > v(1)) != (label(0) > label(1));
        }
        CHECK(found.loss.mean == Approx(sum / 10'000).epsilon(1e-10));
        REQUIRE(found.choices);
        CHECK(double(found.choices->counted()) == counted);
        CHECK(found.choices->error() == Approx(wrong / counted).epsilon(1e-12));
        CHECK(std::abs(found.loss.mean - expected) < 0.01);
        CHECK(found.loss.error > 0.0);
        CHECK(found.loss.error < 0.01);
    }
}

TEST_CASE("an output that only learns its bias follows its label and knows nothing of it",
          "[evaluate]") {
    // Label +1 and -1 in blocks of 100 steps, delta rule with rate 1/2: each step halves the error,
    // which is 2 where a block begins. Learning: 1/2 sum over k of 4 4^-k, by 100, = 0.026667.
    TemporaryHdf5 data;
    std::vector<double> labels(200, 1.0);
    std::fill(labels.begin() + 100, labels.end(), -1.0);
    data.write("x", {200, 1}, std::vector<double>(200, 1.0));
    data.write("y", {200, 1}, labels);
    data.close();
    const TemporaryFolder folder;
    const std::string path =
        folder.write("bias.toml", fmt::format(R"(
format = 1
phase = [{{ name = "forward", ms = 6.0 }}, {{ name = "update", ms = 4.0 }}]
population.input.role = "input"
population.label.role = "label"
population.one.role = "constant"
population.output.role = "output"
population.error = {{ role = "error", during = "update" }}
synapses.b_out = {{ from = "one", to = "output.soma", during = "forward", init = {{ constant = 0.0 }} }}
plasticity.readout = {{ rule = "delta", synapses = ["b_out"], rate = 0.5 }}
task = {{ kind = "file", path = "{}/{}", repeat = true, readout = "linear" }}
record.loss.what = "loss"
run = {{ steps = 10_000, seed = 1, output = "{}" }}
)",
                                              data.directory(), data.name(), folder / "bias.h5"));
    const RunSummary summary = run_model(load_model(path));
    CHECK(summary.loss == Approx(2.0 * (1.0 / (1.0 - 0.25)) / 100.0).epsilon(1e-9));
    const StoredRun run(folder / "bias.h5");
    const EvaluatedRun evaluated(run);
    const Evaluation found = evaluated.after(evaluated.last());
    CHECK(found.loss.mean == Approx(1.0).epsilon(1e-9));  // half of (0 + 4) / 2
    CHECK(is_learning_the_memory(summary.loss, found.loss));
    // 500 steps of blocks of 100, from the second block on: 3 wrong ones and 2, in turn; the
    // means are 1.2 and 0.8.
    CHECK(found.loss.error == Approx(0.2 / std::sqrt(19.0)).epsilon(1e-9));
    REQUIRE(found.nearness);
    CHECK(found.nearness->mean_square(0) == Approx(2.0).epsilon(1e-9));
    CHECK(std::isnan(found.nearness->correlation(0)));  // the output does not change
}

TEST_CASE("a frozen loss that is larger by less is no memory", "[evaluate]") {
    CHECK(is_learning_the_memory(0.1275, {0.7260, 0.01}));
    CHECK_FALSE(is_learning_the_memory(0.5398, {0.5361, 0.002}));
    CHECK_FALSE(is_learning_the_memory(0.50, {0.59, 0.001}));  // less than a fifth
    CHECK_FALSE(is_learning_the_memory(0.1, {0.2, 0.03}));     // less than 5 errors
    CHECK_FALSE(is_learning_the_memory(0.1, {0.2, std::nan("")}));
}

TEST_CASE("a task of an evaluation has other draws and the same teacher", "[evaluate]") {
    const auto presented = [](const RunStreams& streams, const std::string& probability) {
        Table root = parse_toml(
            "[population.label]\nrole = \"label\"\n[task]\nkind = \"mimic\"\ninputs = 3\n"
            "outputs = 2\ncells = 5\nprobability = " +
                probability,
            "model.toml");
        std::vector<std::string> told;
        const auto task = load_task(root, streams, {}, 0, told);
        const auto presentation = task->begin();
        std::vector<double> inputs, labels;
        for (int step = 1; step <= 30; ++step) {
            std::vector<double> input(3), label(2);
            presentation->present(step, input, label);
            inputs.insert(inputs.end(), input.begin(), input.end());
            labels.insert(labels.end(), label.begin(), label.end());
        }
        return std::pair(inputs, labels);
    };
    // Inputs that are always 1 draw nothing: labels are what the teacher makes of them.
    CHECK(presented(RunStreams(3), "1.0").second == presented(RunStreams(3, 1), "1.0").second);
    CHECK(presented(RunStreams(3), "1.0").second != presented(RunStreams(4, 1), "1.0").second);
    CHECK(presented(RunStreams(3), "0.5").first != presented(RunStreams(3, 3), "0.5").first);
    CHECK(presented(RunStreams(3, 1), "0.5").first != presented(RunStreams(3, 2), "0.5").first);
    // The evaluation's inputs are of its own seed, whatever the run's.
    CHECK(presented(RunStreams(3, 1), "0.5").first == presented(RunStreams(4, 1), "0.5").first);
}

TEST_CASE("an evaluation draws from streams of its own by name", "[evaluate]") {
    const FrozenModel frozen = frozen_model(load_model(path_of("rflo")), {.seed = 1});
    CHECK(frozen.model.task->streams() == std::vector<std::string>{"evaluate/task/input"});
    CHECK(frozen.model.seed == 1);
    Simulation training(frozen.model);  // strengths and rates begin as those of the run
    const Model model = load_model(path_of("rflo"));
    Simulation run(model);
    CHECK(same_bits(training.read("W_rec"), run.read("W_rec")));
    CHECK(same_bits(training.read("hidden.r"), run.read("hidden.r")));
    const auto inputs = [](const Model& of) {
        Simulation simulation(of);
        std::vector<double> all;
        for (int step = 1; step <= 100; ++step) {
            simulation.step();
            all.push_back(simulation.read("input.r").front());
        }
        return all;
    };
    CHECK(inputs(frozen.model) != inputs(model));
}

TEST_CASE("noise and late gates of an evaluation are draws of its own", "[evaluate]") {
    const auto text = [](const std::string& more) {
        return common_lines + hidden_lines + "population.hidden = { size = 4 }\n" + more;
    };
    const std::string late = text(
        "gate.late = { opens = \"hidden.soma\", during = \"forward\", latency_ms = 1.0, jitter_ms "
        "= "
        "0.5 }\n");
    const auto rates = [](const Model& model) {
        Simulation simulation(model);
        std::vector<double> all;
        for (int step = 1; step <= 20; ++step) {
            // The same input in both: what differs is when the gate opens.
            simulation.step();
            all.push_back(simulation.read("gate.late.delay").front());
        }
        return all;
    };
    const Model model = model_of_text(late);
    const FrozenModel one = frozen_model(model_of_text(late), {.seed = 1}),
                      other = frozen_model(model_of_text(late), {.seed = 2});
    CHECK(rates(one.model) == rates(one.model));
    CHECK(rates(one.model) != rates(other.model));
    CHECK(rates(one.model) != rates(model));
}

TEST_CASE("an evaluation is as long as its task allows", "[evaluate]") {
    struct Ends final : Task {
        explicit Ends(std::int64_t end) : end_(end) {}
        TaskShape shape() const override { return {1, 1, Activation::linear}; }
        std::int64_t steps() const override { return end_; }
        std::unique_ptr<Presentation> begin() const override { return nullptr; }
        std::int64_t end_;
    };
    const auto lengths = [](std::int64_t end, const EvaluationOptions& options) {
        const EvaluationSteps steps = steps_of_evaluation(Ends(end), options);
        return std::pair(steps.settle, steps.steps);
    };
    using Lengths = std::pair<std::int64_t, std::int64_t>;
    CHECK(lengths(-1, {}) == Lengths(100, 10'000));
    CHECK(lengths(-1, {.steps = 7, .settle = 0}) == Lengths(0, 7));
    CHECK(lengths(500, {}) == Lengths(50, 450));
    CHECK(lengths(1'000'000, {}) == Lengths(100, 10'000));
    CHECK(lengths(500, {.settle = 400}) == Lengths(400, 100));
    const auto message = [&](std::int64_t end, const EvaluationOptions& options) {
        try {
            lengths(end, options);
        } catch (const Error& error) {
            CHECK(error.code() == ExitCode::usage);
            return std::string(error.what());
        }
        return std::string();
    };
    CHECK(message(500, {.steps = 500}) ==
          "the task ends after 500 steps, and 50 of `settle` and 500 of `steps` are more; expected "
          "fewer, or repeat = true in [task]");
    CHECK_THAT(message(-1, {.steps = 0}), Catch::StartsWith("`steps` is 0; expected a whole number "
                                                            "from 1"));
    CHECK_THAT(message(-1, {.settle = -1}), Catch::StartsWith("`settle` is -1"));
}

TEST_CASE("an evaluation begins before the first step and ends when it is asked to", "[evaluate]") {
    const FrozenModel frozen =
        frozen_model(load_model(path_of("rflo")), {.steps = 50, .settle = 5});
    Simulation stepped(frozen.model);
    stepped.step();
    CHECK_THROWS_WITH(evaluate(frozen, stepped),
                      "an evaluation begins before the simulation's first step");
    StopRequest stop;
    stop.ask_to_end();
    Simulation simulation(frozen.model);
    const Evaluation none = evaluate(frozen, simulation, &stop);
    CHECK(none.steps == 0);
    CHECK(std::isnan(none.loss.mean));
}
