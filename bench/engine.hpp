#pragma once

#include <fmt/format.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "sim/diagnosis/diagnosis.hpp"
#include "sim/engine/initialize.hpp"
#include "sim/engine/plan/plan.hpp"
#include "sim/model/model.hpp"
#include "sim/runs/run.hpp"
#include "sim/simulation/scheduler.hpp"

namespace apical {

struct EngineOptions {
    bool fused = true;
    bool strict = false;
    bool aligned = false;  // with RTRL's gradient, in every step
    int threads = 1;
    const Kernels* kernels = nullptr;  // or the best ones
};

// The orthogonal start of large networks takes minutes, and costs no step anything.
inline std::vector<std::string> engine_overrides(std::int64_t cells, const EngineOptions& options) {
    std::vector<std::string> all = {
        fmt::format("population.hidden.size={}", cells), "run.steps=1000000000",
        fmt::format("run.fuse={}", options.fused), fmt::format("run.strict={}", options.strict)};
    if (options.aligned) all.emplace_back("diagnose.alignment=true");
    if (cells > 1024) all.emplace_back("synapses.W_rec.init={ normal = \"1/sqrt(pre)\" }");
    return all;
}

inline const Kernels& kernels_of(const EngineOptions& options) {
    if (options.kernels) return *options.kernels;
    return best_kernels(options.strict ? Rounding::strict : Rounding::fused);
}

// A shipped model with everything that a run of it has but the recorder.
struct Engine {
    Engine(const std::string& name, std::int64_t cells, const EngineOptions& options = {})
        : Engine(load_model(fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, name),
                            engine_overrides(cells, options)),
                 options) {}
    Engine(Model loaded, const EngineOptions& options)
        : model(std::move(loaded)),
          program(optimised_program(model)),
          state(program),
          workers(options.threads),
          plan((initialize(state, model.circuit, model.seed, model.directory),
                optimised_plan(model, state, workers, kernels_of(options)))),
          diagnosis(options.aligned
                        ? std::make_unique<Diagnosis>(
                              measured(model),
                              Plan::compile(model.program, state, kernels_of(options)), state)
                        : nullptr),
          scheduler(model, plan, state, nullptr, diagnosis.get()) {}

    // What the plan alone does in a step: no task, queue or check of the numbers.
    void perform(std::int64_t step) {
        model.noise->draw(step, state);  // else UORO, KF-RTRL and R-KF die out
        for (std::size_t phase = 0; phase < model.circuit.phases.size(); ++phase) {
            plan.run_gates(phase);
            plan.run_phase(phase, step, false);
        }
        plan.run_step_end(step);
    }

    Model model;
    Program program;
    State state;
    Workers workers;
    Plan plan;
    std::unique_ptr<Diagnosis> diagnosis;
    Scheduler scheduler;
};

}  // namespace apical
