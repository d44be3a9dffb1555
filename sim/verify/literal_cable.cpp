#include "sim/verify/literal_cable.hpp"

#include <Eigen/Eigenvalues>
#include <Eigen/LU>
#include <algorithm>

#include "sim/engine/state_matrices.hpp"

namespace apical {

namespace {

using algebra::Matrix;
using algebra::Vector;

// What a dendrite's conductance is multiplied by in each cell.
Vector openness(const Model& model, CompartmentId c, Eigen::Index n, const State& state) {
    const GateId gate = model.circuit[c].gate;
    if (!gate) return Vector::Ones(n);
    const SlotId slot = model.program.first([&](const Slot& one) {
        return one.what == What::gate && one.gate == gate && one.quantity.empty();
    });
    const Matrix number = numbers_of(state, slot);
    return number.size() == 1 ? Vector(Vector::Constant(n, number(0, 0))) : Vector(number.col(0));
}

Vector solved(const Eigen::MatrixXd& A, const Vector& b, const Vector& u, Solver solver,
              double ms) {
    if (solver == Solver::euler) return u + ms * (b - A * u);
    if (solver == Solver::steady) return A.fullPivLu().solve(b);
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> of(A);
    const Eigen::ArrayXd rates = of.eigenvalues().array();
    const Vector left = (-ms * rates).exp();
    Vector gained(rates.size());
    for (Eigen::Index k = 0; k < rates.size(); ++k)
        gained[k] = rates[k] == 0.0 ? ms : -std::expm1(-ms * rates[k]) / rates[k];
    const Eigen::MatrixXd& V = of.eigenvectors();
    return V * (left.asDiagonal() * (V.transpose() * u) + gained.asDiagonal() * (V.transpose() * b));
}

}  // namespace

std::vector<Matrix> led_by_equations(const Model& model, PopulationId cells, double ms,
                                     const State& state) {
    const Circuit& circuit = model.circuit;
    const std::vector<CompartmentId>& all = circuit[cells].compartments;
    std::vector<Matrix> potentials, open;
    std::vector<Eigen::Index> place(all.size(), -1);
    Eigen::Index count = 0;
    const auto n = static_cast<Eigen::Index>(circuit[cells].size);
    for (std::size_t k = 0; k < all.size(); ++k) {
        const SlotId v = model.program.voltage_of(all[k]);
        potentials.push_back(v ? numbers_of(state, v) : Matrix(Matrix::Zero(n, 1)));
        const bool is_coupled = circuit.is_coupled(all[k]);
        open.push_back(is_coupled ? openness(model, all[k], n, state) : Vector(Vector::Ones(n)));
        if (circuit.is_led(all[k])) place[k] = count++;
    }
    const auto index = [&](CompartmentId c) {
        return static_cast<std::size_t>(std::find(all.begin(), all.end(), c) - all.begin());
    };
    const std::vector<Matrix> was = potentials;
    for (Eigen::Index cell = 0; cell < n; ++cell) {
        Eigen::MatrixXd A = Eigen::MatrixXd::Zero(count, count);
        Vector b = Vector::Zero(count), u = Vector::Zero(count);
        A(0, 0) = circuit[cells].coupling->leak;
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (place[k] >= 0) u[place[k]] = was[k](cell, 0);
            if (place[k] > 0) A(place[k], place[k]) += circuit[all[k]].leak;
            if (!circuit.is_coupled(all[k])) continue;
            const double g = *circuit[all[k]].conductance * open[k](cell, 0);
            const Eigen::Index at = place[index(circuit.led_by(all[k]))], own = place[k];
            A(at, at) += g;
            if (own < 0) {
                b[at] += g * was[k](cell, 0);
                continue;
            }
            A(own, own) += g;
            A(at, own) -= g;
            A(own, at) -= g;
        }
        const Vector led = solved(A, b, u, circuit[cells].coupling->solver, ms);
        for (std::size_t k = 0; k < all.size(); ++k)
            if (place[k] >= 0) potentials[k](cell, 0) = led[place[k]];
    }
    return potentials;
}

}  // namespace apical
