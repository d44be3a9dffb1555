#pragma once

#include <cmath>
#include <cstdint>
#include <numbers>
#include <random>
#include <vector>

#include "sim/algebra/network.hpp"

namespace apical {

class Draws {
public:
    explicit Draws(std::uint64_t seed) : bits_(seed) {}

    // Each of first ... last equally likely, but for 2^-60.
    int whole(int first, int last) {
        return first + static_cast<int>(bits_() % static_cast<std::uint64_t>(last - first + 1));
    }
    double sign() { return bits_() >> 63 ? 1.0 : -1.0; }
    double normal() {
        const double radius = std::sqrt(-2.0 * std::log(1.0 - uniform()));
        return radius * std::cos(2.0 * std::numbers::pi * uniform());
    }
    algebra::Vector signs(Eigen::Index size) {
        return algebra::Vector::NullaryExpr(size, [this] { return sign(); });
    }
    algebra::Matrix normals(Eigen::Index rows, Eigen::Index columns, double deviation = 1.0) {
        return algebra::Matrix::NullaryExpr(rows, columns,
                                            [this, deviation] { return deviation * normal(); });
    }

private:
    double uniform() { return static_cast<double>(bits_() >> 11) * 0x1p-53; }

    std::mt19937_64 bits_;
};

// A network whose weights stay, and what it is shown.
struct RandomNetwork {
    algebra::Settings settings;
    algebra::Start start;
    std::vector<algebra::Vector> x, label;

    RandomNetwork(Draws& draws, int n, int n_in, int n_out, int steps) {
        start.W = draws.normals(n, n + n_in + 1, 1.0 / std::sqrt(n));
        start.W_out = draws.normals(n_out, n + 1, 1.0 / std::sqrt(n));
        start.r = draws.normals(n, 1, 0.5);
        for (int step = 0; step < steps; ++step) {
            x.push_back(draws.normals(n_in, 1));
            const algebra::Vector weights = draws.normals(n_out, 1).array().square();
            label.push_back(weights / weights.sum());
        }
    }
    std::size_t steps() const { return x.size(); }
};

}  // namespace apical
