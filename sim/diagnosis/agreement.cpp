#include "sim/diagnosis/agreement.hpp"

#include <cmath>

namespace apical {

Agreement& Agreement::operator+=(const Agreement& other) {
    product += other.product;
    estimate += other.estimate;
    exact += other.exact;
    mean_error += other.mean_error;
    scatter += other.scatter;
    mean_exact += other.mean_exact;
    return *this;
}

double Agreement::cosine() const { return product / (std::sqrt(estimate) * std::sqrt(exact)); }
double Agreement::norm_ratio() const {
    return exact == 0.0 ? std::nan("") : std::sqrt(estimate / exact);
}
double Agreement::bias() const {
    return mean_exact == 0.0 ? std::nan("") : std::sqrt(mean_error / mean_exact);
}
double Agreement::variance() const {
    return mean_exact == 0.0 ? std::nan("") : scatter / mean_exact;
}

}  // namespace apical
