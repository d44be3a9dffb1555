#pragma once

#include <cstdint>
#include <optional>

#include "sim/verify/approximations.hpp"
#include "sim/verify/circuit_run.hpp"
#include "sim/verify/comparison.hpp"
#include "sim/verify/verification.hpp"

namespace apical {

// What every algorithm has: the forward pass, the loss, the credit, both gradients and W, W_out.
// `c_bar` may be unset.
void compare_network(const CircuitRun& run, SlotId c_bar, const algebra::Network& equations,
                     Comparison& found);

// `Equations` are made of a run that has not begun and approximations, take a step with a run that
// has taken it, compare what is their own, and know where the circuit has the immediate credit.
// `Paper` are those without approximations.
template <class Equations, class Paper = Equations>
void lockstep(CircuitRun& run, std::int64_t steps, Verification& found) {
    const auto follow = [&run](auto& equations, Differences& differences) {
        Comparison comparison(run.state(), run.steps(), differences);
        equations.step(run);
        compare_network(run, equations.c_bar_slot, equations, comparison);
        equations.compare(run, comparison);
    };
    Equations declared(run, Approximations(run.model()));
    std::optional<Paper> paper;
    if (found.paper) paper.emplace(run, Approximations());
    while (run.steps() < steps) {
        run.step();
        follow(declared, found.declared);
        if (paper) follow(*paper, *found.paper);
    }
}

}  // namespace apical
