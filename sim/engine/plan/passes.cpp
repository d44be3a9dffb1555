#include "sim/engine/plan/passes.hpp"

#include <algorithm>
#include <array>

#include "sim/engine/plan/eliminate_jacobians.hpp"
#include "sim/engine/plan/fuse.hpp"

namespace apical {

namespace {

Program rewritten_program(const Program& program) { return eliminate_jacobians(program).program; }

void split_rows(Plan& plan, const Kernels& kernels, Workers* workers) {
    plan.split(kernels, workers);
}

// Precedences: a rewritten program is what is compiled, so rewriting comes first; fused products
// are split as wholes, so splitting comes last. The texts stand in docs/performance.md, too.
constexpr std::array all_passes = {
    PlanPass{.name = "eliminate_jacobians",
             .does = "an exact Jacobian that only vectors are multiplied by is not formed",
             .of_fusing = true,
             .rewrite = rewritten_program},
    PlanPass{.name = "fuse",
             .does = "products and changes of a matrix share their way through it",
             .of_fusing = true,
             .compile = fuse},
    PlanPass{.name = "split",
             .does = "a matrix of more than 256 rows is gone through in blocks, by several threads",
             .refine = split_rows},
};

}  // namespace

std::span<const PlanPass> plan_passes() { return all_passes; }

PlanPasses all_plan_passes() {
    PlanPasses all;
    for (const PlanPass& pass : all_passes) all.push_back(&pass);
    return all;
}

namespace {

// What waits while an event is on is performed as it is listed: no pass has it, and no program is
// written otherwise of which something waits.
bool waits(const Program& program) {
    return std::any_of(program.operations.begin(), program.operations.end(),
                       [](const Operation& op) { return bool(op.event); });
}

}  // namespace

Program optimised_program(const Program& program, const PlanPasses& passes) {
    Program made = program;
    for (const PlanPass* pass : passes) {
        if (pass->rewrite && !waits(program)) made = pass->rewrite(made);
    }
    return made;
}

Plan optimised_plan(State& state, const PlanPasses& passes, const Kernels& kernels,
                    Workers* workers) {
    const auto compiles = std::find_if(passes.begin(), passes.end(), [](const PlanPass* pass) {
        return pass->compile != nullptr;
    });
    Plan plan = compiles == passes.end() ? Plan::compile(state.program(), state, kernels)
                                         : (*compiles)->compile(state.program(), state, kernels);
    for (const PlanPass* pass : passes) {
        if (pass->refine) pass->refine(plan, kernels, workers);
    }
    return plan;
}

}  // namespace apical
