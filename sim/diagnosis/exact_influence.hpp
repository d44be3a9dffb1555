#pragma once

#include <vector>

#include "sim/algebra/network.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/plan/row_blocks.hpp"

namespace apical {

// Real-time recurrent learning as sim/algebra/rtrl.hpp has it, Eq. (2), by the kernels of a run:
// the influence M_kij = dr_k(t) / dW_ij lies in panels, in row k at column i m + j. M <- J M +
// M-bar;  G_ij = sum_k c-bar_k M_kij
class ExactInfluence : public algebra::Network {
public:
    // The kernels, which must outlive this, say how products are rounded.
    ExactInfluence(const algebra::Settings& settings, const algebra::Start& start,
                   const Kernels& kernels);

    // One step on the input x and the label (entries as W has columns for them); makes G. Learning
    // rates are taken to be 0.
    void step(const algebra::Vector& x, const algebra::Vector& label);

    template <class Archive>
    void persist(Archive& archive) {
        archive.numbers(std::span(numbers_of(influence_), influence_.size() * lanes));
    }

private:
    static double* numbers_of(std::vector<Numbers>& numbers) { return numbers.front().of; }
    void carry_on();
    void add_immediate();
    void take_gradient();

    const Kernels* kernels_;
    std::size_t rows_, columns_;  // of M: n and n m
    std::vector<Numbers> influence_, jacobian_, credit_, gradient_, scratch_;
};

}  // namespace apical
