#include "sim/numbers/cell_classes.hpp"

#include <algorithm>

namespace apical {

void CellClasses::learn(int label, std::span<const double> responses) {
    const auto at = static_cast<std::size_t>(label);
    if (at >= classes_.size()) classes_.resize(at + 1);
    Class& one = classes_[at];
    one.sums.resize(cells());
    for (std::size_t k = 0; k < cells(); ++k) one.sums[k] += responses[k];
    ++one.trials;
    ++trials_;
}

void CellClasses::assign() {
    for (std::size_t k = 0; k < cells(); ++k) {
        double largest = 0.0;
        class_of_[k] = none;
        for (std::size_t label = 0; label < classes_.size(); ++label) {
            const Class& one = classes_[label];
            if (one.trials == 0) continue;
            const double mean = one.sums[k] / static_cast<double>(one.trials);
            if (mean <= largest) continue;
            largest = mean;
            class_of_[k] = static_cast<int>(label);
        }
    }
}

std::size_t CellClasses::of_none() const {
    return static_cast<std::size_t>(std::ranges::count(class_of_, none));
}

int CellClasses::choice(std::span<const double> responses) const {
    std::vector<double> sums(classes_.size());
    std::vector<std::size_t> counts(classes_.size());
    for (std::size_t k = 0; k < cells(); ++k) {
        if (class_of_[k] == none) continue;
        const auto label = static_cast<std::size_t>(class_of_[k]);
        sums[label] += responses[k];
        ++counts[label];
    }
    int best = none;
    double largest = 0.0;
    bool is_tie = false;
    for (std::size_t label = 0; label < sums.size(); ++label) {
        if (counts[label] == 0) continue;
        const double mean = sums[label] / static_cast<double>(counts[label]);
        if (best != none && mean == largest) is_tie = true;
        if (best != none && mean <= largest) continue;
        best = static_cast<int>(label);
        largest = mean;
        is_tie = false;
    }
    return is_tie ? none : best;
}

}  // namespace apical
