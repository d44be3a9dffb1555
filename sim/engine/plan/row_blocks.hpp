#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/step_memory.hpp"

namespace apical {

class Workers;

// A step on a matrix as steps on blocks of its rows, which may run at the same time: no block
// writes what another one reads or writes.
struct RowBlocks {
    std::vector<Step> blocks;
    std::vector<Step> sums;  // afterwards: adds what blocks have made beside the first one's sum
    Workers* workers = nullptr;
};

// Storage of steps in blocks and of their passes; addresses stay.
class RowBlockStore {
public:
    // The step itself, or, if `in_blocks` allows and its matrices have more than 256 rows, a step
    // that runs it in blocks of 256. The borders depend on nothing else and sums over rows are
    // added in the order of the blocks, so any number of workers, or none, makes the same bits.
    // Workers, which may be null and must outlive the step, run steps on 2^19 entries or more. What
    // blocks write beside the first one's sum is in `memory`, that of the step's state.
    Step in_blocks(const Step& step, const Kernels& kernels, Workers* workers, StepMemory& memory);

private:
    class Splitting;
    std::deque<RowBlocks> steps_;
    std::deque<Pass> passes_;
    std::deque<std::vector<PassMatrix>> matrices_;
    std::deque<TileProgram> tiles_;
    std::deque<std::vector<CollectedOperand>> collected_;
};

}  // namespace apical
