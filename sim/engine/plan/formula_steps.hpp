#pragma once

#include <deque>
#include <vector>

#include "circuits/program/operation.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/plan/fired_columns.hpp"
#include "sim/engine/plan/tile_programs.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// The formulas of a plan's operations, with every pointer resolved. Addresses stay, since steps
// point here.
class FormulaStore {
public:
    // Operation of the function `formula`, whose formula is sound, on the slots of this state. A
    // product that only a sum or a difference reads is rounded with it; where both sides are such,
    // it is the second, so that a b + c d is rounded as `sum` rounds it. What is alike for all
    // entries is computed once. Asks for room in the state's step memory.
    const FormulaSteps& add(const Operation& operation, State& state);
    // Formulas at synapses, as register programs.
    TilePrograms& tiles() { return tiles_; }
    // A copy of a step that stays where it is.
    const Step& kept(const Step& step) { return conditional_.emplace_back(step); }
    // A step that goes through the columns of cells that fired, in place of one through all rows,
    // which it runs when many did.
    Step by_columns(const Step& all_rows, const SynapseRows& rows, KernelFunction run) {
        Step step = all_rows;
        step.run = run;
        step.conditional = &kept(all_rows);
        const SynapseColumns& by = columns_.of(rows, step.columns);
        step.start = by.start.data();
        step.column = by.entries.data();
        return step;
    }
    // A step that runs this one while an event's number is `on`.
    Step conditional(const Step& step, const double* event, double on) {
        Step outer = step;
        outer.run = run_conditional;
        outer.in_blocks = InBlocks::never;
        outer.conditional = &kept(step);
        outer.a = event;
        outer.gain = on;
        return outer;
    }

private:
    struct Formulas {
        std::vector<SpreadNumber> spread;
        std::vector<FormulaPart> before, parts;
        FormulaSteps steps;
    };
    class Resolving;
    static void run_conditional(const Step& step) {
        if (*step.a == step.gain) step.conditional->run(*step.conditional);
    }
    std::deque<Formulas> all_;
    std::deque<Step> conditional_;
    TilePrograms tiles_;
    FiredColumns columns_;
};

}  // namespace apical
