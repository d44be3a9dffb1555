// DNI(b) as somebody would write it by hand for this one circuit (models/dni_b.toml on two inputs
// and two labels): each matrix is gone through once a step, concatenated with its inputs and bias,
// and nothing can be chosen. What the engine is measured against.
#pragma once

#include <array>
#include <cstring>
#include <utility>
#include <vector>

#include "sim/panels.hpp"

namespace apical {

class DniBLoop {
public:
    static constexpr std::size_t height = 4;  // vectors of a panel of 32 rows

    // `cells` is a multiple of 32.
    explicit DniBLoop(std::size_t cells) : n(cells), m(cells + 3) {
        for (Numbers* matrix : {&W, &A}) matrix->resize(n * m);
        J.resize(n * n);
        for (Numbers* v : {&r, &voltage, &slope, &a, &a_before, &u, &c, &c_before, &dW, &dA, &dJ,
                           &forecast, &back, &W_out[0], &W_out[1], &B[0], &B[1]})
            v->resize(n);
        for (Numbers* v : {&hat, &hat_before, &tilde, &tilde_before, &tilde_before_that})
            v->resize(m);
    }

    // Before the first step, once all starts are set: what is remembered of the step before.
    void start(const double* label) {
        put(hat, r, 0.0, 0.0);
        put(tilde, r, label[0], label[1]);
    }

    void step(const double* x, const double* label) {
        std::swap(hat, hat_before);
        put(hat, r, x[0], x[1]);
        change_and_multiply(W, dW, hat_before, hat, voltage);
        for (std::size_t i = 0; i < n; i += lanes) {
            const Eight t = tanh_of(at(voltage, i));
            store(&r[i], multiply_add(t, broadcast(alpha), (1.0 - alpha) * at(r, i)));
            store(&slope[i], 1.0 - t * t);
        }
        read_out(label);
        std::swap(tilde_before, tilde_before_that);
        std::swap(tilde, tilde_before);
        put(tilde, r, label[0], label[1]);
        change_and_multiply(A, dA, tilde_before_that, tilde, a);
        for (std::size_t i = 0; i < n; i += lanes) store(&u[i], tanh_of(at(a, i)));
        change_and_multiply_both();
        for (std::size_t i = 0; i < n; i += lanes) {
            const Eight now = at(a, i), target = at(c_before, i) + at(back, i);
            store(&dA[i], -rate_of_A * (at(a_before, i) - target));
            store(&dJ[i], rate_of_J * (at(r, i) - at(forecast, i)));
            store(&dW[i], (-rate * alpha) * (now * at(slope, i)));
        }
        std::swap(a, a_before);
        std::swap(c, c_before);
    }

    struct alignas(64) Line {
        double of[lanes] = {};
    };
    // Aligned numbers.
    class Numbers {
    public:
        void resize(std::size_t count) { lines_.assign((count + lanes - 1) / lanes, {}); }
        double& operator[](std::size_t i) { return lines_[i / lanes].of[i % lanes]; }
        const double& operator[](std::size_t i) const { return lines_[i / lanes].of[i % lanes]; }

    private:
        std::vector<Line> lines_;
    };

    static constexpr double alpha = 0.5, rate = 1e-3, rate_of_A = 1e-2, rate_of_J = 1e-3;
    std::size_t n, m;
    // W = [W_rec W_in b] and A = [A_r A_y A_1] and J in panels of 32 rows; W_out row by row, the
    // feedback B column by column.
    Numbers W, A, J;
    std::array<Numbers, 2> W_out, B;
    std::array<double, 2> b_out = {};
    Numbers r;

private:
    static Eight at(const Numbers& numbers, std::size_t i) { return load(&numbers[i]); }
    void put(Numbers& all, const Numbers& rates, double first, double second) const {
        std::memcpy(&all[0], &rates[0], n * sizeof(double));
        all[n] = first;
        all[n + 1] = second;
        all[n + 2] = 1.0;
    }

