#pragma once

#include <span>
#include <string_view>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/engine/plan/plan.hpp"

namespace apical {

class Workers;

// A pass turns the program of a run, or its plan, into another one that makes the same numbers in
// less time. A model chooses passes by `run.passes`. (A `Pass` of sim/engine/kernels/kernels.hpp is
// something else: one way through matrices.) It has one of three forms, and two null pointers:
struct PlanPass {
    std::string_view name;
    std::string_view does;
    bool of_fusing = false;  // `run.fuse = false` leaves it out
    // Program -> program, before there is a plan. The slots of the first program come first in the
    // second one, as they are.
    Program (*rewrite)(const Program& program) = nullptr;
    // Program -> plan, in place of Plan::compile.
    Plan (*compile)(const Program& program, State& state, const Kernels& kernels) = nullptr;
    // Plan -> plan. The workers may be null and must outlive the plan.
    void (*refine)(Plan& plan, const Kernels& kernels, Workers* workers) = nullptr;
};

// All passes, in the order in which they are applied.
std::span<const PlanPass> plan_passes();

// A choice of them, in the order of the table.
using PlanPasses = std::vector<const PlanPass*>;
PlanPasses all_plan_passes();

// The program that these passes make of another one.
Program optimised_program(const Program& program, const PlanPasses& passes);
// The plan that they make of such a program, which is the state's; without any it is the one of
// Plan::compile. State and workers, which may be null, must outlive it.
Plan optimised_plan(State& state, const PlanPasses& passes, const Kernels& kernels,
                    Workers* workers);

}  // namespace apical
