// Kernels on matrices and vectors against Eigen, for every instruction set and all small shapes.
#include "sim/kernels.hpp"

#include <catch2/catch.hpp>
#include <cmath>
#include <cstring>
#include <string>

#include "tests/sim/padded_numbers.hpp"

using namespace apical;

namespace {

using Eigen::Index;
using Eigen::MatrixXd;
using Eigen::VectorXd;

constexpr double gain = 0.37, retain = 0.81, tolerance = 1e-14;

struct Dimensions {
    Index rows, columns;
};

std::vector<Dimensions> dimensions() {
    std::vector<Dimensions> all = {{64, 64}, {100, 33}, {33, 100}, {257, 129}};
    for (Index rows = 1; rows <= 40; ++rows) {
        for (Index columns = 1; columns <= 40; ++columns) all.push_back({rows, columns});
    }
    return all;
}

template <class Check>
void for_each_shape(Check check) {
    for (const Kernels* kernels : all_instruction_sets()) {
        for (const auto& [rows, columns] : dimensions()) {
            INFO(kernels->instruction_set << ", " << rows << " x " << columns);
            check(*kernels, rows, columns);
        }
    }
}

template <class Check>
void for_each_size(Check check) {
    for (const Kernels* kernels : all_instruction_sets()) {
        for (Index rows = 1; rows <= 40; ++rows) {
            INFO(kernels->instruction_set << ", " << rows << " cells");
            check(*kernels, rows);
        }
    }
}

void run(Kernels::Run kernel, PaddedNumbers& out, const PaddedNumbers* a, const PaddedNumbers* b,
         Index rows, Index columns = 1, double keep = retain, double scale = gain) {
    Step step;
    step.run = kernel;
    step.out = out.data();
    step.a = a ? a->data() : nullptr;
    step.b = b ? b->data() : nullptr;
    step.rows = std::size_t(rows);
    step.columns = std::size_t(columns);
    step.retain = keep;
    step.gain = scale;
    kernel(step);
}

// Entry by entry, relative to the sum of the sizes of all terms.
template <class Found, class Expected, class Terms>
bool close(const Found& found, const Expected& expected, const Terms& terms) {
    return ((found - expected).array().abs() <= tolerance * terms.array()).all();
}

// Numbers to start from: a matrix, two vectors of its rows and one of its columns.
struct Operands {
    Operands(Index rows, Index columns)
        : S(normal_matrix(rows, columns, 1)),
          T(normal_matrix(rows, columns, 2)),
          post(normal_vector(rows, 3)),
          other(normal_vector(rows, 4)),
          pre(normal_vector(columns, 5)) {}
    MatrixXd S, T;
    VectorXd post, other, pre;
};

// What a kernel takes and gives.
enum class Form { vectors, gated, forward, reverse, hebb, consolidate, matrices, scalar };

struct Named {
    std::string name;
    Kernels::Run run;
    Form form;
};

std::vector<Named> all_kernels(const Kernels& k) {
    std::vector<Named> all = {{"transmit_set", k.transmit_set, Form::forward},
                              {"transmit_add", k.transmit_add, Form::forward},
                              {"transmit_reverse_set", k.transmit_reverse_set, Form::reverse},
                              {"transmit_reverse_add", k.transmit_reverse_add, Form::reverse},
                              {"scale_set", k.scale_set, Form::vectors},
                              {"scale_add", k.scale_add, Form::vectors},
                              {"gated_set", k.gated_set, Form::gated},
                              {"gated_add", k.gated_add, Form::gated},
                              {"relax", k.relax, Form::vectors},
                              {"softmax", k.softmax, Form::vectors},
                              {"product", k.product, Form::vectors},
                              {"sum", k.sum, Form::vectors},
                              {"difference", k.difference, Form::vectors},
                              {"copy of a vector", k.copy, Form::vectors},
                              {"copy of a matrix", k.copy, Form::matrices},
                              {"set_scalar", k.set_scalar, Form::scalar},
                              {"hebb_add", k.hebb_add, Form::hebb},
                              {"hebb_decay", k.hebb_decay, Form::hebb},
                              {"consolidate", k.consolidate, Form::consolidate}};
    for (std::size_t phi = 0; phi < 4; ++phi) {
        all.push_back({"fire " + std::to_string(phi), k.fire[phi], Form::vectors});
        all.push_back({"slope " + std::to_string(phi), k.slope[phi], Form::vectors});
    }
    return all;
}

// The numbers that the kernel has written, with their pads.
PaddedNumbers result(const Named& kernel, const Operands& o) {
    const Index rows = o.S.rows(), columns = o.S.cols();
    const PaddedNumbers S = padded_matrix(o.S), post = padded_vector(o.post),
                        other = padded_vector(o.other), pre = padded_vector(o.pre),
                        gate = padded_vector(VectorXd::Constant(1, gain));
    PaddedNumbers vector = padded_vector(o.other), row = padded_vector(o.pre),
                  matrix = padded_matrix(o.T), scalar(1);
    switch (kernel.form) {
        case Form::vectors:
            return run(kernel.run, vector, &post, &other, rows), vector;
        case Form::gated:
            return run(kernel.run, vector, &post, &gate, rows), vector;
        case Form::forward:
            return run(kernel.run, vector, &S, &pre, rows, columns), vector;
        case Form::reverse:
            return run(kernel.run, row, &S, &post, rows, columns), row;
        case Form::hebb:
            return run(kernel.run, matrix, &post, &pre, rows, columns), matrix;
        case Form::consolidate:
            return run(kernel.run, matrix, &post, &S, rows, columns), matrix;
        case Form::matrices:
            return run(kernel.run, matrix, &S, nullptr, rows, columns), matrix;
        case Form::scalar:
            return run(kernel.run, scalar, nullptr, nullptr, 1), scalar;
    }
    return scalar;
}

}  // namespace

