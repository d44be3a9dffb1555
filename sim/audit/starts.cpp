#include "sim/audit/starts.hpp"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <numeric>

#include "sim/engine/initial_strengths.hpp"
#include "sim/numbers/random.hpp"

namespace apical {

namespace {

// Entries below this share of the largest of a set do not count.
constexpr double negligible = 1e-9;
// A drawn set of more numbers than this is not drawn: its size is known well enough without.
constexpr double many_draws = 1 << 16;
// No matrix is made of more pairs of cells than this.
constexpr double too_many_pairs = 1 << 28;

double largest_of(const MatrixNumbers& numbers) {
    double largest = 0.0;
    for (const double x : numbers.entries) largest = std::max(largest, std::abs(x));
    return largest;
}

bool is_one_to_one(const MatrixNumbers& numbers) {
    if (numbers.columns < 2) return true;
    const double counts = negligible * largest_of(numbers);
    for (int i = 0; i < numbers.rows; ++i) {
        int entries = 0;
        for (int j = 0; j < numbers.columns; ++j) entries += std::abs(numbers(i, j)) > counts;
        if (entries > 1) return false;
    }
    return true;
}

double distance(const MatrixNumbers& a, const MatrixNumbers& b) {
    double squares = 0.0;
    for (std::size_t k = 0; k < a.entries.size(); ++k) {
        const double apart = a.entries[k] - b.entries[k];
        squares += apart * apart;
    }
    return std::sqrt(squares);
}

bool near(const MatrixNumbers& a, const MatrixNumbers& b) {
    return distance(a, b) <= alike_share * std::max(norm(a), norm(b));
}

// Where a synapse is missing its strength is 0, which says nothing of those that exist.
void leave_out_missing(MatrixNumbers& numbers) {
    const auto exist =
        std::remove(numbers.entries.begin(), numbers.entries.end(), 0.0) - numbers.entries.begin();
    if (exist > 0) numbers.entries.resize(static_cast<std::size_t>(exist));
}

// The larger of the root of a row's sum of squares, of the row where it is largest, and the mean of
// the rows' sums. `reverse`: columns.
double gain_of(const MatrixNumbers& numbers, bool reverse) {
    std::vector<double> squares(static_cast<std::size_t>(reverse ? numbers.columns : numbers.rows));
    double sum = 0.0;
    for (int i = 0; i < numbers.rows; ++i) {
        for (int j = 0; j < numbers.columns; ++j) {
            squares[static_cast<std::size_t>(reverse ? j : i)] += numbers(i, j) * numbers(i, j);
            sum += numbers(i, j);
        }
    }
    if (squares.empty()) return 0.0;
    const double largest = *std::max_element(squares.begin(), squares.end());
    return std::max(std::sqrt(largest), std::abs(sum) / static_cast<double>(squares.size()));
}

}  // namespace

double norm(const MatrixNumbers& numbers) {
    double squares = 0.0;
    for (const double x : numbers.entries) squares += x * x;
    return std::sqrt(squares);
}

MatrixNumbers pattern_of(const MatrixNumbers& numbers) {
    const int places = std::min(numbers.rows, numbers.columns);
    const double diagonal_count = places,
                 other_count = static_cast<double>(numbers.entries.size()) - diagonal_count;
    double diagonal = 0.0, all = 0.0;
    for (int i = 0; i < places; ++i) diagonal += numbers(i, i);
    for (const double x : numbers.entries) all += x;
    // A matrix of one column or row has no diagonal of its own.
    const bool is_line = places == 1;
    const double others = is_line             ? all / static_cast<double>(numbers.entries.size())
                          : other_count > 0.0 ? (all - diagonal) / other_count
                                              : 0.0;
    MatrixNumbers rest = numbers;
    for (double& x : rest.entries) x -= others;
    for (int i = 0; i < places && !is_line; ++i) {
        const auto at = static_cast<std::size_t>(i) * static_cast<std::size_t>(numbers.columns + 1);
        rest.entries[at] = numbers(i, i) - diagonal / diagonal_count;
    }
    return rest;
}

bool has_pattern(const MatrixNumbers& numbers) {
    if (numbers.columns > 1 && is_one_to_one(numbers)) return false;
    return norm(pattern_of(numbers)) > 1e-6 * norm(numbers);
}

bool are_alike(const MatrixNumbers& a, const MatrixNumbers& b) {
    if (a.rows != b.rows || a.columns != b.columns || !near(a, b)) return false;
    const MatrixNumbers of_a = pattern_of(a), of_b = pattern_of(b);
    const double least = 1e-6 * std::max(norm(a), norm(b));
    return (norm(of_a) <= least && norm(of_b) <= least) || near(of_a, of_b);
}

Starts::Starts(const Circuit& circuit, std::uint32_t seed, const DataFolder& directory)
    : circuit_(circuit), seed_(seed), directory_(directory), starts_(circuit.synapses.size()) {
    for (std::size_t i = 0; i < circuit.synapses.size(); ++i) describe(SynapseSetId(i));
    number_kinds();
}

void Starts::describe(SynapseSetId id) {
    const SynapseSet& set = circuit_[id];
    const SynapseSet& origin = origin_of(circuit_, set);
    Start& start = starts_[id.value];
    start.origin = SynapseSetId(static_cast<std::size_t>(&origin - circuit_.synapses.data()));
    if (start.origin != id && start.origin < id) {
        start = starts_[start.origin.value];
        return;
    }
    start.drawn = origin.init.is_drawn();
    start.read = origin.init.kind == Initializer::Kind::file;
    const int rows = circuit_[origin.post].size, columns = circuit_[origin.pre].size;
    if (start.drawn && static_cast<double>(rows) * columns > many_draws)
        return describe_large_draw(start, origin, rows, columns);
    const MatrixNumbers found = numbers(id);
    if (start.read) read_.emplace(start.origin, found);
    start.known = !found.entries.empty();
    if (start.known) describe_numbers(start, found);
    if (!start.known) start.norm = start.largest = start.forward = start.backward = 1.0;
    if (!start.known) start.pattern = true;
}

void Starts::describe_numbers(Start& start, const MatrixNumbers& numbers) {
    start.norm = norm(numbers);
    start.largest = largest_of(numbers);
    start.pattern = apical::has_pattern(numbers);
    start.one_to_one = apical::is_one_to_one(numbers);
    start.forward = gain_of(numbers, false);
    start.backward = gain_of(numbers, true);
}

namespace {

// What is known of entries before they are drawn: their mean, mean square and largest, all without
// sign.
struct Moments {
    double mean = 0.0, square = 0.0, largest = 0.0;
};

Moments moments_of(const Initializer& init, int rows, int columns, const Fans& fans) {
    constexpr double deviations = 5.0;  // of a normal draw
    const double scale = std::abs(init.scale.value(rows, columns, fans));
    using How = Initializer::Kind;
    if (init.kind == How::uniform) {
        const double low = init.low.value(rows, columns, fans),
                     high = init.high.value(rows, columns, fans);
        return {std::abs(low + high) / 2.0, (low * low + low * high + high * high) / 3.0,
                std::max(std::abs(low), std::abs(high))};
    }
    if (init.kind == How::half_normal)
        return {scale * std::sqrt(2.0 / std::numbers::pi), scale * scale, deviations * scale};
    if (init.kind == How::lognormal) {
        const double spread = init.sigma * init.sigma;
        return {scale * std::exp(spread / 2.0), scale * scale * std::exp(2.0 * spread),
                scale * std::exp(deviations * init.sigma)};
    }
    return {0.0, scale * scale, init.kind == How::orthogonal ? scale : deviations * scale};
}

}  // namespace

// Takes root mean square, mean and largest of the entries from what is drawn.
void Starts::describe_large_draw(Start& start, const SynapseSet& set, int rows, int columns) {
    const Initializer& init = set.init;
    const Fans fans = expected_fans(set.connect, rows, columns);
    const auto [mean, square, largest] = moments_of(init, rows, columns, fans);
    const bool is_orthogonal = init.kind == Initializer::Kind::orthogonal;
    const double scale = std::abs(init.scale.value(rows, columns, fans)),
                 entries = rows * fans.in;  // the others are 0
    start.norm =
        is_orthogonal ? scale * std::sqrt(std::min(rows, columns)) : std::sqrt(entries * square);
    start.largest = largest;
    // All alike but for a hundred-thousandth of the mean is no pattern.
    start.pattern = square - mean * mean > 1e-10 / 12.0 * mean * mean;
    const auto gain = [&](double from) {
        return is_orthogonal ? scale : std::max(std::sqrt(from * square), from * mean);
    };
    start.forward = gain(fans.in);
    start.backward = gain(fans.out);
    if (start.norm == 0.0) start.pattern = false;
}

double Starts::gain(SynapseSetId set, bool reverse) const {
    return reverse ? of(set).backward : of(set).forward;
}

std::pair<double, double> Starts::range(SynapseSetId id) const {
    const SynapseSet& origin = origin_of(circuit_, circuit_[id]);
    const int rows = circuit_[origin.post].size, columns = circuit_[origin.pre].size;
    if (of(id).drawn && static_cast<double>(rows) * columns > many_draws) {
        const double largest = of(id).largest;
        if (origin.init.kind != Initializer::Kind::uniform) return {-largest, largest};
        return {origin.init.low.value(rows, columns), origin.init.high.value(rows, columns)};
    }
    MatrixNumbers found = numbers(id);
    if (found.entries.empty()) return {HUGE_VAL, -HUGE_VAL};
    if (circuit_[id].connect || origin.connect) leave_out_missing(found);
    const auto [least, most] = std::minmax_element(found.entries.begin(), found.entries.end());
    return {*least, *most};
}

MatrixNumbers Starts::numbers(SynapseSetId id) const {
    const SynapseSet& set = circuit_[id];
    const SynapseSet& origin = origin_of(circuit_, set);
    if (const auto known = read_.find(of(id).origin); known != read_.end()) return known->second;
    const double pairs =
        static_cast<double>(circuit_[origin.post].size) * circuit_[origin.pre].size;
    if (pairs > too_many_pairs) return {};
    try {
        return {circuit_[origin.post].size, circuit_[origin.pre].size,
                initial_strengths(circuit_, set, seed_, directory_)};
    } catch (const Error&) {
        return {};  // whoever runs the model is told
    }
}

bool Starts::alike(SynapseSetId a, SynapseSetId b) const {
    const Start &one = of(a), &other = of(b);
    if (one.origin == other.origin) return true;
    if (!one.known || !other.known) return false;
    if (one.norm == 0.0 || other.norm == 0.0) return one.norm == other.norm;
    // Each from a stream of its own.
    if (one.drawn && other.drawn && one.pattern && other.pattern) return false;
    if (one.pattern != other.pattern) return false;
    if (one.read && other.drawn && !may_be_drawn(a, b)) return false;
    if (other.read && one.drawn && !may_be_drawn(b, a)) return false;
    return are_alike(numbers(a), numbers(b));
}

// A large orthogonal matrix takes long to be drawn. Its first column, or its first row when it is
// wide, is that of the Gaussian matrix that it is made of, but for its length.
bool Starts::may_be_drawn(SynapseSetId read, SynapseSetId orthogonal) const {
    const SynapseSet& set = circuit_[of(orthogonal).origin];
    const MatrixNumbers& numbers = read_.at(of(read).origin);
    const bool is_small = static_cast<double>(numbers.entries.size()) <= many_draws;
    if (set.init.kind != Initializer::Kind::orthogonal || is_small) return true;
    const Stream stream(seed_, "init/" + set.name);
    const bool tall = numbers.rows >= numbers.columns;
    double product = 0.0, squares = 0.0, of_draws = 0.0;
    for (int k = 0; k < std::max(numbers.rows, numbers.columns); ++k) {
        const auto index = static_cast<std::uint64_t>(tall ? k : 1) *
                           static_cast<std::uint64_t>(tall ? numbers.columns : k);
        const double drawn = stream.normal(0, index), found = tall ? numbers(k, 0) : numbers(0, k);
        product += drawn * found;
        squares += found * found;
        of_draws += drawn * drawn;
    }
    return std::abs(product) > (1.0 - 2.0 * alike_share) * std::sqrt(squares * of_draws);
}

// Sorted by shape and size, so that only neighbours are compared.
void Starts::number_kinds() {
    std::vector<std::size_t> order(starts_.size());
    std::iota(order.begin(), order.end(), 0);
    const auto shape = [&](std::size_t i) {
        const SynapseSet& set = circuit_.synapses[i];
        return std::pair(circuit_[set.post].size, circuit_[set.pre].size);
    };
    std::sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
        return std::tuple(shape(a), starts_[a].norm, a) < std::tuple(shape(b), starts_[b].norm, b);
    });
    std::vector<std::size_t> first_of_kind;
    for (const std::size_t i : order) {
        starts_[i].kind = i;
        for (std::size_t k = first_of_kind.size(); k-- > 0;) {
            const std::size_t other = first_of_kind[k];
            const bool too_small =
                starts_[other].norm < (1.0 - 2.0 * alike_share) * starts_[i].norm;
            if (shape(other) != shape(i) || too_small) break;
            if (!alike(SynapseSetId(i), SynapseSetId(other))) continue;
            starts_[i].kind = starts_[other].kind;
            break;
        }
        if (starts_[i].kind == i) first_of_kind.push_back(i);
    }
}

}  // namespace apical
