#pragma once

#include <deque>
#include <vector>

#include "circuits/program/program.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/state.hpp"

namespace apical {

// An operation of kind `synaptic` and where its operands are read; empty: in their slots. One that
// is written as another kind leaves rows behind the last one as that kind leaves them.
struct TiledOperation {
    Operation operation;
    std::vector<double*> operands = {};
    bool clears = true;
};

// The register programs of a plan's operations of kind `synaptic`. Addresses stay.
class TilePrograms {
public:
    // The formula of the operation as instructions on the numbers of the state, in whose step
    // memory the registers are. The bits are those of the formula's nodes one by one, but for
    //
    //     x + a b, a b + x   multiply_add(a, b, x)
    //     c d + a b          multiply_add(a, b, c d), as a Hebbian change that decays
    //     x - a b            multiply_add(-a, b, x)
    //
    // where nothing else reads the product. What is one for each row, column or for all is computed
    // once for a panel, or a tile. State and kernels must outlive the program.
    const TileProgram& compiled(const Operation& operation, State& state, const Kernels& kernels) {
        return compiled({{.operation = operation}}, state, kernels);
    }
    // All that is one for each row or column of a matrix that is stored by rows is collected for
    // each synapse, and computed for each.
    //
    // Operations on matrices of one shape as one program, one after the other. Where a pass
    // multiplies by the matrix `multiplied`, the instruction that writes it last does so on the
    // way, if there is such a loop.
    const TileProgram& compiled(const std::vector<TiledOperation>& operations, State& state,
                                const Kernels& kernels, SlotId multiplied = {});

private:
    std::deque<std::vector<TileInstruction>> instructions_;
    std::deque<Numbers> constants_;
    std::deque<std::vector<CollectedOperand>> collected_;
    std::deque<TileProgram> programs_;
};

}  // namespace apical
