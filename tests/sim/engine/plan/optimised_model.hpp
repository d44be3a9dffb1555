// A model that is stepped by the plan that a run of it has.
#pragma once

#include "sim/engine/plan/passes.hpp"
#include "tests/small_circuit.hpp"

namespace apical {

class OptimisedModel {
public:
    explicit OptimisedModel(Model loaded)
        : model(std::move(loaded)),
          state(model.program),
          plan(prepare(model, state)),
          scheduler(model, plan, state, nullptr) {}
    OptimisedModel(const OptimisedModel&) = delete;
    OptimisedModel& operator=(const OptimisedModel&) = delete;

    void step() {
        scheduler.run_to(scheduler.step() + 1);
        scheduler.flush();
    }
    // The numbers of a slot as they lie.
    std::vector<double> numbers(const std::string& address) {
        const std::span<const double> all = state.numbers(model.program.find(address));
        return {all.begin(), all.end()};
    }
    std::ptrdiff_t passes() const {
        std::ptrdiff_t count = 0;
        for (std::size_t phase = 0; phase < model.circuit.phases.size(); ++phase) {
            const auto steps = plan.steps(phase);
            count += std::count_if(steps.begin(), steps.end(),
                                   [](const Step& step) { return step.pass != nullptr; });
        }
        return count;
    }

    Model model;
    State state;
    Plan plan;
    Scheduler scheduler;

private:
    static Plan prepare(const Model& model, State& state) {
        initialize(state, model.circuit, model.seed, model.directory);
        return optimised_plan(state, all_plan_passes(), best_kernels(), nullptr);
    }
};

// Performs a model by its passes beside one that performs single operations: every number of that
// one is the same, bit by bit, behind each so many steps.
inline void same_by_passes(const Model& model, SteppedModel& plain, std::int64_t steps,
                           std::int64_t every) {
    const Program program = optimised_program(model.program, all_plan_passes());
    State state(program);
    initialize(state, model.circuit, model.seed, model.directory);
    const Plan plan = optimised_plan(state, all_plan_passes(), best_kernels(), nullptr);
    Scheduler scheduler(model, plan, state, nullptr);
    for (std::int64_t step = 1; step <= steps; ++step) {
        plain.step();
        scheduler.run_to(step);
        if (step % every != 0) continue;
        scheduler.flush();
        for (std::size_t i = 0; i < plain.model.program.slots.size(); ++i) {
            const std::string& name = plain.model.program.slots[i].name;
            INFO("step " << step << ", " << name);
            const SlotId slot = model.program.find(name);
            REQUIRE(slot);
            const std::span<const double> found = state.numbers(slot),
                                          expected = plain.state.numbers(SlotId(i));
            REQUIRE(std::memcmp(found.data(), expected.data(), found.size_bytes()) == 0);
        }
    }
}

}  // namespace apical
