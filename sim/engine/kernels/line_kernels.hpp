#pragma once

#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/kernels/panels.hpp"

// Kernels of vectors that have a line of others before them, and of what the experimenter changes.
// In an unnamed namespace, as vector_math.hpp is.
namespace apical {
namespace {

void next(const Step& s) {
    const std::size_t one = padded(s.rows);
    double* const drawn = s.out - s.columns * one;
    double* const which = drawn - one;
    const auto k = static_cast<std::size_t>(*which);
    for (std::size_t i = 0; i < one; i += width)
        store(s.out + i, broadcast(s.gain) * load(drawn + k * one + i));
    *which = k + 1 < s.columns ? static_cast<double>(k + 1) : 0.0;
}

// The numbers that are on their way lie in a ring of all but the last of the `columns` vectors;
// that one is the axon's end. Before the ring stands by how many places it has been turned since
// its newest vector lay first (State::line turns it back): one more for each step, in place of
// moving all vectors on.
void conduct(const Step& s) {
    const std::size_t one = padded(s.rows), places = s.columns - 1;
    double* const turned = s.out - width;
    const auto k = static_cast<std::size_t>(*turned);
    double *const oldest = s.out + (places - 1 - k) * one, *const end = s.out + places * one;
    for (std::size_t i = 0; i < one; i += width) {
        store(end + i, load(oldest + i));
        store(oldest + i, load(s.a + i));
    }
    *turned = k + 1 < places ? static_cast<double>(k + 1) : 0.0;
}

void intervene(const Step& s) {
    if (s.a[0] == 0.0) return;
    for (std::size_t i = 0; i < s.rows; ++i) {
        if (!s.c || s.c[i] != 0.0) s.out[i] = s.retain * s.out[i] + s.gain;
    }
}

}  // namespace
}  // namespace apical
