// What is measured of the plain plan holds of the one that runs have, whichever passes make it:
// whichever number is nudged, both make of it the same strengths.
#include "sim/runs/run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr std::int64_t warm_up = 12;

// A state and a plan that steps it, without a scheduler.
struct Side {
    Side(const Model& loaded, bool as_a_run)
        : model(loaded),
          program(as_a_run ? optimised_program(loaded) : loaded.program),
          state(program),
          workers(1),
          plan(as_a_run ? optimised_plan(loaded, state, workers, *loaded.kernels)
                        : Plan::compile(program, state)),
          task(loaded.task->begin()) {
        initialize(state, model.circuit, model.seed, model.directory);
    }

    std::span<double> rates(Role role) {
        const Population& cells = model.circuit[model.circuit.find_role(role)];
        return {state.data(program.find(cells.name + ".r")), static_cast<std::size_t>(cells.size)};
    }
    void step(std::int64_t step) {
        task->present(step, rates(Role::input), rates(Role::label));
        model.noise->draw(step, state);
        for (std::size_t phase = 0; phase < program.phase_names.size(); ++phase) {
            plan.run_gates(phase);
            plan.run_phase(phase, step);
        }
        plan.run_step_end(step);
    }
    Matrix numbers(SlotId slot) const {
        Matrix all(program[slot].rows, program[slot].columns);
        state.read(slot, all.data());
        return all;
    }
    // Takes the numbers of the slots that the two have in common.
    void take(const Side& other) {
        plan.flush();
        for (std::size_t i = 0; i < model.program.slots.size(); ++i)
            state.write(SlotId(i), other.numbers(SlotId(i)).data());
    }

    const Model& model;
    Program program;
    State state;
    Workers workers;
    Plan plan;
    std::unique_ptr<Presentation> task;
};

// Two steps after an entry of a slot was nudged.
void check_nudge(const Side& start, Side& plain, Side& as_a_run, SlotId slot, double to) {
    for (Side* side : {&plain, &as_a_run}) {
        side->take(start);
        Matrix nudged = side->numbers(slot);
        nudged(nudged.rows() - 1, nudged.cols() - 1) += to;
        side->state.write(slot, nudged.data());
        side->step(warm_up + 1);
        side->step(warm_up + 2);
        side->plan.flush();
    }
    for (std::size_t i = 0; i < start.program.slots.size(); ++i) {
        if (start.program.slots[i].shape != Shape::per_synapse) continue;
        INFO(start.program[slot].name << " on " << start.program.slots[i].name);
        CHECK(distance(as_a_run.numbers(SlotId(i)), plain.numbers(SlotId(i))) < 1e-12);
    }
}

}  // namespace

TEST_CASE("the plan that runs have makes of every nudge what the plain plan does",
          "[audit][influence]") {
    const std::string passes = GENERATE("[\"eliminate_jacobians\", \"fuse\", \"split\"]",
                                        "[\"eliminate_jacobians\"]", "[\"fuse\"]");
    for (const std::string& path : shipped_models()) {
        INFO(path << ", " << passes);
        const Model model =
            load_model(path, {"population.hidden.size=5", "run.steps=40", "run.passes=" + passes});
        Side start(model, false), plain(model, false), as_a_run(model, true);
        for (std::int64_t step = 1; step <= warm_up; ++step) start.step(step);
        for (std::size_t i = 0; i < model.program.slots.size(); ++i) {
            if (model.program.slots[i].what == What::measured) continue;
            check_nudge(start, plain, as_a_run, SlotId(i), 0.1);
        }
    }
}
