// Kernels of matrices that are stored by rows, against the definition of their sums and against the
// same changes of a full matrix.
#include <cmath>
#include <random>

#include "circuits/program/synapse_rows.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "tests/sim/engine/kernels/kernel_shapes.hpp"

using namespace apical;

namespace {

struct Sparse {
    int rows, columns;
    SynapseRows places;
    PaddedNumbers strengths, tags, post, pre, keep, credit, sums, back;

    // Every third row and every fourth column is empty where there are that many.
    Sparse(int m, int n, double density)
        : rows(m),
          columns(n),
          places(drawn(m, n, density)),
          strengths(padded(places.count()) + 8),
          tags(strengths.size()),
          post(padded(std::size_t(m))),
          pre(padded(std::size_t(n))),
          keep(post.size()),
          credit(post.size()),
          sums(post.size()),
          back(pre.size()) {
        const auto fill = [](PaddedNumbers& numbers, std::size_t count, double phase) {
            for (std::size_t k = 0; k < count; ++k)
                numbers.data()[k] = std::sin(1.7 * double(k + 1) + phase);
        };
        fill(strengths, places.count(), 0.1);
        fill(tags, places.count(), 0.2);
        fill(post, std::size_t(m), 0.3);
        fill(pre, std::size_t(n), 0.4);
        fill(keep, std::size_t(m), 0.5);
        fill(credit, std::size_t(m), 0.6);
        fill(sums, std::size_t(m), 0.7);
        fill(back, std::size_t(n), 0.8);
    }

    static SynapseRows drawn(int m, int n, double density) {
        std::mt19937 random(unsigned(1000 * m + n));
        SynapseCollector all{std::size_t(m)};
        for (int i = 0; i < m; ++i) {
            for (int j = 0; j < n; ++j) {
                const bool is_empty = (m > 2 && i % 3 == 1) || (n > 3 && j % 4 == 2);
                if (!is_empty && double(random()) < density * 0x1p32)
                    all.join(std::size_t(i), std::size_t(j));
            }
        }
        return std::move(all).rows();
    }
    Eigen::MatrixXd full(const PaddedNumbers& numbers) const {
        Eigen::MatrixXd all = Eigen::MatrixXd::Zero(rows, columns);
        for_each_synapse(places, [&](std::size_t i, std::size_t j, std::size_t k) {
            all(Eigen::Index(i), Eigen::Index(j)) = numbers.data()[k];
        });
        return all;
    }
    Eigen::VectorXd vector(const PaddedNumbers& numbers, int count) const {
        return Eigen::Map<const Eigen::VectorXd>(numbers.data(), count);
    }
    Step step() const {
        Step s;
        s.start = places.start.data();
        s.column = places.column.data();
        s.rows = std::size_t(rows);
        s.columns = std::size_t(columns);
        s.retain = 0.75;
        s.gain = 0.37;
        return s;
    }
};

double apart(const Eigen::MatrixXd& a, const Eigen::MatrixXd& b) {
    return a.size() == 0 ? 0.0 : (a - b).cwiseAbs().maxCoeff();
}

template <class Check>
void for_each_sparse(Check check) {
    for (const Kernels* kernels : all_instruction_sets()) {
        for (const auto& [m, n] :
             {std::pair(1, 1), {5, 5}, {33, 33}, {257, 257}, {33, 5}, {5, 33}}) {
            for (const double density : {0.05, 0.3, 1.0}) {
                INFO(kernels->instruction_set << ", " << m << " x " << n << " at " << density);
                check(*kernels, Sparse(m, n, density));
            }
        }
    }
}

}  // namespace

TEST_CASE("a sum over a row stored alone has four parts that are added in pairs", "[rows]") {
    const Kernels& k = *available_kernels(Rounding::strict).front();
    Sparse s(33, 41, 0.4);
    Step step = s.step();
    step.out = s.sums.data();
    step.a = s.strengths.data();
    step.b = s.pre.data();
    k.by_rows.transmit_set(step);
    for (std::size_t i = 0; i < 33; ++i) {
        double parts[4] = {};
        const std::size_t begin = s.places.start[i], end = s.places.start[i + 1];
        for (std::size_t n = begin; n < end; ++n)
            parts[(n - begin) % 4] += s.strengths.data()[n] * s.pre.data()[s.places.column[n]];
        CHECK(s.sums.data()[i] == (parts[0] + parts[1]) + (parts[2] + parts[3]));
    }
}

