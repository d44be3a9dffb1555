// One model, many runs: a model is facts alone, and what changes belongs to the run.
#include <thread>

#include "sim/audit/influence.hpp"
#include "sim/model/algorithms.hpp"
#include "sim/runs/run.hpp"
#include "sim/verify/verify.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr int steps_of_run = 300;

Model shipped(std::string_view name) {
    return load_model(fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, name),
                      {fmt::format("run.steps={}", steps_of_run), "checkpoint.every=100",
                       "diagnose.change=true", "population.hidden.size=12"});
}

// The numbers that a run ends with, and its mean loss over the headline window.
struct Ended {
    std::vector<double> numbers;
    double loss = 0.0;

    bool operator==(const Ended& other) const {
        return same_bits(numbers, other.numbers) && loss == other.loss;
    }
};

Ended ended(Run& run) {
    while (run.advance()) {
    }
    Ended end{{}, run.finish().loss};
    for (std::size_t i = 0; i < run.state().program().slots.size(); ++i) {
        const std::span<const double> numbers = run.state().numbers(SlotId(i));
        end.numbers.insert(end.numbers.end(), numbers.begin(), numbers.end());
    }
    return end;
}

Ended run_alone(const Model& model) {
    Run run(model);
    run.begin(nullptr);
    return ended(run);
}

}  // namespace

TEST_CASE("two runs of one model in two threads are what each is alone", "[runs]") {
    for (const Algorithm& algorithm : algorithms()) {
        INFO(algorithm.name);
        const Model model = shipped(algorithm.name);
        const Ended alone = run_alone(shipped(algorithm.name));
        Ended first, second;
        std::thread one([&] { first = run_alone(model); });
        std::thread other([&] { second = run_alone(model); });
        one.join();
        other.join();
        CHECK(first == alone);
        CHECK(second == alone);
        CHECK(run_alone(model) == alone);
    }
}

TEST_CASE("a run inside a run of the same model changes neither", "[runs]") {
    for (const Algorithm& algorithm : algorithms()) {
        INFO(algorithm.name);
        const Model model = shipped(algorithm.name);
        const Ended alone = run_alone(shipped(algorithm.name));
        Run outer(model);
        outer.begin(nullptr);
        CHECK(outer.advance());
        CHECK(run_alone(model) == alone);
        CHECK(ended(outer) == alone);
    }
}

TEST_CASE("a model that was run, verified and nudged runs as a fresh one", "[runs]") {
    const Model model = shipped("dni_b");
    const Ended alone = run_alone(shipped("dni_b"));
    run_alone(model);
    CHECK(verify(model, 60).declared.hold());
    CHECK(verify(model, 60).declared.hold());
    measure_influence(model);
    CHECK(run_alone(model) == alone);
}