    // S += change before^T; product = S now.
    void change_and_multiply(Numbers& S, const Numbers& change, const Numbers& before,
                             const Numbers& now, Numbers& product) const {
        const double *b = &before[0], *x = &now[0];
        for (std::size_t first = 0; first < n; first += panel_rows) {
            double* entry = &S[first * m];
            Eight d[height], sums[height] = {};
            for (std::size_t k = 0; k < height; ++k) d[k] = at(change, first + k * lanes);
            for (std::size_t j = 0; j < m; ++j, entry += panel_rows) {
                const Eight pre = broadcast(b[j]), rate_now = broadcast(x[j]);
                for (std::size_t k = 0; k < height; ++k) {
                    const Eight s = multiply_add(d[k], pre, load(entry + k * lanes));
                    store(entry + k * lanes, s);
                    sums[k] = multiply_add(s, rate_now, sums[k]);
                }
            }
            for (std::size_t k = 0; k < height; ++k) store(&product[first + k * lanes], sums[k]);
        }
    }

    // J += dJ hat_before^T; forecast = J hat; back = J^T u.
    void change_and_multiply_both() {
        const double *b = &hat_before[0], *x = &hat[0];
        for (std::size_t first = 0; first < n; first += panel_rows) {
            double* entry = &J[first * n];
            Eight d[height], rows[height], sums[height] = {};
            for (std::size_t k = 0; k < height; ++k) {
                d[k] = at(dJ, first + k * lanes);
                rows[k] = at(u, first + k * lanes);
            }
            for (std::size_t j = 0; j < n; j += lanes) {
                Eight columns[lanes];
#pragma GCC unroll 8
                for (std::size_t k8 = 0; k8 < lanes; ++k8, entry += panel_rows) {
                    const Eight pre = broadcast(b[j + k8]), rate_now = broadcast(x[j + k8]);
                    for (std::size_t k = 0; k < height; ++k) {
                        const Eight s = multiply_add(d[k], pre, load(entry + k * lanes));
                        store(entry + k * lanes, s);
                        sums[k] = multiply_add(s, rate_now, sums[k]);
                        columns[k8] = k == 0 ? s * rows[0] : multiply_add(s, rows[k], columns[k8]);
                    }
                }
                const Eight totals = lane_sums(columns);
                store(&back[j], first > 0 ? at(back, j) + totals : totals);
            }
            for (std::size_t k = 0; k < height; ++k) store(&forecast[first + k * lanes], sums[k]);
        }
    }

    // Softmax, its error, the feedback and the change of W_out.
    void read_out(const double* label) {
        Eight z[lanes] = {}, error = {};
        for (std::size_t i = 0; i < n; i += lanes) {
            for (std::size_t k = 0; k < 2; ++k)
                z[k] = multiply_add(at(W_out[k], i), at(r, i), z[k]);
        }
        Eight v = lane_sums(z);
        for (std::size_t k = 0; k < 2; ++k) v[k] += b_out[k];
        const double largest = v[0] > v[1] ? v[0] : v[1];
        const Eight e = exp_of(v - largest);
        const double total = e[0] + e[1];
        for (std::size_t k = 0; k < 2; ++k) error[k] = e[k] / total - label[k];
        for (std::size_t i = 0; i < n; i += lanes) {
            const Eight first = broadcast(error[0]), second = broadcast(error[1]);
            store(&c[i], multiply_add(second, at(B[1], i), first * at(B[0], i)));
            for (std::size_t k = 0; k < 2; ++k)
                store(&W_out[k][i],
                      multiply_add(broadcast(-rate * error[k]), at(r, i), at(W_out[k], i)));
        }
        for (std::size_t k = 0; k < 2; ++k) b_out[k] -= rate * error[k];
    }

    Numbers voltage, slope, a, a_before, u, c, c_before, dW, dA, dJ, forecast, back;
    Numbers hat, hat_before, tilde, tilde_before, tilde_before_that;
};

}  // namespace apical
