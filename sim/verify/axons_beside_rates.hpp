#pragma once

#include <cstddef>
#include <vector>

#include "sim/algebra/network.hpp"
#include "sim/model/model.hpp"
#include "sim/verify/comparison.hpp"

namespace apical {

// What arrives at the ends of axons, beside what their cells fired so many steps before.
class AxonsBesideRates {
public:
    explicit AxonsBesideRates(const Model& model);

    // Before the first step.
    void start(const State& state);
    // After the step's last phase, before its end.
    void compare(const State& state, Comparison& comparison) const;
    void end_step(const State& state);

private:
    struct Axon {
        SlotId end, source;
        std::vector<algebra::Matrix> fired;  // at the ends of the last steps, a ring
    };
    std::vector<Axon> axons_;
    std::size_t steps_ = 0;
};

}  // namespace apical
