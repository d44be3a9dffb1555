// Kernels lead from a step to the next one (go_on): one that did not would leave out what stands
// behind it, and nobody else would say so.
#include "tests/sim/engine/kernels/padded_numbers.hpp"
#include "tests/sim/engine/plan/driven_model.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

int counted;
void count_step(const Step&) { ++counted; }

// How many steps are run when `step` is, with one behind it.
int run_with_next(Step step, std::uint32_t alike) {
    step.alike = alike;
    Step next;
    next.run = count_step;
    const Step both[] = {step, next};
    counted = 0;
    both->run(*both);
    return counted;
}

template <class Check>
void for_each_step(const Driven& run, Check check) {
    const auto all = [&](std::span<const Step> list) {
        for (const Step& step : list) check(step);
    };
    for (std::size_t phase = 0; phase < run.phases(); ++phase) {
        all(run.plan.gates(phase));
        all(run.plan.steps(phase));
    }
    all(run.plan.step_end());
}

}  // namespace

TEST_CASE("every kernel of a plan goes on to the step that runs together with it", "[plan]") {
    const char* const cells = GENERATE("13", "300");  // those of 300 are split into blocks of rows
    const Kernels& kernels = *GENERATE(from_range(all_instruction_sets()));
    const PlanPasses passes = GENERATE(PlanPasses{}, all_plan_passes());
    for (const char* const name : {"dni_b", "uoro", "bptt_window", "kernl", "kf_rtrl"}) {
        INFO(name << ", " << cells << " cells, " << kernels.instruction_set);
        const Driven run(fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, name),
                         {fmt::format("population.hidden.size={}", cells)}, passes, kernels);
        for_each_step(run, [&](const Step& step) {
            INFO("operation " << step.operation + 1);
            REQUIRE(run_with_next(step, 2) == 1);
            REQUIRE(run_with_next(step, 1) == 0);
        });
    }
}

TEST_CASE("a step alone leads to no other one", "[plan]") {
    const Driven run(fmt::format("{}/models/dni_b.toml", APICAL_SOURCE_DIR), {}, {});
    std::size_t together = 0;
    for_each_step(run, [&](const Step& step) {
        together += step.alike > 1;
        REQUIRE(run_with_next(step.alone(), step.alone().alike) == 0);
    });
    REQUIRE(together > 0);
}

TEST_CASE("no more than 64 steps lead to each other", "[plan]") {
    const Driven run(fmt::format("{}/models/bptt.toml", APICAL_SOURCE_DIR), {}, {});
    std::uint32_t most = 0;
    for_each_step(run, [&](const Step& step) { most = std::max(most, step.alike); });
    REQUIRE(most == 64);
}
