#include "circuits/anatomy/connectivity.hpp"

namespace apical {

bool Connectivity::is_drawn() const {
    switch (kind) {
        case Kind::probability:
        case Kind::in_degree:
        case Kind::out_degree:
            return true;
        case Kind::all:
        case Kind::one_to_one:
        case Kind::file:
            return false;
    }
    return false;
}

bool Connectivity::is_alike(const Connectivity& other) const {
    return kind == other.kind && probability == other.probability && degree == other.degree &&
           self == other.self && (!is_drawn() || stream == other.stream) && path == other.path &&
           dataset == other.dataset;
}

double expected_density(const Connectivity& connect, int post, int pre) {
    return expected_fans(connect, post, pre).in / pre;
}

Fans expected_fans(const std::optional<Connectivity>& connect, int post, int pre) {
    const double rows = post, columns = pre;
    if (!connect) return {columns, rows};
    const double less = connect->self ? 0.0 : 1.0;  // a cell has no synapse with itself
    switch (connect->kind) {
        case Connectivity::Kind::all:
        case Connectivity::Kind::file:
            return {columns - less, rows - less};
        case Connectivity::Kind::probability:
            return {connect->probability * (columns - less), connect->probability * (rows - less)};
        case Connectivity::Kind::in_degree:
            return {static_cast<double>(connect->degree), connect->degree * rows / columns};
        case Connectivity::Kind::out_degree:
            return {connect->degree * columns / rows, static_cast<double>(connect->degree)};
        case Connectivity::Kind::one_to_one:
            return {1.0, 1.0};
    }
    return {columns, rows};
}

}  // namespace apical
