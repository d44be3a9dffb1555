// Literal equations of few synapses are those of matrices, at the synapses.
#include <catch2/catch.hpp>
#include <random>

#include "tests/sim/algebra/literal_rule.hpp"

using namespace apical;
using algebra::FewSynapses;
using algebra::Home;
using algebra::Matrix;

namespace {

// A synapse from cell j to cell i of 5 x 7 where 2 i + 3 j is divisible by 4; cell 4 has a single
// one, and none ends on cell 3.
constexpr Eigen::Index rows = 5, columns = 7;

bool exists(Eigen::Index i, Eigen::Index j) {
    return i == 4 ? j == 6 : i != 3 && (2 * i + 3 * j) % 4 == 0;
}

Matrix exist_as_matrix() {
    Matrix exist(rows, columns);
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < columns; ++j) exist(i, j) = exists(i, j) ? 1.0 : 0.0;
    return exist;
}

FewSynapses few_synapses() {
    FewSynapses few{{0}, {}};
    for (Eigen::Index i = 0; i < rows; ++i) {
        for (Eigen::Index j = 0; j < columns; ++j)
            if (exists(i, j)) few.pre.push_back(j);
        few.start.push_back(static_cast<Eigen::Index>(few.pre.size()));
    }
    return few;
}

Matrix drawn(Eigen::Index m, Eigen::Index n, unsigned seed) {
    std::mt19937 random(seed);
    std::uniform_real_distribution<double> number(0.1, 1.0);
    return Matrix::NullaryExpr(m, n, [&] { return number(random); });
}

// The numbers of synapses, one below the other.
Matrix by_synapse(const Matrix& numbers) {
    std::vector<double> some;
    for (Eigen::Index i = 0; i < rows; ++i)
        for (Eigen::Index j = 0; j < columns; ++j)
            if (exists(i, j)) some.push_back(numbers(i, j));
    return Eigen::Map<const algebra::Vector>(some.data(), static_cast<Eigen::Index>(some.size()));
}

// Two sets to the same cells: the first has few synapses, the second, from two cells, has all.
struct TwoSets {
    algebra::LiteralEquations equations;

    TwoSets(const std::string& text, bool by_rows)
        : equations(parse_equations(value_of(text)), {rows, algebra::Activation::tanh},
                    {{columns, algebra::Activation::tanh}, {2, algebra::Activation::tanh}}) {
        const Matrix w = drawn(rows, columns, 1), tag = drawn(rows, columns, 2),
                     before = drawn(rows, columns, 3);
        const auto first = [&](const Matrix& all) { return by_rows ? by_synapse(all) : all; };
        equations.give("step_ms", 10.0);
        equations.give("post.r", {Home::post, {drawn(rows, 1, 4)}});
        equations.give("pre.r", {Home::pre, {drawn(columns, 1, 5), drawn(2, 1, 6)}});
        equations.give("w", {Home::synapse, {first(w), drawn(rows, 2, 7)}});
        equations.give("tag", {Home::synapse, {first(tag), drawn(rows, 2, 8)}});
        equations.give_previous("w", {Home::synapse, {first(before), drawn(rows, 2, 9)}});
        if (by_rows) {
            equations.give_synapses(0, few_synapses());
        } else {
            equations.leave_out({exist_as_matrix(), {}});
        }
        equations.take_all();
    }
};

constexpr const char* texts[] = {
    "w += 0.1 * post.r * (pre.r - post.r * w)",
    "dtag/dt = (slope(post.r) * pre.r - tag) / 50\nw -= 0.01 * tag * previous(w)",
    "dtag/dt = pre.r - tag * post.r",
    "w = w / gather(abs(w))",
    "w += outer(post.r * gather(w * tag), pre.r) - mean(pre.r) * w * gather(w * gather(tag) + 1)",
    "made = select(w - 0.5, tag, -tag)\nw += made * sum(post.r)",
};

}  // namespace

TEST_CASE("equations of few synapses have the numbers of matrices where synapses are",
          "[algebra][literal]") {
    for (const char* text : texts) {
        INFO(text);
        const TwoSets few(text, true), all(text, false);
        for (const char* name : {"w", "tag"}) {
            INFO(name);
            const algebra::Quantity &a = few.equations[name], &b = all.equations[name];
            REQUIRE(a.numbers.size() == 2);
            REQUIRE(a.numbers[0].rows() == few_synapses().start.back());
            CHECK(a.numbers[0] == by_synapse(b.numbers[0]));
            CHECK(a.numbers[1] == b.numbers[1]);
        }
    }
}

TEST_CASE("what is gathered over few synapses is their sum, and 0 of a cell that has none",
          "[algebra][literal]") {
    const TwoSets found("total = gather(w * pre.r)\ncount = gather(1)\nw -= total", true);
    const Matrix w = drawn(rows, columns, 1), r = drawn(columns, 1, 5);
    for (Eigen::Index i = 0; i < rows; ++i) {
        double total = 0.0, count = 0.0;
        for (Eigen::Index j = 0; j < columns; ++j) {
            total += exists(i, j) ? w(i, j) * r(j, 0) : 0.0;
            count += exists(i, j) ? 1.0 : 0.0;
        }
        CHECK(found.equations["total"].numbers[0](i, 0) == Approx(total).epsilon(1e-14));
        CHECK(found.equations["count"].numbers[0](i, 0) == count);
    }
}
