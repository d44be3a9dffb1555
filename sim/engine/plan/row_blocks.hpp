#pragma once

#include <cstddef>
#include <deque>
#include <vector>

#include "sim/engine/kernels/kernels.hpp"

namespace apical {

class Workers;

// Eight numbers that fill a register.
struct alignas(lanes * sizeof(double)) Numbers {
    double of[lanes];
};

// A step of a matrix as steps of blocks of its rows, which may run at the same time.
struct RowBlocks {
    std::vector<Step> blocks;
    std::vector<Step> sums;  // afterwards: adds what blocks have made beside the first one's sum
    Workers* workers = nullptr;
};

// Steps in blocks, with what they need; addresses stay.
class RowBlockStore {
public:
    // The step itself, or when `in_blocks` allows and its matrices have many rows one that runs it
    // in blocks of 256. The borders depend on nothing else, so any number of workers, or none, make
    // the same bits: sums over rows are added block by block. Workers, which may be null, take
    // steps that are worth it.
    Step in_blocks(const Step& step, const Kernels& kernels, Workers* workers);

private:
    class Splitting;
    std::deque<RowBlocks> steps_;
    std::deque<Pass> passes_;
    std::deque<std::vector<PassMatrix>> matrices_;
    std::deque<std::vector<Numbers>> numbers_;
};

}  // namespace apical
