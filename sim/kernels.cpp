// Built once for each instruction set (CMakeLists.txt), so nothing here may be an inline function
// of another header: the linker could pick the copy that this processor cannot run.
#include "sim/kernels.hpp"

#include <math.h>
#include <string.h>

#include "sim/vector_math.hpp"

namespace apical {

namespace {

constexpr std::size_t width = lanes;

std::size_t panels(std::size_t rows) { return (rows + width - 1) / width; }

// Activations like the logistic are not zero at zero; pads are.
void clear_pads(double* out, std::size_t rows) {
    for (std::size_t i = rows; i < panels(rows) * width; ++i) out[i] = 0.0;
}

// `count` neighbouring panels times x. Even and odd columns have sums of their own, so that one
// addition need not wait for the last.
template <std::size_t count, bool add>
void panel_product(const double* matrix, std::size_t columns, const double* x, double* out) {
    Eight even[count] = {}, odd[count] = {};
    const std::size_t stride = columns * width;
    std::size_t j = 0;
    for (; j + 1 < columns; j += 2) {
        const Eight x0 = broadcast(x[j]), x1 = broadcast(x[j + 1]);
        for (std::size_t p = 0; p < count; ++p) {
            even[p] += load(matrix + p * stride + j * width) * x0;
            odd[p] += load(matrix + p * stride + (j + 1) * width) * x1;
        }
    }
    if (j < columns) {
        for (std::size_t p = 0; p < count; ++p) {
            even[p] += load(matrix + p * stride + j * width) * broadcast(x[j]);
        }
    }
    for (std::size_t p = 0; p < count; ++p) {
        const Eight product = even[p] + odd[p];
        store(out + p * width, add ? load(out + p * width) + product : product);
    }
}

template <bool add>
void transmit(const Step& s) {
    constexpr std::size_t together = 4;
    const std::size_t all = panels(s.rows);
    std::size_t p = 0;
    for (; p + together <= all; p += together) {
        panel_product<together, add>(s.a + p * width * s.columns, s.columns, s.b,
                                     s.out + p * width);
    }
    for (; p < all; ++p) {
        panel_product<1, add>(s.a + p * width * s.columns, s.columns, s.b, s.out + p * width);
    }
}

// Sums over rows of eight columns at a time, panel after panel.
template <bool add>
void transmit_reverse(const Step& s) {
    const std::size_t all = panels(s.rows), stride = s.columns * width;
    for (std::size_t j = 0; j < s.columns; j += width) {
        const std::size_t count = s.columns - j < width ? s.columns - j : width;
        Eight sums[width] = {};
        for (std::size_t p = 0; p < all; ++p) {
            const Eight x = load(s.b + p * width);
            const double* panel = s.a + p * stride + j * width;
            if (count == width) {
                for (std::size_t k = 0; k < width; ++k) sums[k] += load(panel + k * width) * x;
            } else {
                for (std::size_t k = 0; k < count; ++k) sums[k] += load(panel + k * width) * x;
            }
        }
        const Eight totals = lane_sums(sums);
        store(s.out + j, add ? load(s.out + j) + totals : totals);
    }
}

// out = f(out, a, b) lane by lane.
template <class F>
void lanewise(const Step& s, F f) {
    for (std::size_t i = 0; i < panels(s.rows) * width; i += width) {
        store(s.out + i, f(load(s.out + i), load(s.a + i)));
    }
}

template <class F>
void lanewise_two(const Step& s, F f) {
    for (std::size_t i = 0; i < panels(s.rows) * width; i += width) {
        store(s.out + i, f(load(s.a + i), load(s.b + i)));
    }
}

void scale_set(const Step& s) {
    lanewise(s, [g = broadcast(s.gain)](Eight, Eight a) { return g * a; });
}
void scale_add(const Step& s) {
    lanewise(s, [g = broadcast(s.gain)](Eight out, Eight a) { return out + g * a; });
}
void gated_set(const Step& s) {
    lanewise(s, [g = broadcast(s.b[0])](Eight, Eight a) { return g * a; });
}
void gated_add(const Step& s) {
    lanewise(s, [g = broadcast(s.b[0])](Eight out, Eight a) { return out + g * a; });
}
void relax(const Step& s) {
    lanewise(s,
             [k = broadcast(s.retain)](Eight v, Eight drive) { return drive + k * (v - drive); });
}

struct Linear {
    static Eight phi(Eight v) { return v; }
    static Eight slope(Eight) { return broadcast(1.0); }
};
struct Tanh {
    static Eight phi(Eight v) { return tanh_of(v); }
    static Eight slope(Eight v) {
        const Eight t = tanh_of(v);
        return 1.0 - t * t;
    }
};
struct Rectified {
    static Eight phi(Eight v) { return v > 0.0 ? v : Eight{}; }
    static Eight slope(Eight v) { return v > 0.0 ? broadcast(1.0) : Eight{}; }
};
struct Logistic {
    static Eight phi(Eight v) { return 0.5 + 0.5 * tanh_of(0.5 * v); }
    static Eight slope(Eight v) {
        const Eight t = tanh_of(0.5 * v);
        return 0.25 * (1.0 - t * t);
    }
};

template <class Phi>
void fire(const Step& s) {
    if (s.retain == 0.0) {
        lanewise(s, [g = broadcast(s.gain)](Eight, Eight a) { return g * Phi::phi(a); });
    } else {
        lanewise(s, [k = broadcast(s.retain), g = broadcast(s.gain)](Eight r, Eight a) {
            return k * r + g * Phi::phi(a);
        });
    }
    clear_pads(s.out, s.rows);
}

template <class Phi>
void slope(const Step& s) {
    lanewise(s, [](Eight, Eight a) { return Phi::slope(a); });
    clear_pads(s.out, s.rows);
}

void softmax(const Step& s) {
    double largest = s.a[0], total = 0.0;
    for (std::size_t k = 1; k < s.rows; ++k) largest = s.a[k] > largest ? s.a[k] : largest;
    for (std::size_t k = 0; k < s.rows; ++k) total += s.out[k] = ::exp(s.a[k] - largest);
    for (std::size_t k = 0; k < s.rows; ++k) s.out[k] /= total;
}

void product(const Step& s) {
    lanewise_two(s, [g = broadcast(s.gain)](Eight a, Eight b) { return g * (a * b); });
}
void sum(const Step& s) {
    lanewise_two(s, [k = broadcast(s.retain), g = broadcast(s.gain)](Eight a, Eight b) {
        return k * a + g * b;
    });
}
void mixture(const Step& s) {
    lanewise_two(s, [k = broadcast(s.c[0]), g = broadcast(s.d[0])](Eight a, Eight b) {
        return k * a + g * b;
    });
}
void complement(const Step& s) {
    lanewise(s, [](Eight, Eight a) { return 1.0 - a; });
    clear_pads(s.out, s.rows);
}
void complement_rectified(const Step& s) {
    lanewise(s, [](Eight, Eight a) { return Rectified::phi(1.0 - a); });
    clear_pads(s.out, s.rows);
}
void difference(const Step& s) {
    lanewise_two(s, [](Eight a, Eight b) { return a - b; });
}

void copy(const Step& s) {
    memcpy(s.out, s.a, panels(s.rows) * width * s.columns * sizeof(double));
}

void clear(const Step& s) { memset(s.out, 0, panels(s.rows) * width * s.columns * sizeof(double)); }

void push(const Step& s) {
    const std::size_t one = panels(s.rows) * width;
    memmove(s.out + one, s.out, (s.columns - 1) * one * sizeof(double));
    memcpy(s.out, s.a, one * sizeof(double));
}

// Calls add(i) with the place of each diagonal entry of a square matrix.
template <class Add>
void on_diagonal(const Step& s, Add add) {
    for (std::size_t i = 0; i < s.rows; ++i) {
        add(i, s.out + i / width * width * s.columns + i * width + i % width);
    }
}

void diagonal(const Step& s) {
    const Eight keep = broadcast(s.b[0]);
    for (std::size_t k = 0; k < panels(s.rows) * width * s.columns; k += width) {
        store(s.out + k, keep * load(s.out + k));
    }
    on_diagonal(s, [&](std::size_t i, double* entry) { *entry += s.c[0] * s.a[i]; });
}

void jacobian(const Step& s) {
    const Eight gain = broadcast(s.gain);
    for (std::size_t p = 0; p < panels(s.rows); ++p) {
        const Eight slope = gain * load(s.b + p * width);
        for (std::size_t j = 0; j < s.columns; ++j) {
            const std::size_t at = (p * s.columns + j) * width;
            store(s.out + at, slope * load(s.a + at));
        }
    }
    on_diagonal(s, [&](std::size_t, double* entry) { *entry += s.retain; });
}

void set_scalar(const Step& s) { s.out[0] = s.gain; }
void times(const Step& s) { s.out[0] = s.a[0] * s.b[0]; }
void quotient(const Step& s) { s.out[0] = s.a[0] / s.b[0]; }
void balance(const Step& s) {
    const bool any = s.a[0] != 0.0 && s.b[0] != 0.0;
    s.out[0] = any ? ::sqrt(::sqrt(s.a[0] / s.b[0])) : 1.0;
}

// Two sums, so that one addition need not wait for the last; then lane by lane.
template <bool add>
void inner(const Step& s) {
    Eight even = {}, odd = {};
    const std::size_t count = panels(s.rows) * s.columns;
    std::size_t k = 0;
    for (; k + 1 < count; k += 2) {
        even += load(s.a + k * width) * load(s.b + k * width);
        odd += load(s.a + (k + 1) * width) * load(s.b + (k + 1) * width);
    }
    if (k < count) even += load(s.a + k * width) * load(s.b + k * width);
    const Eight sums[width] = {even + odd};
    const double total = lane_sums(sums)[0];
    s.out[0] = add ? s.out[0] + total : total;
}

// S_ij = change(S_ij, gain post_i, panel, column j), panel by panel.
template <class Change>
void change_matrix(const Step& s, Change change) {
    const Eight gain = broadcast(s.gain);
    double* entry = s.out;
    for (std::size_t p = 0; p < panels(s.rows); ++p) {
        const Eight post = gain * load(s.a + p * width);
        for (std::size_t j = 0; j < s.columns; ++j, entry += width) {
            store(entry, change(load(entry), post, p, j));
        }
    }
}

void hebb_add(const Step& s) {
    change_matrix(s, [&](Eight old, Eight post, std::size_t, std::size_t j) {
        return old + post * broadcast(s.b[j]);
    });
}

void hebb_set(const Step& s) {
    change_matrix(
        s, [&](Eight, Eight post, std::size_t, std::size_t j) { return post * broadcast(s.b[j]); });
}

void hebb_decay(const Step& s) {
    const Eight retain = broadcast(s.retain);
    change_matrix(s, [&](Eight old, Eight post, std::size_t, std::size_t j) {
        return retain * old + post * broadcast(s.b[j]);
    });
}

void hebb_modulated(const Step& s) {
    const Eight keep = broadcast(s.retain * s.c[0]);
    const Eight scale = broadcast(s.d ? s.d[0] : 1.0);
    change_matrix(s, [&](Eight old, Eight post, std::size_t, std::size_t j) {
        return keep * old + scale * post * broadcast(s.b[j]);
    });
}

void hebb_cellwise(const Step& s) {
    change_matrix(s, [&](Eight old, Eight post, std::size_t p, std::size_t j) {
        return load(s.c + p * width) * old + post * broadcast(s.b[j]);
    });
}

void accumulate(const Step& s) {
    const Eight gain = broadcast(s.a ? s.gain * s.a[0] : s.gain);
    for (std::size_t k = 0; k < panels(s.rows) * width * s.columns; k += width) {
        store(s.out + k, load(s.out + k) + gain * load(s.b + k));
    }
}

// `count` columns of out, from `column`: a copy of them in scratch, an entry of eight a row, is
// multiplied by two panels of a at a time.
template <std::size_t together>
void left_product(const Step& s, std::size_t panel, std::size_t column, std::size_t count) {
    Eight sums[together][width] = {};
    const double* left[together];
    for (std::size_t p = 0; p < together; ++p) left[p] = s.a + (panel + p) * width * s.rows;
    for (std::size_t k = 0; k < s.rows; ++k) {
        const double* row = s.scratch + k * width;
        Eight entries[together];
        for (std::size_t p = 0; p < together; ++p) entries[p] = load(left[p] + k * width);
        for (std::size_t c = 0; c < width; ++c) {
            const Eight x = broadcast(row[c]);
            for (std::size_t p = 0; p < together; ++p) sums[p][c] += entries[p] * x;
        }
    }
    for (std::size_t p = 0; p < together; ++p) {
        double* out = s.out + (panel + p) * width * s.columns + column * width;
        for (std::size_t c = 0; c < count; ++c) store(out + c * width, sums[p][c]);
    }
}

void multiply_from_left(const Step& s) {
    const std::size_t all = panels(s.rows);
    for (std::size_t j = 0; j < s.columns; j += width) {
        const std::size_t count = s.columns - j < width ? s.columns - j : width;
        if (count < width) memset(s.scratch, 0, all * width * width * sizeof(double));
        for (std::size_t p = 0; p < all; ++p) {
            const double* from = s.out + p * width * s.columns + j * width;
            double* to = s.scratch + p * width * width;
            for (std::size_t c = 0; c < count; ++c) {
                for (std::size_t k = 0; k < width; ++k) to[k * width + c] = from[c * width + k];
            }
        }
        std::size_t p = 0;
        for (; p + 2 <= all; p += 2) left_product<2>(s, p, j, count);
        if (p < all) left_product<1>(s, p, j, count);
    }
}

// Of the row k of panels only the entries with i = k change.
void tensor_diagonal(const Step& s) {
    const std::size_t columns = panels(s.rows) * width * s.columns;
    for (std::size_t i = 0; i < s.rows; ++i) {
        const double post = s.gain * s.a[i];
        const std::size_t first = i / width * width * s.columns + i % width;
        double* row = s.out + i / width * width * columns + i % width;
        for (std::size_t j = 0; j < s.columns; ++j) {
            row[(first + j * width) * width] += post * s.b[j];
        }
    }
}

void consolidate(const Step& s) {
    change_matrix(s, [&](Eight old, Eight post, std::size_t p, std::size_t j) {
        return old + post * load(s.b + (p * s.columns + j) * width);
    });
}

bool all_finite(const double* numbers, std::size_t count) {
    Eight sum = {};  // 0 x is 0 for a finite x and NaN for any other
    for (std::size_t i = 0; i < count; i += width) sum += load(numbers + i) * 0.0;
    double total = 0.0;
    for (std::size_t k = 0; k < width; ++k) total += sum[k];
    return total == 0.0;
}

}  // namespace

#define APICAL_NAME_OF(kernels) #kernels
#define APICAL_NAME(kernels) APICAL_NAME_OF(kernels)

extern const Kernels APICAL_KERNELS;
constinit const Kernels APICAL_KERNELS = {
    APICAL_NAME(APICAL_KERNELS),
    transmit<false>,
    transmit<true>,
    transmit_reverse<false>,
    transmit_reverse<true>,
    scale_set,
    scale_add,
    gated_set,
    gated_add,
    relax,
    {fire<Linear>, fire<Tanh>, fire<Rectified>, fire<Logistic>},
    {slope<Linear>, slope<Tanh>, slope<Rectified>, slope<Logistic>},
    softmax,
    product,
    sum,
    mixture,
    difference,
    complement,
    complement_rectified,
    copy,
    clear,
    push,
    jacobian,
    diagonal,
    set_scalar,
    inner<false>,
    inner<true>,
    times,
    quotient,
    balance,
    hebb_add,
    hebb_set,
    hebb_decay,
    hebb_modulated,
    hebb_cellwise,
    consolidate,
    accumulate,
    multiply_from_left,
    tensor_diagonal,
    all_finite,
};

}  // namespace apical
