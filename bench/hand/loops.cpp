// Built once for each instruction set; nothing here may be an inline function of another header:
// the linker could pick the copy that this processor cannot run.
#include "bench/hand/loops.hpp"

#include "bench/hand/functions.hpp"
#include "bench/hand/passes.hpp"

namespace hand {
namespace {

constexpr double alpha = 0.5, rate = 1e-3, rate_of_A = 1e-2, rate_of_J = 1e-3;  // of the models

template <class T>
void exchange(T& a, T& b) {
    const T kept = a;
    a = b;
    b = kept;
}

// Calls f(i) for each register of a vector.
template <class F>
void for_each(std::size_t n, F f) {
    for (std::size_t i = 0; i < n; i += width) f(i);
}

void put(double* all_rates, const double* rates, std::size_t n, const double* two) {
    for_each(n, [&](std::size_t i) { store(all_rates + i, load(rates + i)); });
    all_rates[n] = two[0];
    all_rates[n + 1] = two[1];
    all_rates[n + 2] = 1.0;
}

void gather(Network& net, const double* x) {
    exchange(net.hat, net.hat_before);
    put(net.hat, net.r, net.n, x);
}

void fire(Network& net) {
    for_each(net.n, [&](std::size_t i) {
        const Vector t = tanh_of(load(net.voltage + i));
        store(net.r + i, fma(t, all(alpha), all(1.0 - alpha) * load(net.r + i)));
        store(net.slope + i, fnma(t, t, all(1.0)));
    });
}

// Softmax, its error, the credit it sends back and the change of W_out.
void read_out(Network& net, const double* label) {
    Vector z[width], e[2];
    for (Vector& one : z) one = all(0.0);
    for_each(net.n, [&](std::size_t i) {
        const Vector r = load(net.r + i);
        for (std::size_t k = 0; k < 2; ++k) z[k] = fma(load(net.W_out[k] + i), r, z[k]);
    });
    const double first = sum_of(z[0]) + net.b_out[0], second = sum_of(z[1]) + net.b_out[1];
    // exp(-|first - second|) is all that a softmax of two needs.
    const double apart = first - second;
    const Vector small = exp_of(
        all(apart < 0.0 ? (apart < -700.0 ? -700.0 : apart) : (apart > 700.0 ? -700.0 : -apart)));
    const double ratio = small[0], larger = 1.0 / (1.0 + ratio),
                 smaller_one = ratio / (1.0 + ratio);
    const double error[2] = {(apart < 0.0 ? smaller_one : larger) - label[0],
                             (apart < 0.0 ? larger : smaller_one) - label[1]};
    for (std::size_t k = 0; k < 2; ++k) {
        e[k] = all(error[k]);
        net.b_out[k] -= rate * error[k];
    }
    const Vector change[2] = {all(-rate * error[0]), all(-rate * error[1])};
    for_each(net.n, [&](std::size_t i) {
        const Vector r = load(net.r + i);
        store(net.credit + i,
              fma(e[1], load(net.feedback[1] + i), e[0] * load(net.feedback[0] + i)));
        for (std::size_t k = 0; k < 2; ++k)
            store(net.W_out[k] + i, fma(change[k], r, load(net.W_out[k] + i)));
    });
}

void rflo(Rflo& loop, const double* x, const double* label) {
    Network& net = loop.net;
    gather(net, x);
    learn_and_multiply(net.W, loop.B, 1.0 - alpha, loop.post, loop.rate_of_row, net.hat_before,
                       net.hat, net.voltage, net.n, net.m);
    fire(net);
    read_out(net, label);
    for_each(net.n, [&](std::size_t i) {
        store(loop.post + i, all(alpha) * load(net.slope + i));
        store(loop.rate_of_row + i, all(-rate) * load(net.credit + i));
    });
}

// Sixty-four bits of Philox4x32-10 (Salmon et al. 2011).
std::uint64_t philox(std::uint32_t seed, std::uint32_t stream, std::uint64_t step,
                     std::uint64_t index) {
    std::uint32_t a = std::uint32_t(index), b = std::uint32_t(index >> 32), c = std::uint32_t(step),
                  d = std::uint32_t(step >> 32);
    for (int round = 0; round < 10; ++round) {
        const std::uint64_t of_a = std::uint64_t{0xD2511F53} * a,
                            of_c = std::uint64_t{0xCD9E8D57} * c;
        a = std::uint32_t(of_c >> 32) ^ b ^ seed;
        c = std::uint32_t(of_a >> 32) ^ d ^ stream;
        b = std::uint32_t(of_c);
        d = std::uint32_t(of_a);
        seed += 0x9E3779B9;
        stream += 0xBB67AE85;
    }
    return a | std::uint64_t{b} << 32;
}

void draw_signs(Uoro& loop) {
    ++loop.steps;
    std::uint64_t bits = 0;
    for (std::size_t i = 0; i < loop.net.n; i += width, bits >>= width) {
        if (i % 64 == 0) bits = philox(loop.seed, loop.stream, loop.steps, i / 64);
        store(loop.signs + i, signs_of(bits));
    }
}

double square_of(const double* v, std::size_t n) {
    Vector sum = all(0.0);
    for_each(n, [&](std::size_t i) { sum = fma(load(v + i), load(v + i), sum); });
    return sum_of(sum);
}

double root(double x) { return _mm_cvtsd_f64(_mm_sqrt_pd(_mm_set1_pd(x))); }

void uoro(Uoro& loop, const double* x, const double* label) {
    Network& net = loop.net;
    gather(net, x);
    draw_signs(loop);
    const double tag_square =
        learn_and_multiply_both(net.W, loop.B, loop.keep, loop.post, loop.change, net.hat_before,
                                net.hat, net.voltage, loop.A, loop.influence, net.n, net.m);
    fire(net);
    read_out(net, label);
    Vector carried_square = all(0.0), P_square = all(0.0);
    for_each(net.n, [&](std::size_t i) {
        const Vector steepness = all(alpha) * load(net.slope + i);
        const Vector carried =
            fma(all(1.0 - alpha), load(loop.A + i), steepness * load(loop.influence + i));
        const Vector P = load(loop.signs + i) * steepness;
        store(loop.carried + i, carried);
        store(loop.post + i, P);
        carried_square = fma(carried, carried, carried_square);
        P_square = fma(P, P, P_square);
    });
    const double pre_square = square_of(net.hat, net.n) + x[0] * x[0] + x[1] * x[1] + 1.0;
    const double rho0 = root(root(tag_square / sum_of(carried_square))),
                 rho1 = root(root(sum_of(P_square) * pre_square / double(net.n)));
    const Vector keeps = all(rho0), adds = all(rho1), less_of_P = all(1.0 / rho1);
    Vector influence = all(0.0);
    for_each(net.n, [&](std::size_t i) {
        const Vector A = fma(adds, load(loop.signs + i), keeps * load(loop.carried + i));
        store(loop.A + i, A);
        store(loop.post + i, less_of_P * load(loop.post + i));
        influence = fma(load(net.credit + i), A, influence);
    });
    loop.keep = 1.0 / rho0;
    loop.change = -rate * sum_of(influence);
}

void dni_b(DniB& loop, const double* x, const double* label) {
    Network& net = loop.net;
    gather(net, x);
    change_and_multiply(net.W, loop.dW, net.hat_before, net.hat, net.voltage, net.n, net.m);
    fire(net);
    read_out(net, label);
    exchange(loop.tilde_before, loop.tilde_before_that);
    exchange(loop.tilde, loop.tilde_before);
    put(loop.tilde, net.r, net.n, label);
    change_and_multiply(loop.A, loop.dA, loop.tilde_before_that, loop.tilde, loop.a, net.n, net.m);
    for_each(net.n, [&](std::size_t i) { store(loop.u + i, tanh_of(load(loop.a + i))); });
    change_and_multiply_both(loop.J, loop.dJ, net.hat_before, net.hat, loop.forecast, loop.u,
                             loop.back, net.n);
    for_each(net.n, [&](std::size_t i) {
        const Vector target = load(loop.credit_before + i) + load(loop.back + i);
        store(loop.dA + i, all(-rate_of_A) * (load(loop.a_before + i) - target));
        store(loop.dJ + i, all(rate_of_J) * (load(net.r + i) - load(loop.forecast + i)));
        store(loop.dW + i, all(-rate * alpha) * (load(loop.a + i) * load(net.slope + i)));
    });
    exchange(loop.a, loop.a_before);
    exchange(net.credit, loop.credit_before);
}

void tanh_of_all(const double* in, double* out, std::size_t count) {
    for_each(count, [&](std::size_t i) { store(out + i, tanh_of(load(in + i))); });
}

void stream(double* numbers, std::size_t count) {
    for_each(count, [&](std::size_t i) {
        store(numbers + i, fma(load(numbers + i), all(0.5), all(1.0)));
    });
}

void multiply_adds(std::size_t turns, double* out) {
    const Vector factor = all(1.0 + 1e-9), term = all(1e-9);
    // Each begins with another number: the compiler makes one of sums that are equal throughout.
    Vector sums[adds_of_turn];
    for (std::size_t k = 0; k < adds_of_turn; ++k) sums[k] = all(double(k + 1));
    for (std::size_t turn = 0; turn < turns; ++turn) {
#pragma GCC unroll 12
        for (Vector& one : sums) one = fma(one, factor, term);
    }
    for (std::size_t k = 0; k < adds_of_turn; ++k) store(out + k * width, sums[k]);
}

}  // namespace

#define APICAL_NAME_OF(set) #set
#define APICAL_NAME(set) APICAL_NAME_OF(set)
#define APICAL_LOOPS_OF(set) loops_##set
#define APICAL_LOOPS(set) APICAL_LOOPS_OF(set)

extern const Loops APICAL_LOOPS(APICAL_SET);
constinit const Loops APICAL_LOOPS(APICAL_SET) = {
    APICAL_NAME(APICAL_SET), panel, width, rflo, uoro, dni_b, tanh_of_all, stream, multiply_adds};

}  // namespace hand
