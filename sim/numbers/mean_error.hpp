#pragma once

#include <cmath>
#include <numeric>
#include <vector>

namespace apical {

struct MeanError {
    double mean = 0.0;   // not a number of none
    double error = 0.0;  // S.E.M.: standard deviation (n - 1) over sqrt(n); not a number of one
};

inline MeanError mean_and_error(const std::vector<double>& numbers) {
    const auto count = static_cast<double>(numbers.size());
    const double mean = std::accumulate(numbers.begin(), numbers.end(), 0.0) / count;
    double squares = 0.0;
    for (const double number : numbers) squares += (number - mean) * (number - mean);
    return {mean, std::sqrt(squares / (count - 1.0) / count)};
}

}  // namespace apical
