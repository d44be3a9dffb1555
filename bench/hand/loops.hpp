// Steps of three rules as somebody would write them by hand for one circuit (models/dni_b.toml,
// rflo.toml and uoro.toml on two inputs and two labels) and one instruction set: each matrix is
// gone through once a step, concatenated with its inputs and bias, and nothing can be chosen. What
// the engine is measured against. Also what a core can do at most.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace hand {

// Numbers of a loop, each array aligned to 64 bytes and a multiple of it long. Matrices lie in
// panels of Loops::panel_rows rows, column by column inside a panel; n is a multiple of a panel.
struct Network {
    std::size_t n, m;     // cells; columns of W = [W_rec W_in b]
    double* W;            // n x m
    double* W_out[2];     // n each
    double* feedback[2];  // n each: what an output's error is sent back by
    double b_out[2];
    double *r, *voltage, *slope, *credit;  // n
    double *hat, *hat_before;              // m: [r(t - 1); x; 1]
};

struct Rflo {
    Network net;
    double *B, *post, *rate_of_row;  // tag (n x m), and what the pass to come changes it and W by
};

struct Uoro {
    Network net;
    double *B, *post;                 // tag (n x m) and what it is changed by
    double *A, *influence, *carried;  // m (0 beyond n), n, n
    double* signs;                    // n, of this step
    double keep, change;              // of the pass to come
    std::uint32_t seed, stream;       // of the signs
    std::uint64_t steps;              // made so far
};

struct DniB {
    Network net;
    double *A, *J;                                                              // n x m, n x n
    double *a, *a_before, *u, *credit_before, *dW, *dA, *dJ, *forecast, *back;  // n
    double *tilde, *tilde_before, *tilde_before_that;                           // m: [r; y*; 1]
};

using Tanh = void (*)(const double* in, double* out, std::size_t count);

struct Loops {
    std::string_view instruction_set;
    std::size_t panel_rows, width;
    void (*rflo)(Rflo&, const double* x, const double* label);
    void (*uoro)(Uoro&, const double* x, const double* label);
    void (*dni_b)(DniB&, const double* x, const double* label);
    Tanh tanh;
    void (*stream)(double* numbers, std::size_t count);     // x = x / 2 + 1
    void (*multiply_adds)(std::size_t turns, double* out);  // adds_of_turn x width a turn
};
inline constexpr std::size_t adds_of_turn = 12;

// SLEEF's tanh within 1.0 and 3.5 ulp by the registers of an instruction set, or null without
// SLEEF.
struct Sleef {
    Tanh u10, u35;
};

// The sets of loops that this processor can run.
std::span<const Loops* const> available_loops();

}  // namespace hand
