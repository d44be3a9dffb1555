#include "sim/divergence.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <vector>

namespace apical {

namespace {

// Rates and strengths of circuits that learn stay far below.
constexpr double grown = 1e6;
constexpr int iterations = 300, last = 100;

struct Largest {
    double size = 0.0;
    std::string name;
};

std::vector<double> numbers_of(const State& state, SlotId id) {
    const Slot& slot = state.program()[id];
    std::vector<double> all(static_cast<std::size_t>(slot.rows) *
                            static_cast<std::size_t>(slot.columns));
    state.read(id, all.data());
    return all;
}

bool all_finite(const std::vector<double>& numbers) {
    return std::all_of(numbers.begin(), numbers.end(), [](double x) { return std::isfinite(x); });
}

double norm_of(const std::vector<double>& x) {
    double sum = 0.0;
    for (const double one : x) sum += one * one;
    return std::sqrt(sum);
}

// The mean growth of a vector that a matrix is applied to again and again, the matrix in units of
// its largest entry.
double largest_eigenvalue(std::vector<double> matrix, std::size_t n) {
    double unit = 0.0;
    for (const double entry : matrix) unit = std::max(unit, std::abs(entry));
    if (unit == 0.0) return 0.0;
    for (double& entry : matrix) entry /= unit;
    std::vector<double> x(n), y(n);
    for (std::size_t i = 0; i < n; ++i) x[i] = 1.0 + 0.1 * std::sin(static_cast<double>(i));
    double growth = 0.0;
    for (int k = 0; k < iterations; ++k) {
        for (std::size_t i = 0; i < n; ++i) {
            y[i] = 0.0;
            for (std::size_t j = 0; j < n; ++j) y[i] += matrix[i * n + j] * x[j];
        }
        const double before = norm_of(x), after = norm_of(y);
        if (after == 0.0) return 0.0;
        if (k >= iterations - last) growth += std::log(after / before) / last;
        for (std::size_t i = 0; i < n; ++i) x[i] = y[i] / after;
    }
    return unit * std::exp(growth);
}

bool is_recurrent(const Slot& slot) {
    return slot.rows == slot.columns && slot.rows > 1 && !is_vector(slot.shape) && !slot.measured &&
           !slot.intermediate;
}

}  // namespace

std::string why_not_finite(const State& state) {
    const Program& program = state.program();
    Largest largest;
    std::string eigenvalues;
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const Slot& slot = program.slots[i];
        const std::vector<double> numbers = numbers_of(state, SlotId(i));
        for (const double one : numbers) {
            if (std::isfinite(one) && std::abs(one) > largest.size)
                largest = {std::abs(one), slot.name};
        }
        if (is_recurrent(slot) && all_finite(numbers))
            eigenvalues += fmt::format(
                "{}{} of {}", eigenvalues.empty() ? "" : ", ",
                fmt::format("{:.3g}",
                            largest_eigenvalue(numbers, static_cast<std::size_t>(slot.rows))),
                slot.name);
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
