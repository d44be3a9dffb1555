// Built once for each instruction set, as loops.cpp is.
#include "bench/hand/rule_loops.hpp"

#include <array>

#include "bench/hand/vector.hpp"

namespace hand {
namespace {

constexpr std::size_t panel = 4 * width;
constexpr double rate = 1e-3, small_rate = 1e-4, decay = 1e-2;  // of bench/rules.toml

// Changes W by what the step before has left and multiplies it by x, R registers of rows at a time:
// `changed` has the place of an entry and the number of its register. Neighbouring columns have
// sums of their own where there is room.
template <std::size_t R, std::size_t chains, class Rows>
inline void change_and_multiply(RuleLoop& loop, const double* x) {
    const std::size_t n = loop.n;
    for (std::size_t first = 0; first < n; first += R * width) {
        std::size_t at = first / panel * panel * n + first % panel;
        const Rows rows(loop, first);
        Vector sums[chains][R];
        for (std::size_t k = 0; k < chains * R; ++k) sums[k / R][k % R] = all(0.0);
        for (std::size_t j = 0; j < n; j += chains) {
#pragma GCC unroll 2
            for (std::size_t c = 0; c < chains; ++c, at += panel) {
                const Vector before = all(loop.x_before[j + c]), now = all(x[j + c]);
#pragma GCC unroll 4
                for (std::size_t k = 0; k < R; ++k) {
                    double* const entry = loop.W + at + k * width;
                    const Vector w = rows.changed(load(entry), at + k * width, k, before);
                    store(entry, w);
                    sums[c][k] = fma(w, now, sums[c][k]);
                }
            }
        }
        for (std::size_t k = 0; k < R; ++k)
            store(loop.product + first + k * width,
                  chains == 2 ? sums[0][k] + sums[chains - 1][k] : sums[0][k]);
    }
}

// Rows of the first step, before which there is no change to make.
struct Unchanged {
    Unchanged(const RuleLoop&, std::size_t) {}
    Vector changed(Vector w, std::size_t, std::size_t, Vector) const { return w; }
};
template <std::size_t R, std::size_t chains, class Rows>
inline void go_through(RuleLoop& loop, const double* x) {
    if (!loop.is_due) return change_and_multiply<4, 1, Unchanged>(loop, x);
    change_and_multiply<R, chains, Rows>(loop, x);
}

// Calls f(i) for each register of a vector.
template <class F>
inline void for_each(std::size_t n, F f) {
    for (std::size_t i = 0; i < n; i += width) f(i);
}

// Cells fire what drives them; `post` and `second` become what the change will be multiplied by.
template <class F>
inline void fire(RuleLoop& loop, const double* x, F factors) {
    for_each(loop.n, [&](std::size_t i) {
        const Vector r = load(loop.drive + i);
        store(loop.rate + i, r);
        factors(i, r);
        store(loop.x_before + i, load(x + i));
    });
    loop.is_due = true;
}
inline void fire_scaled(RuleLoop& loop, const double* x, double by) {
    fire(loop, x, [&](std::size_t i, Vector r) { store(loop.post + i, all(by) * r); });
}

// The factor `post` of R registers of rows.
template <std::size_t R>
struct Post {
    Post(const RuleLoop& loop, std::size_t first) {
        for (std::size_t k = 0; k < R; ++k) post[k] = load(loop.post + first + k * width);
    }
    Vector post[R];
};

struct Hebb : Post<4> {
    using Post::Post;
    Vector changed(Vector w, std::size_t, std::size_t k, Vector x) const {
        return fma(post[k], x, w);
    }
};

struct HebbDecay : Post<4> {
    using Post::Post;
    Vector changed(Vector w, std::size_t, std::size_t k, Vector x) const {
        return fma(post[k], x, all(1.0 - decay) * w);
    }
};

struct Oja : Post<4> {
    Oja(const RuleLoop& loop, std::size_t first) : Post(loop, first) {
        for (std::size_t k = 0; k < 4; ++k) keep[k] = load(loop.second + first + k * width);
    }
    Vector changed(Vector w, std::size_t, std::size_t k, Vector x) const {
        return fma(post[k], x, keep[k] * w);
    }
    Vector keep[4];
};

struct BoundedHebb : Post<4> {
    using Post::Post;
    Vector changed(Vector w, std::size_t, std::size_t k, Vector x) const {
        return smaller(larger(fma(post[k], x, all(1.0 - decay) * w), all(-1.0)), all(1.0));
    }
};

struct SoftBounds : Post<4> {
    using Post::Post;
    Vector changed(Vector w, std::size_t, std::size_t k, Vector x) const {
        return fma(post[k] * x, all(1.0) - w, w);
    }
};

struct Shrinking : Post<4> {
    using Post::Post;
    Vector changed(Vector w, std::size_t, std::size_t k, Vector x) const {
        const Vector loss =
            select(less(all(0.0), without_sign(w)), with_sign(all(1e-4), sign_of(w)), all(0.0));
        return fma(post[k], x, w - loss);
    }
};

struct RfloText : Post<4> {
    RfloText(const RuleLoop& loop, std::size_t first) : Post(loop, first), tags(loop.tag) {
        for (std::size_t k = 0; k < 4; ++k) credit[k] = load(loop.second + first + k * width);
    }
    Vector changed(Vector w, std::size_t at, std::size_t k, Vector x) const {
        const Vector e = fma(post[k], x, all(0.5) * load(tags + at));
        store(tags + at, e);
        return fma(credit[k], e, w);
    }
    double* tags;
    Vector credit[4];
};

struct Light : Post<2> {
    Light(const RuleLoop& loop, std::size_t first)
        : Post(loop, first), tags(loop.tag), slow(loop.slow) {}
    Vector changed(Vector w, std::size_t at, std::size_t k, Vector x) const {
        const Vector e = fma(post[k], x, all(0.9) * load(tags + at)), before = load(slow + at);
        store(tags + at, e);
        const Vector s = fma(all(0.01), w - before, before);
        store(slow + at, s);
        const Vector grown = fma(all(rate), e * (all(1.0) - w), w);
        return smaller(larger(fnma(all(0.1), w - s, grown), all(-1.0)), all(1.0));
    }
    double *tags, *slow;
};

struct RootAndDivision : Post<2> {
    RootAndDivision(const RuleLoop& loop, std::size_t first)
        : Post(loop, first), tags(loop.tag), squares(loop.slow) {}
    Vector changed(Vector w, std::size_t at, std::size_t k, Vector x) const {
        const Vector e = fma(post[k], x, all(0.9) * load(tags + at)), before = load(squares + at);
        store(tags + at, e);
        const Vector square = fma(all(0.1), e * e - before, before);
        store(squares + at, square);
        const Vector change = all(small_rate) * e / (root_of(square) + all(1e-3));
        return w + fnma(all(1e-3), w, change);
    }
    double *tags, *squares;
};

void hebb_decay(RuleLoop& loop, const double* x) {
    go_through<4, 2, HebbDecay>(loop, x);
    fire_scaled(loop, x, rate);
}
void oja(RuleLoop& loop, const double* x) {
    go_through<4, 1, Oja>(loop, x);
    fire(loop, x, [&](std::size_t i, Vector r) {
        store(loop.post + i, all(rate) * r);
        store(loop.second + i, fnma(all(rate) * r, r, all(1.0)));
    });
}
void bcm(RuleLoop& loop, const double* x) {
    constexpr double keep = 0.990049833749168054;  // exp(-10 / 1000)
    go_through<4, 2, Hebb>(loop, x);
    fire(loop, x, [&](std::size_t i, Vector r) {
        const Vector theta = fma(all(1.0 - keep), r * r, all(keep) * load(loop.theta + i));
        store(loop.theta + i, theta);
        store(loop.post + i, all(rate) * (r * (r - theta)));
    });
}
void rflo_text(RuleLoop& loop, const double* x) {
    go_through<4, 1, RfloText>(loop, x);
    fire(loop, x, [&](std::size_t i, Vector r) {
        store(loop.post + i, all(0.5) * r);
        store(loop.second + i, all(-rate) * r);
    });
}
void bounded_hebb(RuleLoop& loop, const double* x) {
    go_through<4, 2, BoundedHebb>(loop, x);
    fire_scaled(loop, x, rate);
}
void soft_bounds(RuleLoop& loop, const double* x) {
    go_through<4, 2, SoftBounds>(loop, x);
    fire_scaled(loop, x, rate);
}
void shrinking(RuleLoop& loop, const double* x) {
    go_through<4, 1, Shrinking>(loop, x);
    fire_scaled(loop, x, rate);
}
void light(RuleLoop& loop, const double* x) {
    go_through<2, 1, Light>(loop, x);
    fire_scaled(loop, x, 0.1);
}
void root_and_division(RuleLoop& loop, const double* x) {
    go_through<2, 1, RootAndDivision>(loop, x);
    fire_scaled(loop, x, 0.1);
}

constexpr std::array<RuleSteps::Named, 9> rules = {{{"hebb_decay", hebb_decay},
                                                    {"oja", oja},
                                                    {"bcm", bcm},
                                                    {"rflo_text", rflo_text},
                                                    {"bounded_hebb", bounded_hebb},
                                                    {"shrinking", shrinking},
                                                    {"soft_bounds", soft_bounds},
                                                    {"light", light},
                                                    {"root_and_division", root_and_division}}};

}  // namespace

#define APICAL_NAME_OF(set) #set
#define APICAL_NAME(set) APICAL_NAME_OF(set)
#define APICAL_STEPS_OF(set) rule_steps_##set
#define APICAL_STEPS(set) APICAL_STEPS_OF(set)

extern const RuleSteps APICAL_STEPS(APICAL_SET);
constinit const RuleSteps APICAL_STEPS(APICAL_SET) = {APICAL_NAME(APICAL_SET), panel, rules};

}  // namespace hand
