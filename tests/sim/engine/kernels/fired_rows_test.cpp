// Spikes through sets that are stored by rows, column by column: the bits of the pass through all
// rows, on every instruction set.
#include <chrono>
#include <cmath>
#include <iostream>
#include <random>

#include "sim/engine/kernels/kernels.hpp"
#include "sim/engine/plan/fired_columns.hpp"
#include "tests/learning_rules/shown_inputs.hpp"
#include "tests/sim/engine/kernels/kernel_shapes.hpp"

using namespace apical;

namespace {

// A set of some synapses between cells, of which some fired.
struct SpikingRows {
    SynapseRows places;
    SynapseColumns by;
    std::vector<double> strengths;
    PaddedNumbers z, sums, scratch;
    std::size_t rows, columns;

    SpikingRows(std::size_t m, std::size_t n, double density, double active)
        : z(padded(n)), sums(padded(m)), scratch(scratch_vectors * padded(m)), rows(m), columns(n) {
        std::mt19937 random(unsigned(1000 * m + n));
        SynapseCollector collector(m);
        for (std::size_t i = 0; i < m; ++i) {
            sums.data()[i] = std::cos(double(i));
            for (std::size_t j = 0; j < n; ++j)
                if (double(random()) < density * 0x1p32) collector.join(i, j);
        }
        places = std::move(collector).rows();
        by = columns_of(places, n);
        for (std::size_t k = 0; k < places.count(); ++k)
            strengths.push_back(std::sin(1.3 * double(k + 1)));
        for (std::size_t j = 0; j < n; ++j)
            z.data()[j] = double(random()) < active * 0x1p32 ? 1.0 : 0.0;
    }
    Step by_rows() {
        Step step;
        step.out = sums.data();
        step.a = strengths.data();
        step.b = z.data();
        step.rows = rows;
        step.columns = columns;
        step.start = places.start.data();
        step.column = places.column.data();
        return step;
    }
    Step by_columns() {
        Step step = by_rows();
        step.start = by.start.data();
        step.column = by.entries.data();
        step.scratch = scratch.data();
        return step;
    }
    std::vector<double> result() const { return {sums.data(), sums.data() + rows}; }
};

}  // namespace

TEST_CASE("spikes through a set stored by rows have the bits of the pass through all rows",
          "[kernels][rows][columns]") {
    for (const Rounding rounding : {Rounding::fused, Rounding::strict}) {
        for (const Kernels* kernels : available_kernels(rounding)) {
            INFO(kernels->instruction_set);
            for (const auto& [m, n] : {std::pair<std::size_t, std::size_t>{1, 1},
                                       {5, 3},
                                       {33, 40},
                                       {64, 257},
                                       {1, 90}}) {
                for (const double density : {0.0, 0.05, 0.3, 1.0}) {
                    for (const double active : {0.0, 0.02, 0.3, 1.0}) {
                        for (const bool adds : {false, true}) {
                            SpikingRows a(m, n, density, active), b(m, n, density, active);
                            const Kernels::ByRows& k = kernels->by_rows;
                            (adds ? k.transmit_add : k.transmit_set)(a.by_rows());
                            (adds ? k.transmit_fired_add : k.transmit_fired_set)(b.by_columns());
                            INFO(m << " x " << n << ", " << density << ", " << active);
                            REQUIRE(a.result() == b.result());
                        }
                    }
                }
            }
        }
    }
}

// The step through all rows that counts how often it is run in place of the columns.
namespace {
int times_through_all_rows = 0;
KernelFunction through_all_rows = nullptr;
void counted(const Step& step) {
    ++times_through_all_rows;
    through_all_rows(step);
}
}  // namespace

TEST_CASE("when many cells fired all rows are gone through, and when few did none",
          "[kernels][rows][columns]") {
    for (const Kernels* kernels : available_kernels(Rounding::fused)) {
        INFO(kernels->instruction_set);
        const Kernels::ByRows& k = kernels->by_rows;
        for (const bool adds : {false, true}) {
            through_all_rows = adds ? k.transmit_add : k.transmit_set;
            const auto times = [&](std::size_t n, double active) {
                SpikingRows a(n, n, 0.02, active), b(n, n, 0.02, active);
                through_all_rows(a.by_rows());
                Step all = b.by_rows(), step = b.by_columns();
                all.run = counted;
                step.conditional = &all;
                times_through_all_rows = 0;
                (adds ? k.transmit_fired_add : k.transmit_fired_set)(step);
                CHECK(a.result() == b.result());
                return times_through_all_rows;
            };
            CHECK(times(200, 0.0) == 0);
            CHECK(times(200, 0.1) == 0);
            CHECK(times(200, 0.5) == 1);
            CHECK(times(200, 1.0) == 1);
        }
    }
}

TEST_CASE("cells that spike through a set stored by rows fire as through one of all pairs",
          "[spikes][rows][columns]") {
    const auto stepped = [](const std::string& storage) {
        return shown(R"(
phase = [{ name = "step", ms = 1.0 }]
population.rec = { size = 60, tau_ms = { soma = 20.0 }, impulse = ["soma"], spikes = { threshold = 1.0, reset = 0.0, refractory = 3 } }
synapses.W_in = { from = "input", to = "rec.soma", during = "step", init = { uniform = [0.0, 0.15] } }
synapses.W_rec = { from = "rec", to = "rec.soma", during = "step", delay = 1, init = { normal = 0.3 }, connect = { probability = 0.15, storage = ")" +
                         storage + R"(" } }
plasticity.pairs = { rule = "stdp", synapses = ["W_rec"], rate = 1e-2 }
)",
                     drawn_rows(50, 3, "rows").cwiseAbs());
    };
    SteppedModel rows(stepped("rows")), dense(stepped("dense"));
    int spikes = 0;
    for (int t = 0; t < 200; ++t) {
        rows.step();
        dense.step();
        REQUIRE(rows.vector("rec.r") == dense.vector("rec.r"));
        REQUIRE(distance(rows.vector("rec.soma.v"), dense.vector("rec.soma.v")) < form_tolerance);
        spikes += int(rows.vector("rec.r").sum());
    }
    CHECK(spikes > 500);
}

// Least of many times, of a set of a tenth of all pairs, as a share of its pass through all rows.
TEST_CASE("time of spikes through sets stored by rows", "[.][time_of_columns]") {
    const auto least = [](KernelFunction run, const Step& step) {
        double best = INFINITY;
        for (int k = 0; k < 400; ++k) {
            const auto begin = std::chrono::steady_clock::now();
            run(step);
            const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - begin;
            best = std::min(best, taken.count() * 1e6);
        }
        return best;
    };
    const Kernels::ByRows& k = best_kernels().by_rows;
    for (const std::size_t n : {256, 512, 1024, 4096}) {
        for (const double active : {0.0, 0.01, 0.02, 0.05, 0.2}) {
            SpikingRows one(n, n, 0.1, active);
            const double all = least(k.transmit_set, one.by_rows()),
                         fired = least(k.transmit_fired_set, one.by_columns());
            std::cout << n << " cells, " << 100 * active << " % fire: " << all << " us by rows, "
                      << fired << " us by columns, " << fired / all << '\n';
        }
    }
}