TEST_CASE("a transmission is the matrix times the rates", "[kernels]") {
    for_each_shape([](const Kernels& k, Index rows, Index columns) {
        const Operands o(rows, columns);
        const PaddedNumbers S = padded_matrix(o.S), x = padded_vector(o.pre);
        PaddedNumbers set = padded_vector(o.other), add = set;
        run(k.transmit_set, set, &S, &x, rows, columns);
        run(k.transmit_add, add, &S, &x, rows, columns);
        const VectorXd product = o.S * o.pre, terms = o.S.cwiseAbs() * o.pre.cwiseAbs();
        REQUIRE(close(vector_of(set, rows), product, terms));
        REQUIRE(close(vector_of(add, rows), o.other + product, o.other.cwiseAbs() + terms));
    });
}

TEST_CASE("a transmission in reverse is the transposed matrix times the rates", "[kernels]") {
    for_each_shape([](const Kernels& k, Index rows, Index columns) {
        const Operands o(rows, columns);
        const PaddedNumbers S = padded_matrix(o.S), x = padded_vector(o.post);
        PaddedNumbers set = padded_vector(o.pre), add = set;
        run(k.transmit_reverse_set, set, &S, &x, rows, columns);
        run(k.transmit_reverse_add, add, &S, &x, rows, columns);
        const VectorXd product = o.S.transpose() * o.post,
                       terms = o.S.cwiseAbs().transpose() * o.post.cwiseAbs();
        REQUIRE(close(vector_of(set, columns), product, terms));
        REQUIRE(close(vector_of(add, columns), o.pre + product, o.pre.cwiseAbs() + terms));
    });
}

TEST_CASE("a Hebbian change adds the outer product of post and pre", "[kernels]") {
    for_each_shape([](const Kernels& k, Index rows, Index columns) {
        const Operands o(rows, columns);
        const PaddedNumbers post = padded_vector(o.post), pre = padded_vector(o.pre);
        PaddedNumbers add = padded_matrix(o.S), decay = add;
        run(k.hebb_add, add, &post, &pre, rows, columns);
        run(k.hebb_decay, decay, &post, &pre, rows, columns);
        const MatrixXd change = gain * o.post * o.pre.transpose(),
                       terms = o.S.cwiseAbs() + change.cwiseAbs();
        REQUIRE(close(matrix_of(add, rows, columns), o.S + change, terms));
        REQUIRE(close(matrix_of(decay, rows, columns), retain * o.S + change, terms));
    });
}

TEST_CASE("a consolidation adds each tag times its postsynaptic factor", "[kernels]") {
    for_each_shape([](const Kernels& k, Index rows, Index columns) {
        const Operands o(rows, columns);
        const PaddedNumbers post = padded_vector(o.post), tag = padded_matrix(o.T);
        PaddedNumbers S = padded_matrix(o.S);
        run(k.consolidate, S, &post, &tag, rows, columns);
        const MatrixXd change = gain * (o.post.asDiagonal() * o.T);
        REQUIRE(
            close(matrix_of(S, rows, columns), o.S + change, o.S.cwiseAbs() + change.cwiseAbs()));
    });
}

