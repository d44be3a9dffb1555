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

std::vector<const Difference*> Differences::not_seen() const {
    std::vector<const Difference*> small;
    for (const Difference& d : all) {
        if (d.largest <= tolerance) small.push_back(&d);
    }
    return small;
}

void Differences::join(const Differences& other) {
    for (const Difference& d : other.all) {
        const auto known = std::find_if(
            all.begin(), all.end(), [&](const Difference& one) { return one.symbol == d.symbol; });
        if (known == all.end()) {
            all.push_back(d);
            continue;
        }
        known->absolute = std::max(known->absolute, d.absolute);
        known->relative = std::max(known->relative, d.relative);
        known->error = std::max(known->error, d.error);
        known->apart = std::max(known->apart, d.apart);
        known->largest = std::min(known->largest, d.largest);
        if (d.first_step == 0) continue;
        known->first_step =
            known->first_step == 0 ? d.first_step : std::min(known->first_step, d.first_step);
    }
}

double Differences::largest() const {
    double largest = 0.0;
    for (const Difference& d : all) largest = std::max(largest, d.error);
    return largest;
}

}  // namespace apical
