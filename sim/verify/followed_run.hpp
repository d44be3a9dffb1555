#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "sim/engine/initialize.hpp"
#include "sim/engine/plan/workers.hpp"
#include "sim/runs/simulation.hpp"
#include "sim/simulation/scheduler.hpp"

namespace apical {

// What `apical run` performs, stopped in each step before the step's end moves what is remembered.
class FollowedRun {
public:
    // The model must outlive this.
    explicit FollowedRun(const Model& model)
        : program_(program_of(model)),
          state_(program_),
          workers_(1),
          plan_(started(model)),
          scheduler_(model, plan_, state_, nullptr),
          phases_(model.circuit.phases.size()) {}
    FollowedRun(const FollowedRun&) = delete;
    FollowedRun& operator=(const FollowedRun&) = delete;

    void run_phases() {
        scheduler_.run_phases();
        plan_.flush(phases_ - 1);
    }
    void end_step() {
        scheduler_.run_to(scheduler_.step() + 1);
        plan_.flush();
    }
    std::int64_t steps() const { return scheduler_.step(); }
    double loss() const { return scheduler_.loss(); }
    const State& state() const { return state_; }

private:
    // The program of a run, with what it makes for observers only in every step.
    static Program program_of(const Model& model) {
        Program program = optimised_program(model);
        for (Operation& op : program.operations) op.every = std::max(op.every, 1);
        return program;
    }
    Plan started(const Model& model) {
        initialize(state_, model.circuit, model.seed, model.directory);
        return optimised_plan(model, state_, workers_, *model.kernels);
    }

    Program program_;
    State state_;
    Workers workers_;
    Plan plan_;
    Scheduler scheduler_;
    std::size_t phases_;
};

}  // namespace apical
