#include "sim/simulation/divergence.hpp"

#include <fmt/format.h>

#include <cmath>
#include <span>

#include "sim/engine/state_matrices.hpp"

namespace apical {

namespace {

// Rates and strengths of circuits that learn stay far below.
constexpr double grown = 1e6;
constexpr int iterations = 300, measured = 100;

struct Largest {
    double size = 0.0;
    std::string name;
};

// The mean growth of a vector that a matrix is applied to again and again, the matrix in units of
// its largest entry.
double largest_eigenvalue(algebra::Matrix matrix) {
    const double unit = matrix.cwiseAbs().maxCoeff();
    if (unit == 0.0) return 0.0;
    matrix /= unit;
    algebra::Vector x(matrix.rows());
    for (Eigen::Index i = 0; i < x.size(); ++i) x[i] = 1.0 + 0.1 * std::sin(static_cast<double>(i));
    double growth = 0.0;
    for (int k = 0; k < iterations; ++k) {
        const algebra::Vector y = matrix * x;
        const double before = x.norm(), after = y.norm();
        if (after == 0.0) return 0.0;
        if (k >= iterations - measured) growth += std::log(after / before) / measured;
        x = y / after;
    }
    return unit * std::exp(growth);
}

// Numbers as they lie have pads, which are 0; of pairs of many cells no matrix is made.
void look_at(std::span<const double> numbers, const Slot& slot, Largest& largest) {
    for (const double one : numbers) {
        if (std::isfinite(one) && std::abs(one) > largest.size)
            largest = {std::abs(one), slot.name};
    }
}

constexpr double most_pairs = 1 << 24;

bool is_recurrent(const Slot& slot) {
    if (static_cast<double>(slot.rows) * slot.columns > most_pairs && slot.places) return false;
    const bool seen = slot.what != What::measured && slot.what != What::intermediate;
    return seen && slot.rows == slot.columns && slot.rows > 1 && !is_vector(slot.shape);
}

}  // namespace

std::string why_not_finite(const State& state) {
    const Program& program = state.program();
    Largest largest;
    std::string eigenvalues;
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const Slot& slot = program.slots[i];
        look_at(state.numbers(SlotId(i)), slot, largest);
        if (!is_recurrent(slot)) continue;
        const algebra::Matrix numbers = numbers_of(state, SlotId(i));
        if (numbers.allFinite())
            eigenvalues += fmt::format("{}{:.3g} of {}", eigenvalues.empty() ? "" : ", ",
                                       largest_eigenvalue(numbers), slot.name);
    }
    std::string why =
        largest.size > grown
            ? fmt::format(
                  "it diverges, \"{}\" has grown to {:.2g}: a learning rate may be too large",
                  largest.name, largest.size)
            : fmt::format(
                  "nothing else has grown beyond {:.2g}: an input, an initial value or a rule may "
                  "be wrong",
                  largest.size);
    if (!eigenvalues.empty()) why += "; largest eigenvalues: " + eigenvalues;
    return why;
}

}  // namespace apical