TEST_CASE("products with a matrix stored by rows are those with the full one", "[rows]") {
    for_each_sparse([](const Kernels& k, Sparse s) {
        const Eigen::MatrixXd S = s.full(s.strengths);
        const Eigen::VectorXd x = s.vector(s.pre, s.columns), y = s.vector(s.post, s.rows),
                              before = s.vector(s.sums, s.rows), back = s.vector(s.back, s.columns);
        Step step = s.step();
        step.a = s.strengths.data();
        step.b = s.pre.data();
        step.out = s.sums.data();
        k.by_rows.transmit_add(step);
        CHECK(apart(s.vector(s.sums, s.rows), before + S * x) <= 1e-13);
        k.by_rows.transmit_set(step);
        CHECK(apart(s.vector(s.sums, s.rows), S * x) <= 1e-13);
        k.by_rows.gather(step);
        CHECK(apart(s.vector(s.sums, s.rows), S.rowwise().sum()) <= 1e-13);
        step.b = s.post.data();
        step.out = s.back.data();
        k.by_rows.transmit_reverse_add(step);
        CHECK(apart(s.vector(s.back, s.columns), back + S.transpose() * y) <= 1e-12);
        k.by_rows.transmit_reverse_set(step);
        CHECK(apart(s.vector(s.back, s.columns), S.transpose() * y) <= 1e-12);
    });
}

TEST_CASE("changes of a matrix stored by rows are those of the full one where synapses are",
          "[rows]") {
    for_each_sparse([](const Kernels& k, const Sparse& start) {
        const Eigen::MatrixXd S = start.full(start.strengths), tag = start.full(start.tags),
                              places =
                                  S.unaryExpr([](double one) { return one == 0.0 ? 0.0 : 1.0; });
        const Eigen::VectorXd y = start.vector(start.post, start.rows),
                              x = start.vector(start.pre, start.columns),
                              keep = start.vector(start.keep, start.rows);
        const Eigen::MatrixXd outer = 0.37 * (y * x.transpose()).cwiseProduct(places);
        double modulates[2] = {0.5, 1.25};
        const auto check = [&](KernelFunction kernel, const Eigen::MatrixXd& expected,
                               const double* b, const double* c, const double* d) {
            Sparse s = start;
            Step step = s.step();
            step.out = s.strengths.data();
            step.a = s.post.data();
            step.b = b;
            step.c = c;
            step.d = d;
            kernel(step);
            CHECK(apart(s.full(s.strengths), expected) <= 1e-14);
            for (std::size_t n = s.places.count(); n < s.strengths.size(); ++n)
                CHECK(s.strengths.data()[n] == 0.0);
        };
        const double* const pre = start.pre.data();
        const Kernels::ByRows& rows = k.by_rows;
        check(rows.hebb_add, S + outer, pre, nullptr, nullptr);
        check(rows.hebb_set, outer, pre, nullptr, nullptr);
        check(rows.hebb_decay, 0.75 * S + outer, pre, nullptr, nullptr);
        check(rows.hebb_modulated, 0.375 * S + 1.25 * outer, pre, modulates, modulates + 1);
        check(rows.hebb_cellwise, keep.asDiagonal() * S + outer, pre, start.keep.data(), nullptr);
        const Eigen::MatrixXd by_tag = 0.37 * (y.asDiagonal() * tag);
        check(rows.consolidate, S + by_tag, start.tags.data(), nullptr, nullptr);
    });
}

