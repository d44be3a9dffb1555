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
    return V *
           (left.asDiagonal() * (V.transpose() * u) + gained.asDiagonal() * (V.transpose() * b));
}

// The compartments of a cell, which of them conductances lead and through which openings.
struct CoupledParts {
    const Circuit& circuit;
    PopulationId cells;
    std::vector<Eigen::Index> place = {};  // among the potentials; -1 of what synapses drive
    Eigen::Index count = 0;
    std::vector<Vector> open = {};

    const std::vector<CompartmentId>& all() const { return circuit[cells].compartments; }
    Eigen::Index led_by(std::size_t k) const {
        const CompartmentId to = circuit.led_by(all()[k]);
        const auto at = std::find(all().begin(), all().end(), to) - all().begin();
        return place[static_cast<std::size_t>(at)];
    }
};

CoupledParts parts_of(const Model& model, PopulationId cells, const State& state) {
    CoupledParts parts{model.circuit, cells};
    const Eigen::Index n = model.circuit[cells].size;
    for (const CompartmentId c : parts.all()) {
        const bool is_coupled = model.circuit.is_coupled(c);
        parts.open.push_back(is_coupled ? openness(model, c, n, state) : Vector(Vector::Ones(n)));
        parts.place.push_back(model.circuit.is_led(c) ? parts.count++ : -1);
    }
    return parts;
}

// u' = -A u + b of one cell.
struct CellSystem {
    Eigen::MatrixXd A;
    Vector b, u;
};

CellSystem system_of(const CoupledParts& parts, const std::vector<Matrix>& was, Eigen::Index cell) {
    CellSystem of{Eigen::MatrixXd::Zero(parts.count, parts.count), Vector::Zero(parts.count),
                  Vector::Zero(parts.count)};
    of.A(0, 0) = parts.circuit[parts.cells].coupling->leak;
    for (std::size_t k = 0; k < was.size(); ++k) {
        const Compartment& is = parts.circuit[parts.all()[k]];
        const Eigen::Index own = parts.place[k];
        if (own >= 0) of.u[own] = was[k](cell, 0);
        if (own > 0) of.A(own, own) += is.leak;
        if (!is.conductance) continue;
        const double g = *is.conductance * parts.open[k][cell];
        const Eigen::Index at = parts.led_by(k);
        of.A(at, at) += g;
        if (own < 0) {
            of.b[at] += g * was[k](cell, 0);
            continue;
        }
        of.A(own, own) += g;
        of.A(at, own) -= g;
        of.A(own, at) -= g;
    }
    return of;
}

}  // namespace

std::vector<Matrix> led_by_equations(const Model& model, PopulationId cells, double ms,
                                     const State& state) {
    const CoupledParts parts = parts_of(model, cells, state);
    const Eigen::Index n = model.circuit[cells].size;
    std::vector<Matrix> was;
    for (const CompartmentId c : parts.all()) {
        const SlotId v = model.program.voltage_of(c);
        was.push_back(v ? numbers_of(state, v) : Matrix(Matrix::Zero(n, 1)));
    }
    std::vector<Matrix> potentials = was;
    for (Eigen::Index cell = 0; cell < n; ++cell) {
        const CellSystem of = system_of(parts, was, cell);
        const Vector led = solved(of.A, of.b, of.u, model.circuit[cells].coupling->solver, ms);
        for (std::size_t k = 0; k < was.size(); ++k)
            if (parts.place[k] >= 0) potentials[k](cell, 0) = led[parts.place[k]];
    }
    return potentials;
}

}  // namespace apical
