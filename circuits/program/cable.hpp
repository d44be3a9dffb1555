#pragma once

#include <cstddef>
#include <vector>

namespace apical {

// Potentials that leak, lead each other by links and are led by tips that stay where they are,
// per ms: u_i' = -leak_i u_i + sum over links of g (u_j - u_i) + sum over tips of g (v - u_i).
struct Cable {
    struct Link {
        std::size_t at;
        double conductance;
        std::size_t of;  // the other potential, or of a tip its number
    };
    std::vector<double> leaks;  // by potential
    std::vector<Link> links, tips;
};

// What `ms` later is left of each potential and of each tip in each potential, a row each: first
// exp(-A ms), then the integral of exp(-A s) over that time, times the tips' conductances. All are
// 0 or above, and the sum of a row is 1 without leaks.
std::vector<std::vector<double>> propagated(const Cable& cable, double ms);

}  // namespace apical