TEST_CASE("a pass through rows has the bits of its single operations", "[rows]") {
    for_each_sparse([](const Kernels& k, const Sparse& start) {
        for (const bool by_cell : {false, true}) {
            Sparse alone = start, together = start;
            Step step = alone.step();  // tag, strength, product
            step.out = alone.tags.data();
            step.a = alone.post.data();
            step.b = alone.pre.data();
            step.c = alone.keep.data();
            by_cell ? k.by_rows.hebb_cellwise(step) : k.by_rows.hebb_decay(step);
            step.out = alone.strengths.data();
            step.a = alone.credit.data();
            step.b = alone.tags.data();
            step.gain = 1.5;
            k.by_rows.consolidate(step);
            step.out = alone.sums.data();
            step.a = alone.strengths.data();
            step.b = alone.pre.data();
            k.by_rows.transmit_add(step);
            PassMatrix matrix;
            matrix.matrix = together.strengths.data();
            matrix.tag = together.tags.data();
            matrix.columns = std::size_t(together.columns);
            matrix.pre = matrix.forward[0] = together.pre.data();
            matrix.start = together.places.start.data();
            matrix.column = together.places.column.data();
            Pass pass;
            pass.matrices = &matrix;
            pass.matrix_count = 1;
            pass.post = together.post.data();
            pass.gain = 0.37;
            pass.retain = 0.75;
            pass.rate = 1.5;
            pass.retain_cells = by_cell ? together.keep.data() : nullptr;
            pass.credit_cells = together.credit.data();
            pass.sum[0] = together.sums.data();
            pass.adds[0] = true;
            bool due = true;
            Step whole;
            whole.pass = &pass;
            whole.due = &due;
            whole.rows = std::size_t(together.rows);
            k.by_rows.pass.by[static_cast<std::size_t>(Changed::tag)][1][0](whole);
            CHECK_FALSE(due);
            CHECK(apart(together.full(together.tags), alone.full(alone.tags)) == 0.0);
            CHECK(apart(together.full(together.strengths), alone.full(alone.strengths)) == 0.0);
            CHECK(together.vector(together.sums, together.rows) ==
                  alone.vector(alone.sums, alone.rows));
        }
    });
}

TEST_CASE("kernels by rows make the same bits on instruction sets that round alike", "[rows]") {
    for (const Rounding rounding : {Rounding::fused, Rounding::strict}) {
        std::vector<Eigen::MatrixXd> first;
        for (const Kernels* k : available_kernels(rounding)) {
            Sparse s(77, 65, 0.3);
            Step step = s.step();
            step.out = s.strengths.data();
            step.a = s.post.data();
            step.b = s.pre.data();
            step.c = s.keep.data();
            k->by_rows.hebb_cellwise(step);
            step.a = s.strengths.data();
            step.out = s.sums.data();
            k->by_rows.transmit_add(step);
            step.out = s.back.data();
            step.b = s.post.data();
            k->by_rows.transmit_reverse_add(step);
            const std::vector<Eigen::MatrixXd> made = {s.full(s.strengths), s.vector(s.sums, 77),
                                                       s.vector(s.back, 65)};
            if (first.empty()) first = made;
            for (std::size_t n = 0; n < made.size(); ++n) CHECK(made[n] == first[n]);
        }
    }
}

TEST_CASE("synapses in any order come into rows", "[rows]") {
    SynapseCollector mixed{4}, ordered{4};
    for (const auto& [i, j] : {std::pair(0, 2), {0, 5}, {3, 1}, {0, 0}, {3, 0}, {1, 7}})
        mixed.join(std::size_t(i), std::size_t(j));
    for (const auto& [i, j] : {std::pair(0, 0), {0, 2}, {0, 5}, {1, 7}, {3, 0}, {3, 1}})
        ordered.join(std::size_t(i), std::size_t(j));
    const SynapseRows a = std::move(mixed).rows(), b = std::move(ordered).rows();
    CHECK(a.start == std::vector<std::uint32_t>{0, 3, 4, 4, 6});
    CHECK(a.column == std::vector<std::uint32_t>{0, 2, 5, 7, 0, 1});
    CHECK(a.start == b.start);
    CHECK(a.column == b.column);
    CHECK(a.find(0, 5) == 2);
    CHECK_FALSE(a.find(2, 5));
    CHECK(a.row_of(3) == 1);
    CHECK(a.row_of(4) == 3);
    CHECK(a.hash() == b.hash());
}
