#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "sim/engine/initialize.hpp"
#include "sim/engine/plan/passes.hpp"
#include "sim/model/model.hpp"

namespace apical {

inline PlanPasses passes_named(const std::vector<std::string_view>& names) {
    PlanPasses passes = all_plan_passes();
    std::erase_if(passes, [&](const PlanPass* pass) {
        return std::find(names.begin(), names.end(), pass->name) == names.end();
    });
    REQUIRE(passes.size() == names.size());
    return passes;
}

inline bool has_pass(const PlanPasses& passes, std::string_view name) {
    return std::any_of(passes.begin(), passes.end(),
                       [&](const PlanPass* pass) { return pass->name == name; });
}

// A model that is stepped phase by phase, by the plan that these passes make.
class Driven {
public:
    Driven(const std::string& path, const std::vector<std::string>& overrides,
           const PlanPasses& passes, const Kernels& kernels = best_kernels())
        : model(load_model(path, overrides)),
          program(optimised_program(model.program, passes)),
          state(program),
          plan((initialize(state, model.circuit, model.seed, model.directory),
                optimised_plan(state, passes, kernels, nullptr))),
          input_(rates(Role::input)),
          label_(rates(Role::label)),
          task_(model.task->begin()) {
        task_->present(1, input_, label_);
        plan.run_step_end(0);
    }

    void begin_step() {
        ++step_;
        if (step_ > 1) task_->present(step_, input_, label_);
        model.noise->draw(step_, state);
    }
    void run_phase(std::size_t phase) {
        plan.run_gates(phase);
        plan.run_phase(phase, step_);
    }
    void end_step() { plan.run_step_end(step_); }
    void step() {
        begin_step();
        for (std::size_t phase = 0; phase < phases(); ++phase) run_phase(phase);
        end_step();
    }
    std::size_t phases() const { return model.circuit.phases.size(); }

    Model model;
    Program program;
    State state;
    Plan plan;

private:
    std::span<double> rates(Role role) {
        const PopulationId population = model.circuit.find_role(role);
        const SlotId slot = model.program.find(model.circuit[population].name + ".r");
        return {state.data(slot), std::size_t(model.circuit[population].size)};
    }
    std::span<double> input_, label_;
    std::unique_ptr<Presentation> task_;
    std::int64_t step_ = 0;
};

// The part of a slot's largest entry by which numbers may differ from the plain plan's: none, to
// the last bit, unless Jacobians are not formed.
inline double rounding_of(const Driven& run) {
    return run.program.slots.size() == run.model.program.slots.size() ? 0.0 : 1e-12;
}

// All slots of the model, to this part of each one's largest entry; 0: to the last bit.
inline void require_same(const Driven& run, const Driven& plain, double within) {
    const Program& program = plain.model.program;
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const auto a = run.state.numbers(SlotId(i)), b = plain.state.numbers(SlotId(i));
        if (std::memcmp(a.data(), b.data(), a.size_bytes()) == 0) continue;
        if (within == 0.0) FAIL(program.slots[i].name);
        INFO(program.slots[i].name);
        double largest = 0.0, difference = 0.0;
        for (std::size_t k = 0; k < a.size(); ++k) {
            largest = std::max(largest, std::abs(b[k]));
            difference = std::max(difference, std::abs(a[k] - b[k]));
        }
        REQUIRE(difference <= within * largest);
    }
}

}  // namespace apical
