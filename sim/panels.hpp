#pragma once

#include "sim/kernels.hpp"
#include "sim/vector_math.hpp"

// How kernels go through matrices. In an unnamed namespace, as vector_math.hpp is.
namespace apical {
namespace {

constexpr std::size_t width = lanes;

// A panel of R vectors of rows.
template <std::size_t R>
struct Height {};

// Calls f(Height<R>, first row) for each panel.
template <class F>
void for_each_panel(std::size_t rows, F f) {
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

// Sets vectors to zero one by one: the compiler would have a whole array written to memory.
template <std::size_t count>
[[gnu::always_inline]] inline void clear_all(Eight (&all)[count]) {
#pragma GCC unroll 32
    for (std::size_t k = 0; k < count; ++k) all[k] = Eight{};
}

// Calls column(j, j % 8) for each column, and group(j, count) after each eight, from column j, and
// after those that are left. `few` tells that there are fewer than eight.
template <bool few, class Column, class Group>
[[gnu::always_inline]] inline void visit_columns(std::size_t columns, Column column, Group group) {
    if (few) {
        for (std::size_t k = 0; k < columns; ++k) column(k, k);
        return group(0, columns);
    }
    std::size_t j = 0;
    for (; j + lanes <= columns; j += lanes) {
#pragma GCC unroll 8
        for (std::size_t k = 0; k < lanes; ++k) column(j + k, k);
        group(j, lanes);
    }
    if (j == columns) return;
#pragma GCC unroll 8
    for (std::size_t k = 0; k < lanes; ++k) {
        if (j + k < columns) column(j + k, k);
    }
    group(j, columns - j);
}

template <bool few, class Column>
[[gnu::always_inline]] inline void visit_columns(std::size_t columns, Column column) {
    visit_columns<few>(columns, column, [](std::size_t, std::size_t) {});
}

// Of 1, 2, 4 or 8 sums.
[[gnu::always_inline]] inline Eight pairwise(const Eight* s, std::size_t count) {
    if (count == 1) return s[0];
    if (count == 2) return s[0] + s[1];
    const Eight four = (s[0] + s[1]) + (s[2] + s[3]);
    return count == 4 ? four : four + ((s[4] + s[5]) + (s[6] + s[7]));
}

// Sums over the columns of a panel. Neighbouring columns have sums of their own, so that one
// addition need not wait for the last; not when they are few.
template <std::size_t R, bool few>
struct Sums {
    static constexpr std::size_t chains = few ? 1 : R == 1 ? 8 : R == 2 ? 4 : 2;

    [[gnu::always_inline]] Sums() {
#pragma GCC unroll 8
        for (std::size_t c = 0; c < chains; ++c) clear_all(of[c]);
    }
    [[gnu::always_inline]] void add(std::size_t k, std::size_t r, Eight entry, Eight x) {
        Eight& sum = of[k % chains][r];
        sum = multiply_add(entry, x, sum);
    }
    [[gnu::always_inline]] Eight total(std::size_t r) const {
        Eight each[chains];
        for (std::size_t c = 0; c < chains; ++c) each[c] = of[c][r];
        return pairwise(each, chains);
    }
    template <bool adds>
    [[gnu::always_inline]] void put(double* out) const {
        for (std::size_t r = 0; r < R; ++r) {
            const Eight sum = total(r);
            store(out + r * lanes, adds ? load(out + r * lanes) + sum : sum);
        }
    }
    Eight of[chains][R];
};

}  // namespace
}  // namespace apical
