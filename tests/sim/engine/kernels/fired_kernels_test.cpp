// Products with spikes, column by column, against plain sums and on every instruction set.
#include <chrono>
#include <cmath>
#include <iostream>
#include <random>

#include "sim/engine/kernels/kernels.hpp"
#include "tests/sim/engine/kernels/kernel_shapes.hpp"

using namespace apical;

namespace {

// A matrix in panels, spikes of some of its columns, and what is there before they add to it.
struct Spiking {
    std::size_t rows, columns;
    PaddedNumbers strengths, z, sums;

    Spiking(std::size_t m, std::size_t n, double active)
        : rows(m), columns(n), strengths(padded(m) * n), z(padded(n)), sums(padded(m)) {
        std::mt19937 random(unsigned(1000 * m + n));
        for (std::size_t i = 0; i < m; ++i) {
            sums.data()[i] = std::cos(double(i));
            for (std::size_t j = 0; j < n; ++j)
                strengths.data()[panel_index(i, j, m, n)] = std::sin(1.3 * double(i * n + j + 1));
        }
        for (std::size_t j = 0; j < n; ++j)
            z.data()[j] = double(random()) < active * 0x1p32 ? 1.0 : 0.0;
    }
    Step step() {
        Step step;
        step.out = sums.data();
        step.a = strengths.data();
        step.b = z.data();
        step.rows = rows;
        step.columns = columns;
        return step;
    }
};

}  // namespace

TEST_CASE("columns of cells that fired are added in the order of the cells", "[kernels][columns]") {
    for (const Kernels* kernels : available_kernels(Rounding::fused)) {
        INFO(kernels->instruction_set);
        for (const auto& [m, n] : {std::pair<std::size_t, std::size_t>{1, 1},
                                   {5, 3},
                                   {33, 40},
                                   {64, 257},
                                   {70, 600},
                                   {100, 1}}) {
            for (const double active : {0.0, 0.02, 0.3, 1.0}) {
                for (const bool adds : {false, true}) {
                    INFO(m << " x " << n << ", " << active << (adds ? " added" : ""));
                    Spiking one(m, n, active);
                    Eigen::VectorXd expected(m);
                    for (std::size_t i = 0; i < m; ++i) {
                        double sum = adds ? one.sums.data()[i] : 0.0;
                        for (std::size_t j = 0; j < n; ++j)
                            if (one.z.data()[j] != 0.0)
                                sum += one.strengths.data()[panel_index(i, j, m, n)];
                        expected[Eigen::Index(i)] = sum;
                    }
                    (adds ? kernels->transmit_fired_add : kernels->transmit_fired_set)(one.step());
                    for (std::size_t i = 0; i < m; ++i)
                        REQUIRE(one.sums.data()[i] == expected[Eigen::Index(i)]);
                    for (std::size_t i = m; i < padded(m); ++i) REQUIRE(one.sums.data()[i] == 0.0);
                }
            }
        }
    }
}

// Run by hand: its numbers stand in docs/performance.md.
TEST_CASE("time of columns that fired beside the dense pass", "[.][time_of_columns]") {
    const Kernels& kernels = best_kernels();
    for (const std::size_t n : {256, 512, 1024, 2048}) {
        Spiking one(n, n, 0.0);
        const auto time = [&](KernelFunction run) {
            const Step step = one.step();
            double best = 1e9;
            for (int round = 0; round < 40; ++round) {
                const auto begin = std::chrono::steady_clock::now();
                for (int k = 0; k < 20; ++k) run(step);
                const std::chrono::duration<double, std::micro> took =
                    std::chrono::steady_clock::now() - begin;
                best = std::min(best, took.count() / 20.0);
            }
            return best;
        };
        const double dense = time(kernels.transmit_set);
        std::cout << n << ": dense " << dense << " us";
        for (const double active : {0.0, 0.01, 0.05, 0.2}) {
            for (std::size_t j = 0; j < n; ++j) one.z.data()[j] = 0.0;
            const auto count = static_cast<std::size_t>(active * double(n) + 0.5);
            for (std::size_t k = 0; k < count; ++k) one.z.data()[k * n / count] = 1.0;
            const double fired = time(kernels.transmit_fired_set);
            std::cout << ", " << 100.0 * active << " %: " << fired << " us (" << fired / dense
                      << ")";
        }
        std::cout << '\n';
    }
}
