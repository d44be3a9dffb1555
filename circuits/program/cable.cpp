#include "circuits/program/cable.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace apical {

namespace {

using Square = std::vector<std::vector<double>>;

Square rates_of(const Cable& cable) {
    const std::size_t n = cable.leaks.size();
    Square a(n, std::vector<double>(n));
    for (std::size_t i = 0; i < n; ++i) a[i][i] = cable.leaks[i];
    for (const Cable::Link& link : cable.links) {
        a[link.at][link.at] += link.conductance;
        a[link.of][link.of] += link.conductance;
        a[link.at][link.of] -= link.conductance;
        a[link.of][link.at] -= link.conductance;
    }
    for (const Cable::Link& tip : cable.tips) a[tip.at][tip.at] += tip.conductance;
    return a;
}

// One rotation of Jacobi's, after which a_pq is 0 (Golub & Van Loan 1996, section 8.4).
void rotate(Square& a, Square& vectors, std::size_t p, std::size_t q) {
    const double theta = (a[q][q] - a[p][p]) / (2.0 * a[p][q]);
    const double t = std::copysign(1.0, theta) / (std::abs(theta) + std::hypot(1.0, theta));
    const double c = 1.0 / std::hypot(1.0, t), s = t * c;
    for (std::size_t k = 0; k < a.size(); ++k) {
        const double kp = a[k][p], kq = a[k][q];
        a[k][p] = c * kp - s * kq;
        a[k][q] = s * kp + c * kq;
    }
    for (std::size_t k = 0; k < a.size(); ++k) {
        const double pk = a[p][k], qk = a[q][k];
        a[p][k] = c * pk - s * qk;
        a[q][k] = s * pk + c * qk;
        const double kp = vectors[k][p], kq = vectors[k][q];
        vectors[k][p] = c * kp - s * kq;
        vectors[k][q] = s * kp + c * kq;
    }
    a[p][q] = a[q][p] = 0.0;
}

// The vectors, in columns, on which the symmetric `a` is diagonal, as it is afterwards.
Square diagonalized(Square& a) {
    constexpr int most_rounds = 60;
    const std::size_t n = a.size();
    Square vectors(n, std::vector<double>(n));
    for (std::size_t i = 0; i < n; ++i) vectors[i][i] = 1.0;
    for (int round = 0; round < most_rounds; ++round) {
        bool any = false;
        for (std::size_t p = 0; p + 1 < n; ++p) {
            for (std::size_t q = p + 1; q < n; ++q) {
                const bool is_nothing =
                    a[p][p] + a[p][q] == a[p][p] && a[q][q] + a[p][q] == a[q][q];
                if (is_nothing) continue;
                rotate(a, vectors, p, q);
                any = true;
            }
        }
        if (!any) break;
    }
    return vectors;
}

}  // namespace

std::vector<std::vector<double>> propagated(const Cable& cable, double ms) {
    const std::size_t n = cable.leaks.size();
    Square a = rates_of(cable);
    const Square vectors = diagonalized(a);
    // sum over vectors of v_i f(lambda) v_k
    const auto through = [&](std::size_t i, std::size_t k, auto f) {
        double sum = 0.0;
        for (std::size_t m = 0; m < n; ++m) sum += vectors[i][m] * f(a[m][m]) * vectors[k][m];
        return std::max(sum, 0.0);
    };
    const auto kept = [&](double lambda) { return std::exp(-lambda * ms); };
    const auto gained = [&](double lambda) {
        return lambda == 0.0 ? ms : -std::expm1(-lambda * ms) / lambda;
    };
    std::vector<std::vector<double>> rows(n);
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t k = 0; k < n; ++k) rows[i].push_back(through(i, k, kept));
        for (const Cable::Link& tip : cable.tips)
            rows[i].push_back(tip.conductance * through(i, tip.at, gained));
    }
    return rows;
}

}  // namespace apical
