#pragma once

#include "sim/engine/kernels/kernels.hpp"

// The cells of a population that are among the largest. In an unnamed namespace, as vector_math.hpp
// is.
namespace apical {
namespace {

// Puts x at the root of a heap of `count` numbers, the least of which is the first, in place of
// what is there.
inline void sink(double* heap, std::size_t count, double x) {
    std::size_t at = 0;
    for (;;) {
        std::size_t below = 2 * at + 1;
        if (below >= count) break;
        if (below + 1 < count && heap[below + 1] < heap[below]) ++below;
        if (!(heap[below] < x)) break;
        heap[at] = heap[below];
        at = below;
    }
    heap[at] = x;
}

inline void rise(double* heap, std::size_t at, double x) {
    for (; at > 0 && x < heap[(at - 1) / 2]; at = (at - 1) / 2) heap[at] = heap[(at - 1) / 2];
    heap[at] = x;
}

// out_i stays where it is not 0 and a_i is one of the `columns` largest of such, the first of equal
// ones, and becomes 0 elsewhere. `out` may be `a`.
inline void winners(const Step& s) {
    double* const heap = s.scratch;
    const std::size_t most = s.columns;
    std::size_t held = 0, candidates = 0;
    for (std::size_t i = 0; i < s.rows; ++i) {
        if (s.out[i] == 0.0) continue;
        ++candidates;
        if (held < most)
            rise(heap, held++, s.a[i]);
        else if (heap[0] < s.a[i])
            sink(heap, held, s.a[i]);
    }
    if (candidates <= most) return;
    const double least = heap[0];
    std::size_t larger = 0;
    for (std::size_t i = 0; i < s.rows; ++i) larger += s.out[i] != 0.0 && s.a[i] > least ? 1 : 0;
    std::size_t equal = most - larger;
    for (std::size_t i = 0; i < s.rows; ++i) {
        if (s.out[i] == 0.0 || s.a[i] > least) continue;
        const bool stays = s.a[i] == least && equal > 0;
        if (stays)
            --equal;
        else
            s.out[i] = 0.0;
    }
}

}  // namespace
}  // namespace apical
