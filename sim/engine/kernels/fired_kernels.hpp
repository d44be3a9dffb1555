#pragma once

#include "sim/engine/kernels/panels.hpp"

// Products of a matrix and a vector of spikes. In an unnamed namespace, as vector_math.hpp is.
namespace apical {
namespace {

// Columns that are looked at before those whose cells fired are added.
constexpr std::size_t columns_looked_at = 256;

// Writes the columns from `first` to before `last` whose x is not 0, rising; returns how many.
APICAL_INLINE std::size_t list_fired(const double* x, std::size_t first, std::size_t last,
                                     std::uint32_t* fired) {
    std::size_t count = 0;
    for (std::size_t j = first; j < last; ++j) {
        fired[count] = static_cast<std::uint32_t>(j);
        count += x[j] != 0.0 ? 1 : 0;
    }
    return count;
}

// out_i = or += S_ij x_j, column after column of those whose x is not 0, in their order: one sum a
// row that begins with what is there, whatever the height of a panel. S in `a`, x in `b`.
template <bool add>
void transmit_fired(const Step& s) {
    std::uint32_t fired[columns_looked_at];
    for (std::size_t begin = 0; begin < s.columns; begin += columns_looked_at) {
        const std::size_t rest = s.columns - begin,
                          end = begin + (rest < columns_looked_at ? rest : columns_looked_at),
                          count = list_fired(s.b, begin, end, fired);
        const bool goes_on = add || begin > 0;
        if (goes_on && count == 0) continue;
        for_each_panel(s.rows, [&]<std::size_t H>(Height<H>, std::size_t first) {
            for_each_strip<H, 1, 1>(s.columns, [&]<std::size_t R>(Strip<R>, std::size_t row) {
                const double* const panel = s.a + first * s.columns + row;
                double* const out = s.out + first + row;
                Register sums[R];
                repeat<R>([&](std::size_t r) APICAL_LAMBDA {
                    sums[r] = goes_on ? load_register(out, r) : Register{};
                });
                for (std::size_t k = 0; k < count; ++k) {
                    const std::size_t j = fired[k];
                    const Register x = broadcast<register_width>(s.b[j]);
                    repeat<R>([&](std::size_t r) APICAL_LAMBDA {
                        sums[r] =
                            multiply_add(load_register(panel + j * Height<H>::rows, r), x, sums[r]);
                    });
                }
                repeat<R>([&](std::size_t r) APICAL_LAMBDA { store_register(out, r, sums[r]); });
            });
        });
    }
}

}  // namespace
}  // namespace apical
