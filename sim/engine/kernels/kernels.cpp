// Built once for each instruction set (CMakeLists.txt), so nothing here may be an inline function
// of another header: the linker could pick the copy that this processor cannot run.
#include "sim/engine/kernels/kernels.hpp"

#include <math.h>
#include <string.h>

#include "sim/engine/kernels/draw_kernels.hpp"
#include "sim/engine/kernels/fired_kernels.hpp"
#include "sim/engine/kernels/formula_kernels.hpp"
#include "sim/engine/kernels/formula_pass_kernels.hpp"
#include "sim/engine/kernels/lanewise.hpp"
#include "sim/engine/kernels/line_kernels.hpp"
#include "sim/engine/kernels/matrix_kernels.hpp"
#include "sim/engine/kernels/pass_kernels.hpp"
#include "sim/engine/kernels/row_pass_kernels.hpp"
#include "sim/engine/kernels/synaptic_kernels.hpp"
#include "sim/engine/kernels/winner_kernels.hpp"

namespace apical {

namespace {

void scale_set(const Step& s) {
    lanewise(s, [g = broadcast(s.gain)](Eight, Eight a) { return g * a; });
}
void scale_add(const Step& s) {
    lanewise(s, [g = broadcast(s.gain)](Eight out, Eight a) { return multiply_add(g, a, out); });
}
// What lies behind the part is no pad.
void part_set(const Step& s) {
    for (std::size_t i = 0; i < s.rows; ++i) s.out[i] = s.gain * s.a[i];
}
void part_add(const Step& s) {
    for (std::size_t i = 0; i < s.rows; ++i) s.out[i] += s.gain * s.a[i];
}
void gated_set(const Step& s) {
    lanewise(s, [g = broadcast(s.b[0])](Eight, Eight a) { return g * a; });
}
void gated_add(const Step& s) {
    lanewise(s, [g = broadcast(s.b[0])](Eight out, Eight a) { return multiply_add(g, a, out); });
}
void relax(const Step& s) {
    lanewise(s, [k = broadcast(s.retain)](Eight v, Eight drive) {
        return multiply_add(k, v - drive, drive);
    });
}

struct Linear {
    APICAL_INLINE static auto phi(auto v) { return v; }
    static Eight slope(Eight) { return broadcast(1.0); }
};
struct Tanh {
    APICAL_INLINE static auto phi(auto v) { return tanh_of(v); }
    static Eight slope(Eight v) {
        const Eight t = tanh_of(v);
        return 1.0 - t * t;
    }
};
struct Rectified {
    APICAL_INLINE static auto phi(auto v) { return select(v > 0.0, v, decltype(v){}); }
    static Eight slope(Eight v) { return select(v > 0.0, broadcast(1.0), Eight{}); }
};
struct Logistic {
    APICAL_INLINE static auto phi(auto v) { return 0.5 + 0.5 * tanh_of(0.5 * v); }
    static Eight slope(Eight v) {
        const Eight t = tanh_of(0.5 * v);
        return 0.25 * (1.0 - t * t);
    }
};

// Cells from `i` on. `keeps` stores phi in scratch as well.
template <class Phi, bool gated, bool keeps, std::size_t count>
APICAL_INLINE void fire_some(const Step& s, std::size_t i) {
    const Doubles<count> a = load<count>(s.a + i),
                         phi = Phi::phi(gated ? broadcast<count>(s.b[0]) * a : a),
                         scaled = broadcast<count>(s.gain) * phi;
    if (keeps) store(s.scratch + i, phi);
    if (s.retain == 0.0) return store(s.out + i, scaled);
    const Doubles<count> kept = broadcast<count>(s.retain) * load<count>(s.out + i);
    store(s.out + i, multiply_add(broadcast<count>(s.gain), phi, kept));
}

// Sixteen cells at a time, as many as a processor has under way at once when they take long, where
// they fit into registers.
template <class Phi, bool gated, bool keeps = false>
void fire(const Step& s) {
    constexpr std::size_t together = register_width == 2 ? width : 2 * width;
    const std::size_t end = padded(s.rows);
    std::size_t i = 0;
    for (; i + together <= end; i += together) fire_some<Phi, gated, keeps, together>(s, i);
    if (i < end) fire_some<Phi, gated, keeps, width>(s, i);
    clear_pads(s.out, s.rows);
}

void slope_of_tanh(const Step& s) {
    lanewise(s, [](Eight, Eight t) { return 1.0 - t * t; });
    clear_pads(s.out, s.rows);
}

template <class Phi>
void slope(const Step& s) {
    lanewise(s, [](Eight, Eight a) { return Phi::slope(a); });
    clear_pads(s.out, s.rows);
}

double largest_of(const Step& s) {
    double largest = s.a[0];
    for (std::size_t k = 1; k < s.rows; ++k) largest = s.a[k] > largest ? s.a[k] : largest;
    return largest;
}
double total_of(const double* numbers, std::size_t count) {
    double total = 0.0;
    for (std::size_t k = 0; k < count; ++k) total += numbers[k];
    return total;
}

// One vector, as most outputs are: the exponentials stay in registers.
void softmax_of_few(const Step& s) {
    alignas(64) double each[width];
    const Eight exponentials = exp_of(load(s.a) - largest_of(s));
    store(each, exponentials);
    store(s.out, without_pads(exponentials / total_of(each, s.rows), s.rows));
}

void softmax(const Step& s) {
    if (s.rows <= width) return softmax_of_few(s);
    lanewise(s, [largest = largest_of(s)](Eight, Eight a) { return exp_of(a - largest); });
    lanewise_self(s, [total = total_of(s.out, s.rows)](Eight out) { return out / total; });
    clear_pads(s.out, s.rows);
}

void product(const Step& s) {
    lanewise_two(s, [g = broadcast(s.gain)](Eight a, Eight b) { return g * (a * b); });
}
void sum(const Step& s) {
    lanewise_two(s, [k = broadcast(s.retain), g = broadcast(s.gain)](Eight a, Eight b) {
        return multiply_add(g, b, k * a);
    });
}
void mixture(const Step& s) {
    lanewise_two(s, [k = broadcast(s.c[0]), g = broadcast(s.d[0])](Eight a, Eight b) {
        return multiply_add(g, b, k * a);
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

void formula(const Step& s) {
    compute_formula(*s.formula, padded(s.rows));
    clear_pads(s.out, s.rows);
}

void copy(const Step& s) { memcpy(s.out, s.a, padded(s.rows) * s.columns * sizeof(double)); }

void clear(const Step& s) { memset(s.out, 0, padded(s.rows) * s.columns * sizeof(double)); }

void push(const Step& s) {
    const std::size_t one = padded(s.rows);
    memmove(s.out + one, s.out, (s.columns - 1) * one * sizeof(double));
    memcpy(s.out, s.a, one * sizeof(double));
}

void set_scalar(const Step& s) { s.out[0] = s.gain; }
void times(const Step& s) { s.out[0] = s.a[0] * s.b[0]; }
void quotient(const Step& s) { s.out[0] = s.a[0] / s.b[0]; }
void balance(const Step& s) {
    const bool any = s.a[0] != 0.0 && s.b[0] != 0.0;
    s.out[0] = any ? ::sqrt(::sqrt(s.a[0] / s.b[0])) : 1.0;
}

void accumulate(const Step& s) {
    const Eight gain = broadcast(s.a ? s.gain * s.a[0] : s.gain);
    for (std::size_t k = 0; k < padded(s.rows) * s.columns; k += width) {
        store(s.out + k, multiply_add(gain, load(s.b + k), load(s.out + k)));
    }
}

// In row k of the tensor only the entries with i = k change: those of a row of the set's matrix,
// which lie as far apart as its panel is high, in columns of the tensor.
void tensor_diagonal(const Step& s) {
    const std::size_t columns = padded(s.rows) * s.columns;
    for (std::size_t i = 0; i < s.rows; ++i) {
        const double post = s.gain * s.a[i];
        const std::size_t entry = panel_index(i, 0, s.rows, s.columns),
                          height = panel_height(i / panel_rows * panel_rows, s.rows);
        double* out = s.out + panel_index(i, entry, s.rows, columns);
        for (std::size_t j = 0; j < s.columns; ++j, out += height * height) *out += post * s.b[j];
    }
}

bool all_finite(const Range* ranges, std::size_t range_count) {
    constexpr std::size_t together = 4;
    const Eight zero = {};  // times a finite number it is 0, times any other NaN
    Eight sums[together] = {};
    for (std::size_t k = 0; k < range_count; ++k) {
        const double* numbers = ranges[k].first;
        const std::size_t count = ranges[k].count;
        std::size_t i = 0;
        for (; i + together * width <= count; i += together * width) {
            for (std::size_t c = 0; c < together; ++c)
                sums[c] = multiply_add(load(numbers + i + c * width), zero, sums[c]);
        }
        for (; i < count; i += width) sums[0] = multiply_add(load(numbers + i), zero, sums[0]);
    }
    return lane_sum(pairwise(sums, together)) == 0.0;
}

// A pass changes or multiplies something. There is none of two forward products and a reverse one,
// nor one that decays, or changes tags or by formulas, and multiplies in reverse.
constexpr bool is_pass(Changed changed, std::size_t forward, bool reverse) {
    if (reverse) return (changed == Changed::nothing || changed == Changed::matrix) && forward < 2;
    return changed != Changed::nothing || forward > 0;
}

struct Passes {
    template <Changed changed, std::size_t forward, bool reverse>
    static constexpr KernelFunction of() {
        if constexpr (!is_pass(changed, forward, reverse))
            return nullptr;
        else if constexpr (changed == Changed::formulas)
            return formula_pass<forward>;
        else
            return pass<changed, forward, reverse>;
    }
};

}  // namespace

extern const Kernels APICAL_KERNELS;
constinit const Kernels APICAL_KERNELS = {
    .instruction_set = APICAL_INSTRUCTION_SET,
#if defined(APICAL_STRICT) || !defined(__FMA__)
    .rounding = Rounding::strict,
#else
    .rounding = Rounding::fused,
#endif
    .transmit_set = transmit<false>,
    .transmit_add = transmit<true>,
    .transmit_reverse_set = transmit_reverse<false>,
    .transmit_reverse_add = transmit_reverse<true>,
    .transmit_fired_set = transmit_fired<false>,
    .transmit_fired_add = transmit_fired<true>,
    .gather = sum_over_columns,
    .scale_set = scale_set,
    .scale_add = scale_add,
    .part_set = part_set,
    .part_add = part_add,
    .gated_set = gated_set,
    .gated_add = gated_add,
    .relax = relax,
    .fire = {.linear = fire<Linear, false>,
             .tanh = fire<Tanh, false>,
             .rectified = fire<Rectified, false>,
             .logistic = fire<Logistic, false>},
    .fire_gated = {.linear = fire<Linear, true>,
                   .tanh = fire<Tanh, true>,
                   .rectified = fire<Rectified, true>,
                   .logistic = fire<Logistic, true>},
    .fire_tanh = fire<Tanh, false, true>,
    .fire_gated_tanh = fire<Tanh, true, true>,
    .slope = {.linear = slope<Linear>,
              .tanh = slope<Tanh>,
              .rectified = slope<Rectified>,
              .logistic = slope<Logistic>},
    .slope_of_tanh = slope_of_tanh,
    .softmax = softmax,
    .winners = winners,
    .product = product,
    .sum = sum,
    .mixture = mixture,
    .difference = difference,
    .complement = complement,
    .complement_rectified = complement_rectified,
    .formula = formula,
    .copy = copy,
    .clear = clear,
    .push = push,
    .conduct = conduct,
    .next = next,
    .intervene = intervene,
    .jacobian = jacobian,
    .diagonal = diagonal,
    .set_scalar = set_scalar,
    .inner_set = inner<false>,
    .inner_add = inner<true>,
    .times = times,
    .quotient = quotient,
    .balance = balance,
    .hebb_add = hebb_add,
    .hebb_set = hebb_set,
    .hebb_decay = hebb_decay,
    .hebb_modulated = hebb_modulated,
    .hebb_cellwise = hebb_cellwise,
    .consolidate = consolidate,
    .accumulate = accumulate,
    .multiply_from_left = multiply_from_left,
    .tensor_diagonal = tensor_diagonal,
    .synaptic = synaptic,
    .defer = defer,
    .draw_normal = draw<Normal>,
    .draw_uniform = draw<Uniform>,
    .draw_sparse = draw<Sparse>,
    .all_finite = all_finite,
    .pass = table_of<Passes>(),
    .by_rows = by_rows::all_kernels(),
    .tile_loops = tile::all_loops(),
};

}  // namespace apical