TEST_CASE("a copy has every entry of a vector or a matrix", "[kernels]") {
    for_each_shape([](const Kernels& k, Index rows, Index columns) {
        const Operands o(rows, columns);
        const PaddedNumbers S = padded_matrix(o.S), x = padded_vector(o.post);
        PaddedNumbers matrix = padded_matrix(o.T), vector = padded_vector(o.other);
        run(k.copy, matrix, &S, nullptr, rows, columns);
        run(k.copy, vector, &x, nullptr, rows);
        REQUIRE(matrix_of(matrix, rows, columns) == o.S);
        REQUIRE(vector_of(vector, rows) == o.post);
    });
}

TEST_CASE("a one-to-one or gated transmission is the rate times a number", "[kernels]") {
    for_each_size([](const Kernels& k, Index rows) {
        const Operands o(rows, 1);
        const PaddedNumbers x = padded_vector(o.post),
                            gate = padded_vector(VectorXd::Constant(1, gain));
        const VectorXd scaled = gain * o.post, terms = o.other.cwiseAbs() + scaled.cwiseAbs();
        const auto check = [&](Kernels::Run kernel, const PaddedNumbers* b, const VectorXd& value) {
            PaddedNumbers out = padded_vector(o.other);
            // A gated kernel has its number from b, and must not look at the step's own.
            run(kernel, out, &x, b, rows, 1, retain, b ? NAN : gain);
            REQUIRE(close(vector_of(out, rows), value, terms));
        };
        check(k.scale_set, nullptr, scaled);
        check(k.scale_add, nullptr, o.other + scaled);
        check(k.gated_set, &gate, scaled);
        check(k.gated_add, &gate, o.other + scaled);
    });
}

TEST_CASE("relaxation leaves the retained part of the distance to the drive", "[kernels]") {
    for_each_size([](const Kernels& k, Index rows) {
        const Operands o(rows, 1);
        const PaddedNumbers drive = padded_vector(o.post);
        PaddedNumbers v = padded_vector(o.other);
        run(k.relax, v, &drive, nullptr, rows);
        REQUIRE(close(vector_of(v, rows), o.post + retain * (o.other - o.post),
                      o.post.cwiseAbs() + o.other.cwiseAbs()));
    });
}

TEST_CASE("product, sum and difference are taken cell by cell", "[kernels]") {
    for_each_size([](const Kernels& k, Index rows) {
        const Operands o(rows, 1);
        const PaddedNumbers a = padded_vector(o.post), b = padded_vector(o.other);
        PaddedNumbers product{std::size_t(rows)}, sum = product, difference = product;
        run(k.product, product, &a, &b, rows);
        run(k.sum, sum, &a, &b, rows);
        run(k.difference, difference, &a, &b, rows);
        REQUIRE(vector_of(product, rows) == o.post.cwiseProduct(o.other));
        REQUIRE(vector_of(sum, rows) == o.post + o.other);
        REQUIRE(vector_of(difference, rows) == o.post - o.other);
    });
}

TEST_CASE("pads stay zero under every kernel", "[kernels]") {
    for_each_shape([](const Kernels& k, Index rows, Index columns) {
        const Operands o(rows, columns);
        for (const Named& kernel : all_kernels(k)) {
            const PaddedNumbers out = result(kernel, o);
            const bool matrix = out.size() == padded(std::size_t(rows)) * std::size_t(columns) &&
                                (kernel.form == Form::hebb || kernel.form == Form::consolidate ||
                                 kernel.form == Form::matrices);
            double pads = 0.0;
            for (std::size_t at = 0; at < out.padded_size(); ++at) {
                const std::size_t panel = lanes * std::size_t(columns);
                const bool inside =
                    matrix ? at / panel * lanes + at % lanes < std::size_t(rows) : at < out.size();
                if (!inside) pads += std::abs(out.data()[at]);
            }
            if (pads != 0.0) FAIL(kernel.name);
        }
        SUCCEED();
    });
}

TEST_CASE("every instruction set gives the same bits", "[kernels]") {
    const std::vector<const Kernels*> sets = all_instruction_sets();
    const std::vector<Named> reference = all_kernels(*sets.front());
    for (const auto& [rows, columns] : dimensions()) {
        const Operands o(rows, columns);
        for (std::size_t which = 0; which < reference.size(); ++which) {
            const PaddedNumbers expected = result(reference[which], o);
            for (const Kernels* set : sets) {
                const PaddedNumbers found = result(all_kernels(*set)[which], o);
                const bool same = std::memcmp(found.data(), expected.data(),
                                              expected.padded_size() * sizeof(double)) == 0;
                INFO(reference[which].name << " of " << set->instruction_set << ", " << rows
                                           << " x " << columns);
                if (!same) FAIL();
            }
        }
    }
    SUCCEED();
}

TEST_CASE("the best kernels are the last of those that this processor can run", "[kernels]") {
    REQUIRE(&best_kernels() == all_instruction_sets().back());
}
