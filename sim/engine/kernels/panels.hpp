#pragma once

#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/kernels/vector_math.hpp"

// The ways through a matrix: panels, strips of panels, columns. In an unnamed namespace, as
// vector_math.hpp is.
//
// A matrix of `rows` x `columns` lies in panels of 32 rows, each stored column by column; the last
// panel is as high as the rows that are left, padded to a multiple of eight (panel_index):
//
//     entry (i, j) at  first columns + j height + (i - first),   first = 32 floor(i / 32)
//
// So a panel is read from one end to the other by a loop over its columns, eight rows make a
// register, and a factor of a row stays in a register while its panel is gone through. All loops
// over rows are written out at compile time for the four possible heights (Height<1> to <4>).
//
// The order of a sum is a function of the panel's height alone. Which strips a panel is cut into
// follows from the number of registers, and changes only how often the panel is gone through.
namespace apical {
namespace {

constexpr std::size_t width = lanes;

// Clears `count` eights, each by a store: an initializer `= {}` of that size becomes `rep stos`,
// which takes longer than all of them.
template <std::size_t count>
APICAL_INLINE void clear_eights(double* eights) {
    repeat<count>([&](std::size_t k) APICAL_LAMBDA { store(eights + k * width, Eight{}); });
}

// The height of a panel: H times eight rows.
template <std::size_t H>
struct Height {
    static constexpr std::size_t rows = H * width, registers = rows / register_width;
};

// Calls f(Height<H>, first row) for each panel.
template <class F>
APICAL_INLINE void for_each_panel(std::size_t rows, F f) {
    for (std::size_t first = 0; first < rows; first += panel_rows) {
        switch (panel_height(first, rows) / lanes) {
            case 1:
                f(Height<1>(), first);
                break;
            case 2:
                f(Height<2>(), first);
                break;
            case 3:
                f(Height<3>(), first);
                break;
            default:
                f(Height<4>(), first);
        }
    }
}

// A strip: R registers of rows of a panel, whose sums and factors stay in registers while the
// panel's columns are gone through.
template <std::size_t R>
struct Strip {
    static constexpr std::size_t rows = R * register_width;
};

// How many registers of rows a strip has, when each takes `needed` registers for what stays; four
// are for what comes and goes. A processor with 32 takes a whole panel, or half of it.
template <std::size_t H, bool in_halves>
constexpr std::size_t strip_registers(std::size_t needed) {
    constexpr std::size_t all = Height<H>::registers;
    if (register_count == 32) return in_halves && H == 4 ? all / 2 : all;
    for (std::size_t some = all; some > 1; --some) {
        if (all % some == 0 && some * needed + 4 <= register_count) return some;
    }
    return 1;
}

// Calls f(Strip<R>, first row inside the panel) for each strip of a panel of `columns` columns, of
// a matrix or with `matrices` of two. In strips a panel is gone through several times: a high one
// that a near cache does not hold is gone through at once, line by line, with sums in memory.
template <std::size_t H, std::size_t needed, std::size_t matrices, bool in_halves = false, class F>
APICAL_INLINE void for_each_strip(std::size_t columns, F f) {
    constexpr std::size_t some = strip_registers<H, in_halves>(needed), all = Height<H>::registers,
                          near_bytes = 96 << 10;
    if constexpr (some < all && Height<H>::rows == panel_rows) {
        if (columns * Height<H>::rows * sizeof(double) * matrices > near_bytes)
            return f(Strip<all>(), 0);
    }
    if constexpr (some == all) {
        f(Strip<all>(), 0);
    } else {
#pragma GCC unroll 1
        for (std::size_t row = 0; row < Height<H>::rows; row += Strip<some>::rows)
            f(Strip<some>(), row);
    }
}

template <class V, std::size_t count>
APICAL_INLINE void clear_all(V (&all)[count]) {
    repeat<count>([&](std::size_t k) APICAL_LAMBDA { all[k] = V{}; });
}

// Calls column(j, j % together) for each column, so many of them one after another in the code.
template <std::size_t together, class Column>
APICAL_INLINE void visit_columns(std::size_t columns, Column column) {
    std::size_t j = 0;
    for (; j + together <= columns; j += together) {
        repeat<together>([&](std::size_t k) APICAL_LAMBDA { column(j + k, k); });
    }
    repeat<together - 1>([&](std::size_t k) APICAL_LAMBDA {
        if (j + k < columns) column(j + k, k);
    });
}

// The sum of 1, 2 or 4 values, added in pairs.
template <class V>
APICAL_INLINE V pairwise(const V* s, std::size_t count) {
    if (count == 1) return s[0];
    if (count == 2) return s[0] + s[1];
    return (s[0] + s[1]) + (s[2] + s[3]);
}

// The number of partial sums of a row in a panel of H eights: sum c is over the columns c,
// c + chains, c + 2 chains, ... With them three or four additions at least are under way that
// need not wait for each other, whatever the width of a register.
template <std::size_t H>
constexpr std::size_t chains_of = H > 2 ? 1 : 4 / H;

// The partial sums over columns of R registers of rows, and their total.
template <std::size_t chains, std::size_t R>
struct Sums {
    APICAL_INLINE Sums() {
        repeat<chains>([&](std::size_t c) APICAL_LAMBDA { clear_all(of[c]); });
    }
    APICAL_INLINE void add(std::size_t k, std::size_t r, Register entry, Register x) {
        Register& sum = of[k % chains][r];
        sum = multiply_add(entry, x, sum);
    }
    APICAL_INLINE Register total(std::size_t r) const {
        Register each[chains];
        repeat<chains>([&](std::size_t c) APICAL_LAMBDA { each[c] = of[c][r]; });
        return pairwise(each, chains);
    }
    Register of[chains][R];
};

}  // namespace
}  // namespace apical
