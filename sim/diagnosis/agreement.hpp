#pragma once

#include <cstdint>

#include "sim/algebra/network.hpp"

namespace apical {

// How an estimate X agrees with an exact gradient G, by sums that add over synapse sets; <> is the
// mean over all pairs so far, |.| the Frobenius norm, E = X - G. Not a number where it divides by
// zero.
struct Agreement {
    double product = 0.0, estimate = 0.0, exact = 0.0;  // of the last pair: X.G, |X|^2, |G|^2
    double mean_error = 0.0;                            // |<E>|^2
    double scatter = 0.0;                               // <|E - <E>|^2>
    double mean_exact = 0.0;                            // <|G|^2>

    Agreement& operator+=(const Agreement& other);
    double cosine() const;      // X.G / (|X| |G|)
    double norm_ratio() const;  // |X| / |G|
    double bias() const;        // |<E>| / sqrt(<|G|^2>)
    double variance() const;    // <|E - <E>|^2> / <|G|^2>; with bias^2 it makes <|E|^2> / <|G|^2>
};

// Takes the pairs of one synapse set as they come (Welford 1962).
class StreamingAgreement {
public:
    template <class Estimate, class Exact>
    void add(const Estimate& estimate, const Exact& exact) {
        if (count_ == 0) mean_ = algebra::Matrix::Zero(exact.rows(), exact.cols());
        ++count_;
        const auto count = static_cast<double>(count_);
        now_.product = estimate.cwiseProduct(exact).sum();
        now_.estimate = estimate.squaredNorm();
        now_.exact = exact.squaredNorm();
        now_.mean_exact += (now_.exact - now_.mean_exact) / count;
        deviation_ = estimate - exact - mean_;
        mean_ += deviation_ / count;
        const double grown = deviation_.squaredNorm() * (count - 1.0) / count;
        now_.scatter += (grown - now_.scatter) / count;
        now_.mean_error = mean_.squaredNorm();
    }
    const Agreement& now() const { return now_; }
    template <class Archive>
    void persist(Archive& archive) {
        archive(count_, mean_, deviation_, now_);
    }

private:
    std::int64_t count_ = 0;
    algebra::Matrix mean_, deviation_;
    Agreement now_;
};

}  // namespace apical
