#pragma once

#include <cmath>
#include <optional>

namespace apical::algebra {

// rho0 and rho1 of UORO, KF-RTRL and R-KF: constants, or, where there is none, chosen in each step
// for the least variance.
struct Rho {
    std::optional<double> constant0 = {}, constant1 = {};

    // sqrt(above / below) of two norms; 1 where either is 0.
    double rho0(double above, double below) const { return choose(constant0, above, below); }
    double rho1(double above, double below) const { return choose(constant1, above, below); }

private:
    // The root of a ratio of norms; 1 where one of them is zero, as nothing is to be balanced.
    static double choose(const std::optional<double>& constant, double above, double below) {
        if (constant) return *constant;
        return above == 0.0 || below == 0.0 ? 1.0 : std::sqrt(above / below);
    }
};

}  // namespace apical::algebra
