// Numbers at a synapse that multiply each other there: no product of matrices, however many they
// are (criterion iv of Marschall, Cho & Savin 2019), unless they hold vectors for one.
#include "tests/sim/audit/text_cheats.hpp"

namespace apical {

using namespace text_cheats;

namespace {

constexpr int as_many_as_cells = 5;

// `line` for each number from 1 to 5, which stands in it as "#".
std::string for_each_cell(const std::string& line) {
    std::string all;
    for (int k = 1; k <= as_many_as_cells; ++k) {
        for (const char letter : line)
            all += letter == '#' ? std::to_string(k) : std::string(1, letter);
    }
    return all;
}

const std::string four_numbers = R"(a = { at = "synapse", init = { normal = 0.01 } }, )"
                                 R"(b = { at = "synapse", init = { normal = 0.01 } }, )"
                                 R"(c = { at = "synapse", init = { normal = 0.01 } }, )"
                                 R"(d = { at = "synapse", init = { normal = 0.01 } })";

// States of these kinds for each number from 1 to 5: `t# = "synapse", `.
std::string states_of_each(const std::string& kinds) {
    const std::string all = for_each_cell(kinds);
    return all.substr(0, all.size() - 2);
}

// Vectors that are distinct, for they keep each its own share of what they were.
const std::string ends_of_sum = R"(p# = "post", q# = "pre", )", tag_of_each = R"(t# = "synapse", )";
const std::string vectors_made = for_each_cell(
    "p# = 0.1 * # * p# + 0.1 * post.r\n"
    "q# = 0.1 * # * q# + 0.1 * pre.r\n");

}  // namespace

TEST_CASE("coefficients of one product at each synapse are no product of matrices",
          "[audit][innocent]") {
    is_fair({.equations = "w += a * pre.r * post.r + b * pre.r + c * post.r + d",
             .state = four_numbers});
    is_fair({.equations = "w += a * b * c * d * pre.r * post.r", .state = four_numbers});
    is_fair({.equations = for_each_cell("t# = (1 - 0.1 * #) * t# + 0.1 * # * post.r * pre.r\n") +
                          "w += 0.002 * (t1 + t2 + t3 + t4 + t5)",
             .state = states_of_each(tag_of_each)});
}

TEST_CASE("tags that hold the vectors of a product of matrices are found", "[audit][cheat]") {
    // w += sum_k p_k q_k, of which each synapse holds p_k, both of them, or their product.
    is_found({.equations = vectors_made + for_each_cell("t# = 0.5 * t# + 0.5 * p#\n") +
                           "w += 0.01 * (t1 * q1 + t2 * q2 + t3 * q3 + t4 * q4 + t5 * q5)",
              .state = states_of_each(ends_of_sum + tag_of_each)},
             Criterion::no_matrix_product);
    is_found({.equations = vectors_made +
                           for_each_cell("t# = 0.5 * t# + 0.5 * p#\n"
                                         "u# = 0.5 * u# + 0.5 * q#\n") +
                           "w += 0.01 * (t1 * u1 + t2 * u2 + t3 * u3 + t4 * u4 + t5 * u5)",
              .state = states_of_each(ends_of_sum + tag_of_each + R"(u# = "synapse", )")},
             Criterion::no_matrix_product);
    is_found({.equations = vectors_made + for_each_cell("t# = 0.5 * t# + 0.5 * p# * q#\n") +
                           "w += 0.01 * (t1 + t2 + t3 + t4 + t5)",
              .state = states_of_each(ends_of_sum + tag_of_each)},
             Criterion::no_matrix_product);
    // Two tags hold the halves of the sum.
    is_found({.equations = vectors_made + "t1 = 0.5 * t1 + 0.2 * (p1 * q1 + p2 * q2)\n"
                                          "t2 = 0.5 * t2 + 0.2 * (p3 * q3 + p4 * q4 + p5 * q5)\n"
                                          "w += 0.01 * (t1 + t2)",
              .state = R"(t1 = "synapse", t2 = "synapse", )" + states_of_each(ends_of_sum)},
             Criterion::no_matrix_product);
}

TEST_CASE("constant tags that take the columns of a matrix each are found", "[audit][cheat]") {
    is_found({.equations =
                  vectors_made + "w += 0.01 * (t1 * q1 + t2 * q2 + t3 * q3 + t4 * q4 + t5 * q5)",
              .state = states_of_each(ends_of_sum + tag_of_each)},
             Criterion::no_matrix_product);
}

TEST_CASE("a tensor in as many tags as there are numbers for all is found", "[audit][cheat]") {
    Draft d;
    for (int k = 0; k < as_many_as_cells; ++k) {
        const std::string of = std::to_string(k);
        d.consolidate(d.w("J"), d.constant(0.1 + 0.1 * k, "made_up.c" + of),
                      d.tag(d.set("J"), "slice" + of), 0.01);
    }
    d.is_caught(Criterion::no_matrix_product, "J");
}

}  // namespace apical
