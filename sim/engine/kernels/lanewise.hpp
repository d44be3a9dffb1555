#pragma once

#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/kernels/panels.hpp"

// The ways through vectors, lane by lane, and their pads. In an unnamed namespace, as
// vector_math.hpp is.
namespace apical {
namespace {

// The first `used` lanes; the others are zero.
APICAL_INLINE Eight without_pads(Eight x, std::size_t used) {
    alignas(64) static constexpr double lane[] = {0.0, 1.0, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0};
    return select(load(lane) < static_cast<double>(used), x, Eight{});
}

// Activations like the logistic are not zero at zero; pads are. By one store of all lanes: a load
// that numbers from several stores go into waits for all of them to reach the cache.
void clear_pads(double* out, std::size_t rows) {
    const std::size_t used = rows % width;
    if (used == 0) return;
    double* const last = out + rows - used;
    store(last, without_pads(load(last), used));
}

// f(place) for each eight of the rows; those of 32 rows, as most vectors have, without a branch.
template <class F>
APICAL_INLINE void for_each_eight(std::size_t rows, F f) {
    const std::size_t end = padded(rows);
    std::size_t i = 0;
    for (; i + panel_rows <= end; i += panel_rows)
        repeat<panel_rows / width>([&](std::size_t k) APICAL_LAMBDA { f(i + k * width); });
    for (; i < end; i += width) f(i);
}

// out = f(out, a, b) lane by lane.
template <class F>
APICAL_INLINE void lanewise(const Step& s, F f) {
    for_each_eight(s.rows, [&](std::size_t i) APICAL_LAMBDA {
        store(s.out + i, f(load(s.out + i), load(s.a + i)));
    });
}

template <class F>
APICAL_INLINE void lanewise_self(const Step& s, F f) {
    for_each_eight(s.rows,
                   [&](std::size_t i) APICAL_LAMBDA { store(s.out + i, f(load(s.out + i))); });
}

template <class F>
APICAL_INLINE void lanewise_two(const Step& s, F f) {
    for_each_eight(s.rows, [&](std::size_t i) APICAL_LAMBDA {
        store(s.out + i, f(load(s.a + i), load(s.b + i)));
    });
}

}  // namespace
}  // namespace apical
