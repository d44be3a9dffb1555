#pragma once

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include "sim/fuse.hpp"
#include "sim/initialize.hpp"
#include "sim/model.hpp"
#include "sim/plan.hpp"
#include "sim/scheduler.hpp"
#include "sim/whole_run.hpp"

namespace apical {

// Everything a run has but the recorder.
struct Bench {
    Bench(const std::string& name, std::int64_t cells, bool fused)
        : model(load_model(fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, name),
                           {fmt::format("population.hidden.size={}", cells), "run.steps=1000000000",
                            fmt::format("run.fuse={}", fused), "record={}"})),
          program(performed_program(model)),
          state(program),
          plan((initialize(state, model.circuit, model.seed, model.directory),
                fused ? fuse(program, state) : Plan::compile(program, state))),
          scheduler(model, plan, state, nullptr) {}

    Model model;
    Program program;
    State state;
    Plan plan;
    Scheduler scheduler;
};

// The kernels of the plan alone.
inline void plan_only(benchmark::State& measured, const std::string& name, bool fused) {
    Bench bench(name, measured.range(0), fused);
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
