#include "sim/engine/step_memory.hpp"

#include <algorithm>
#include <cassert>

namespace apical {

double* StepMemory::numbers(std::size_t count) {
    return numbers_.emplace_back(padded(count) / lanes).front().of;
}

bool* StepMemory::flag() { return &due_.emplace_back(false); }

void StepMemory::discard() { std::fill(due_.begin(), due_.end(), false); }

bool StepMemory::has_deferred() const {
    return std::find(due_.begin(), due_.end(), true) != due_.end();
}

// Numbers are copied one by one: steps point to those that are here.
void StepMemory::take(const StepMemory& other) {
    assert(numbers_.size() == other.numbers_.size() && due_.size() == other.due_.size());
    for (std::size_t k = 0; k < numbers_.size(); ++k) {
        assert(numbers_[k].size() == other.numbers_[k].size());
        std::copy(other.numbers_[k].begin(), other.numbers_[k].end(), numbers_[k].begin());
    }
    std::copy(other.due_.begin(), other.due_.end(), due_.begin());
}

}  // namespace apical
