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
    Run fire[4];                   // out = retain out + gain phi(a), by Activation
    Run slope[4];                  // out = phi'(a), by Activation
    Run softmax;                   // out = softmax(a)
    Run product, sum, difference;  // out = a * b, a + b, a - b
    Run copy;                      // out = a, a vector or a matrix
    Run jacobian;                  // out = retain I + gain diag(b) a
    Run set_scalar;                // out[0] = gain
    Run hebb_add;                  // S (out) += gain a (post) b (pre)
    Run hebb_decay;                // S (out) = retain S + gain a (post) b (pre)
    Run consolidate;               // S (out) += gain a (post) tag (b)
    bool (*all_finite)(const double* numbers, std::size_t count);  // count a multiple of eight
};

// The fastest kernels that this processor can run.
const Kernels& best_kernels();

// All that this processor can run, the slowest first.
const Kernels* const* available_kernels(std::size_t& count);

}  // namespace apical
