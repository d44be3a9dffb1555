#pragma once

#include "sim/engine/kernels/panels.hpp"

// Kernels of matrices of four rows or fewer, as outputs mostly have: half of their only panel is
// pads, which stay zero and are left out. The bits are those of the kernels of any height. In an
// unnamed namespace, as vector_math.hpp is.
namespace apical {
namespace {

constexpr std::size_t few_rows = 4;

// Calls group(j, how many) for each four columns from the first to before the last; the last group
// may have fewer. A whole group knows its number when it is compiled, but for registers of two
// doubles, which would not suffice for what four columns at once keep.
template <class Group>
APICAL_INLINE void for_each_four(std::size_t first, std::size_t last, Group group) {
    std::size_t j = first;
    if constexpr (register_width > 2) {
        for (; j + 4 <= last; j += 4) group(j, std::integral_constant<std::size_t, 4>());
    }
    for (; j < last; j += 4) group(j, last - j < 4 ? last - j : 4);
}

// out (columns) = or += transpose(S) x (rows), of three rows or fewer: the pads of a column add 0
// to its sum, of which the sign of a sum of zeros comes.
void multiply_few_transposed(const double* S, const double* x, double* out, std::size_t columns,
                             bool add) {
    const Four of_rows = load_four(x);
    for_each_four(0, columns, [&](std::size_t j, auto count) APICAL_LAMBDA {
        Four sums[4] = {};
        repeat<4>([&](std::size_t k) APICAL_LAMBDA {
            if (k < count) sums[k] = load_four(S + (j + k) * width) * of_rows;
        });
        const Four totals = lane_sums(sums);
        store_four(out + j, add ? load_four(out + j) + totals : totals);
    });
}

// The numbers by which a change is multiplied.
struct Factors {
    APICAL_INLINE explicit Factors(const Pass& p)
        : gain(p.gain_number ? p.gain * p.gain_number[0] : p.gain),
          retain(p.retain_number ? p.retain * p.retain_number[0] : p.retain),
          credit(p.credit_number ? p.rate * p.credit_number[0] : p.rate) {}
    double gain, retain, credit;
};

// The pass (pass_kernels.hpp) that changes nothing or strengths alone and multiplies.
template <Changed change, std::size_t forward>
void pass_of_few(const Pass& p) {
    constexpr std::size_t chains = chains_of<1>;
    const bool changes = change == Changed::matrix;
    const Four post = changes ? all_four(Factors(p).gain) * load_four(p.post) : Four{};
    for (std::size_t i = 0; i < p.matrix_count; ++i) {
        const PassMatrix& s = p.matrices[i];
        Four sums[forward][chains] = {};
        visit_columns<chains>(s.columns, [&](std::size_t j, std::size_t k) APICAL_LAMBDA {
            double* const column = s.matrix + j * width;
            Four entry = load_four(column);
            if (changes) {
                entry = multiply_add(post, all_four(s.pre[j]), entry);
                store_four(column, entry);
            }
            repeat<forward>([&](std::size_t f) APICAL_LAMBDA {
                sums[f][k] = multiply_add(entry, all_four(s.forward[f][j]), sums[f][k]);
            });
        });
        repeat<forward>([&](std::size_t f) APICAL_LAMBDA {
            const Four total = pairwise(sums[f], chains);
            const bool adds = p.adds[f] || i > 0;
            store_four(p.sum[f], adds ? load_four(p.sum[f]) + total : total);
        });
    }
}

}  // namespace
}  // namespace apical
