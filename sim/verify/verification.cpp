#include "sim/verify/verification.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace apical {

double Difference::distance() const { return apart == 0.0 ? 0.0 : std::sqrt(apart / size); }

const Difference* Differences::first() const {
    const Difference* first = nullptr;
    for (const Difference& d : all) {
        if (d.first_step == 0) continue;
        const auto before = [](const Difference& a, const Difference& b) {
            return std::pair(a.first_step, a.order) < std::pair(b.first_step, b.order);
        };
        if (!first || before(d, *first)) first = &d;
    }
    return first;
}

double Differences::largest() const {
    double largest = 0.0;
    for (const Difference& d : all) largest = std::max(largest, d.error);
    return largest;
}

}  // namespace apical
