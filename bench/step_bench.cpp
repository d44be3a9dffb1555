// Time of one step, recording off. Compare figures of one run only: machines drift.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "sim/initialize.hpp"
#include "sim/model.hpp"
#include "sim/plan.hpp"
#include "sim/scheduler.hpp"

namespace {

using namespace apical;

// Everything a run has but the recorder.
struct Bench {
    Bench(const std::string& name, std::int64_t cells)
        : model(load_model(
              fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, name),
              {fmt::format("population.hidden.size={}", cells), "run.steps=1000000000"})),
          state(model.program),
          plan((initialize(state, model.circuit, model.seed, model.directory),
                Plan::compile(model.program, state))),
          scheduler(model, plan, state, nullptr) {}

    Model model;
    State state;
    Plan plan;
    Scheduler scheduler;
};

// The event-driven run: task, queue, gates, plan, loss, check of every number.
void whole_step(benchmark::State& measured, const std::string& name) {
    Bench bench(name, measured.range(0));
    for (auto _ : measured) bench.scheduler.run_to(bench.scheduler.step() + 1);
}

// The kernels of the plan alone.
void plan_only(benchmark::State& measured, const std::string& name) {
    Bench bench(name, measured.range(0));
    std::int64_t step = 0;
    for (auto _ : measured) {
        ++step;
        for (std::size_t phase = 0; phase < bench.model.circuit.phases.size(); ++phase) {
            bench.plan.run_gates(phase);
            bench.plan.run_phase(phase, step);
        }
        bench.plan.run_step_end(step);
    }
}

const int registered = [] {
    for (const std::string name : {"fixed_w", "rflo", "dni_b"}) {
        benchmark::RegisterBenchmark(("step/" + name).c_str(), whole_step, name)
            ->Arg(32)
            ->Arg(128)
            ->Arg(512);
        benchmark::RegisterBenchmark(("plan/" + name).c_str(), plan_only, name)->Arg(32);
    }
    return 0;
}();

}  // namespace
