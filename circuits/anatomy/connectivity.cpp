#include "circuits/anatomy/connectivity.hpp"

#include <algorithm>
#include <cmath>

namespace apical {

namespace {

// From the middle of a presynaptic cell to that of a postsynaptic one, along one side of the sheet
// on which there are so many of each.
double distance(int pre, std::int64_t pres, int post, std::int64_t posts) {
    const std::int64_t twice = (2 * std::int64_t{pre} + 1) * posts - (2 * post + 1) * pres;
    return static_cast<double>(twice) / (2.0 * static_cast<double>(posts));
}

struct Stretch {
    int first, last;
};

// What may be within the radius along one side.
Stretch near(int post, int posts, int pres, double radius) {
    const double middle = -distance(0, pres, post, posts);
    const auto within = [&](double place) {
        return static_cast<int>(std::clamp(place, 0.0, static_cast<double>(pres - 1)));
    };
    return {within(std::floor(middle - radius)), within(std::ceil(middle + radius))};
}

// Presynaptic cells of a receptive field, on average.
double mean_field(const Connectivity& connect) {
    const int posts = connect.grid.rows * connect.grid.columns;
    double all = 0.0;
    for (int post = 0; post < posts; ++post)
        all += static_cast<double>(connect.field_of(post).size());
    return all / posts;
}

Fans swapped(const Fans& fans) { return {fans.out, fans.in}; }

Fans fans_of_pairs(const Connectivity& connect, double rows, double columns) {
    const double less = connect.self ? 0.0 : 1.0;  // a cell has no synapse with itself
    // Each cell has as many, from a number of presynaptic cells.
    const auto in = [&](double pre) { return Fans{pre, pre * rows / columns}; };
    switch (connect.kind) {
        case Connectivity::Kind::all:
        case Connectivity::Kind::file:
            return {columns - less, rows - less};
        case Connectivity::Kind::probability:
            return {connect.probability * (columns - less), connect.probability * (rows - less)};
        case Connectivity::Kind::in_degree:
            return in(connect.degree);
        case Connectivity::Kind::out_degree:
            return {connect.degree * columns / rows, static_cast<double>(connect.degree)};
        case Connectivity::Kind::one_to_one:
            return {1.0, 1.0};
        case Connectivity::Kind::all_but_partner:
            return {columns - 1.0, rows - 1.0};
        case Connectivity::Kind::blocks: {
            const double own = columns / connect.blocks;
            return in(connect.probability * (own - less) + connect.between * (columns - own));
        }
        case Connectivity::Kind::fields:
            return in(connect.probability * (mean_field(connect) - less));
    }
    return {columns, rows};
}

}  // namespace

bool Connectivity::is_drawn() const {
    switch (kind) {
        case Kind::probability:
        case Kind::in_degree:
        case Kind::out_degree:
        case Kind::blocks:
            return true;
        case Kind::fields:
            return probability < 1.0;
        case Kind::all:
        case Kind::one_to_one:
        case Kind::all_but_partner:
        case Kind::file:
            return false;
    }
    return false;
}

bool Connectivity::is_alike(const Connectivity& other) const {
    return kind == other.kind && probability == other.probability && degree == other.degree &&
           blocks == other.blocks && between == other.between && grid == other.grid &&
           from_grid == other.from_grid && radius == other.radius && mirrored == other.mirrored &&
           self == other.self && (!is_drawn() || stream == other.stream) && path == other.path &&
           dataset == other.dataset;
}

std::vector<int> Connectivity::field_of(int post) const {
    std::vector<int> field;
    const int post_row = post / grid.columns, post_column = post % grid.columns;
    const Stretch rows = near(post_row, grid.rows, from_grid.rows, radius),
                  columns = near(post_column, grid.columns, from_grid.columns, radius);
    for (int row = rows.first; row <= rows.last; ++row) {
        const double down = distance(row, from_grid.rows, post_row, grid.rows);
        for (int column = columns.first; column <= columns.last; ++column) {
            const double along = distance(column, from_grid.columns, post_column, grid.columns);
            if (down * down + along * along <= radius * radius)
                field.push_back(row * from_grid.columns + column);
        }
    }
    return field;
}

double expected_density(const Connectivity& connect, int post, int pre) {
    return expected_fans(connect, post, pre).in / pre;
}

Fans expected_fans(const std::optional<Connectivity>& connect, int post, int pre) {
    if (!connect) return {static_cast<double>(pre), static_cast<double>(post)};
    return connect->mirrored ? swapped(fans_of_pairs(*connect, pre, post))
                             : fans_of_pairs(*connect, post, pre);
}

}  // namespace apical
