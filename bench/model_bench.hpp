#pragma once

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>
#include <vector>

#include "sim/initialize.hpp"
#include "sim/model.hpp"
#include "sim/plan.hpp"
#include "sim/scheduler.hpp"
#include "sim/whole_run.hpp"

namespace apical {

extern const Kernels kernels_native;  // for this machine, by -march=native

struct BenchOptions {
    bool fused = true;
    bool native = false;
    bool strict = false;
    int threads = 1;
};

// The orthogonal start of large networks takes minutes, and costs no step anything.
inline std::vector<std::string> bench_overrides(std::int64_t cells, const BenchOptions& options) {
    std::vector<std::string> all = {
        fmt::format("population.hidden.size={}", cells), "run.steps=1000000000",
        fmt::format("run.fuse={}", options.fused), fmt::format("run.strict={}", options.strict)};
    if (cells > 1024) all.emplace_back("synapses.W_rec.init={ normal = \"1/sqrt(pre)\" }");
    return all;
}

// Everything a run has but the recorder.
struct Bench {
    Bench(const std::string& name, std::int64_t cells, const BenchOptions& options = {})
        : model(load_model(fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, name),
                           bench_overrides(cells, options))),
          program(performed_program(model)),
          state(program),
          workers(options.threads),
          plan((initialize(state, model.circuit, model.seed, model.directory),
                performed_plan(model, state, workers,
                               options.native ? kernels_native : best_kernels(model.rounding)))),
          scheduler(model, plan, state, nullptr) {}

    Model model;
    Program program;
    State state;
    Workers workers;
    Plan plan;
    Scheduler scheduler;
};

// The kernels of the plan alone.
inline void plan_only(benchmark::State& measured, const std::string& name,
                      const BenchOptions& options) {
    Bench bench(name, measured.range(0), options);
    std::int64_t step = 0;
    for (auto _ : measured) {
        ++step;
        bench.model.noise->draw(step, bench.state);  // else UORO, KF-RTRL and R-KF die out
        for (std::size_t phase = 0; phase < bench.model.circuit.phases.size(); ++phase) {
            bench.plan.run_gates(phase);
            bench.plan.run_phase(phase, step, false);
        }
        bench.plan.run_step_end(step);
    }
}

}  // namespace apical
