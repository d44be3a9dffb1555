#include "sim/diagnosis/exact_influence.hpp"

#include <algorithm>

namespace apical {

namespace {

std::vector<Numbers> room_for(std::size_t rows, std::size_t columns) {
    return std::vector<Numbers>(padded(rows) / lanes * columns);
}

}  // namespace

ExactInfluence::ExactInfluence(const algebra::Settings& settings, const algebra::Start& start,
                               const Kernels& kernels)
    : Network(settings, start),
      kernels_(&kernels),
      rows_(static_cast<std::size_t>(n)),
      columns_(static_cast<std::size_t>(n * m)),
      influence_(room_for(rows_, columns_)),
      jacobian_(room_for(rows_, rows_)),
      credit_(room_for(rows_, 1)),
      gradient_(room_for(columns_, 1)),
      scratch_(room_for(rows_, scratch_vectors)) {}

void ExactInfluence::step(const algebra::Vector& x, const algebra::Vector& label) {
    forward(x, label);
    carry_on();
    add_immediate();
    take_gradient();
}

// M <- J M
void ExactInfluence::carry_on() {
    const algebra::Matrix J = jacobian(slope);
    double* const entries = numbers_of(jacobian_);
    for (std::size_t k = 0; k < rows_; ++k) {
        for (std::size_t l = 0; l < rows_; ++l)
            entries[panel_index(k, l, rows_, rows_)] =
                J(static_cast<algebra::Index>(k), static_cast<algebra::Index>(l));
    }
    Step product;
    product.out = numbers_of(influence_);
    product.a = entries;
    product.scratch = numbers_of(scratch_);
    product.rows = rows_;
    product.columns = columns_;
    kernels_->multiply_from_left(product);
}

// M_iij += immediate_i r^_j: neighbouring columns of a row lie as far apart as its panel is high.
void ExactInfluence::add_immediate() {
    const auto inputs = static_cast<std::size_t>(m);
    for (std::size_t i = 0; i < rows_; ++i) {
        const std::size_t height = panel_height(i / panel_rows * panel_rows, rows_);
        double* entry = numbers_of(influence_) + panel_index(i, i * inputs, rows_, columns_);
        const double own = immediate(static_cast<algebra::Index>(i));
        for (std::size_t j = 0; j < inputs; ++j, entry += height)
            *entry += own * r_hat(static_cast<algebra::Index>(j));
    }
}

// G = transpose(M) c-bar
void ExactInfluence::take_gradient() {
    std::copy_n(c_bar.data(), rows_, numbers_of(credit_));
    Step sum;
    sum.out = numbers_of(gradient_);
    sum.a = numbers_of(influence_);
    sum.b = numbers_of(credit_);
    sum.rows = rows_;
    sum.columns = columns_;
    kernels_->transmit_reverse_set(sum);
    std::copy_n(sum.out, columns_, G.data());
}

}  // namespace apical
