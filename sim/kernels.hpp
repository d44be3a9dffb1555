#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

namespace apical {

// Rows of a panel, and what vectors are padded to a multiple of: one AVX-512 register.
inline constexpr std::size_t lanes = 8;

// One kernel call with every pointer resolved; no ownership. Vectors are padded to a multiple of
// eight with zeros, matrices lie in panels of eight rows (sim/state.hpp). `rows` and `columns` are
// the matrix's; vectors have `rows` entries.
struct Step {
    void (*run)(const Step&) = nullptr;
    double* out = nullptr;
    const double* a = nullptr;
    const double* b = nullptr;
    const double* c = nullptr;
    const double* d = nullptr;
    double* scratch = nullptr;  // eight vectors
    std::size_t rows = 0, columns = 1;
    double retain = 0.0, gain = 1.0;
    std::int64_t every = 1;
    std::uint32_t operation = 0;  // of the program, that this step performs
};

// All kernels of one instruction set. The same inputs give the same bits on every one of them:
// products and sums are not contracted, and every sum has one order.
struct Kernels {
    using Run = void (*)(const Step&);
    std::string_view instruction_set;
    Run transmit_set, transmit_add;                  // out (rows) = or += S (a) x (b)
    Run transmit_reverse_set, transmit_reverse_add;  // out (columns) = or += transpose(S (a)) x (b)
    Run scale_set, scale_add;                        // out = or += gain a
    Run gated_set, gated_add;                        // out = or += b[0] a
    Run relax;                                       // out = a + retain (out - a)
    Run fire[4];                           // out = retain out + gain phi(a), by Activation
    Run slope[4];                          // out = phi'(a), by Activation
    Run softmax;                           // out = softmax(a)
    Run product;                           // out = gain a * b
    Run sum;                               // out = retain a + gain b
    Run mixture;                           // out = c[0] a + d[0] b
    Run difference;                        // out = a - b
    Run complement, complement_rectified;  // out = 1 - a, max(0, 1 - a)
    Run copy;                              // out = a, a vector or a matrix
    Run clear;                             // out = 0, a vector or a matrix
    Run push;                              // history (out) of `columns` vectors: a comes first
    Run jacobian;                          // out = retain I + gain diag(b) a
    Run diagonal;                          // out = b[0] out + c[0] diag(a)
    Run set_scalar;                        // out[0] = gain
    Run inner_set, inner_add;              // out[0] = or += sum of a * b over rows and columns
    Run times, quotient, balance;          // out[0] = a[0] b[0], a[0] / b[0], (a[0] / b[0])^(1/4)
    Run hebb_add;                          // S (out) += gain a (post) b (pre)
    Run hebb_set;                          // S (out) = gain a (post) b (pre)
    Run hebb_decay;                        // S (out) = retain S + gain a (post) b (pre)
    Run hebb_modulated;                    // the same, retain times c[0], gain times d[0]
    Run hebb_cellwise;                     // the same, retain times c (post)
    Run consolidate;                       // S (out) += gain a (post) tag (b)
    Run accumulate;                        // S (out) += gain a[0] tag (b), without a: gain tag
    Run multiply_from_left;                // out (rows x columns) = a (rows x rows) out
    Run tensor_diagonal;  // M_kij (out) += gain delta_ki a_i (post) b_j (pre), columns of the set
    bool (*all_finite)(const double* numbers, std::size_t count);  // count a multiple of eight
};

// The fastest kernels that this processor can run.
const Kernels& best_kernels();

// All that this processor can run, the slowest first.
const Kernels* const* available_kernels(std::size_t& count);

}  // namespace apical
