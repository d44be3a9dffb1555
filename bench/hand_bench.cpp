// The hand-written loop, checked against the engine before it is timed.
#include <benchmark/benchmark.h>

#include <cmath>

#include "bench/dni_b_loop.hpp"
#include "bench/model_bench.hpp"

namespace {

using namespace apical;

// The same start as the engine's.
void start(DniBLoop& loop, Bench& bench) {
    const Program& program = bench.model.program;
    const auto read = [&](const char* name) {
        const SlotId slot = program.find(name);
        std::vector<double> numbers(std::size_t(program[slot].rows) *
                                    std::size_t(program[slot].columns));
        bench.state.read(slot, numbers.data());
        return numbers;
    };
    const auto put = [&](const char* name, DniBLoop::Numbers& to, std::size_t columns,
                         std::size_t first) {
        const std::vector<double> from = read(name);
        const std::size_t count = from.size() / loop.n;
        for (std::size_t i = 0; i < loop.n; ++i) {
            for (std::size_t j = 0; j < count; ++j)
                to[panel_index(i, first + j, loop.n, columns)] = from[i * count + j];
        }
    };
    const std::size_t n = loop.n, m = loop.m;
    put("W_rec", loop.W, m, 0);
    put("W_in", loop.W, m, n);
    put("b", loop.W, m, n + 2);
    put("A_r", loop.A, m, 0);
    put("A_y", loop.A, m, n);
    put("A_1", loop.A, m, n + 2);
    put("J", loop.J, n, 0);
    const std::vector<double> W_out = read("W_out"), B = read("B_fb"), r = read("hidden.r");
    for (std::size_t i = 0; i < n; ++i) {
        loop.r[i] = r[i];
        for (std::size_t k = 0; k < 2; ++k) {
            loop.W_out[k][i] = W_out[k * n + i];
            loop.B[k][i] = B[i * 2 + k];
        }
    }
}

// Largest difference of the rates after some steps on the engine's own inputs.
double difference(DniBLoop& loop, Bench& bench) {
    const Program& program = bench.model.program;
    const double *x = bench.state.data(program.find("input.r")),
                 *label = bench.state.data(program.find("label.r")),
                 *r = bench.state.data(program.find("hidden.r"));
    loop.start(label);
    double largest = 0.0;
    for (int step = 0; step < 200; ++step) {
        bench.scheduler.run_to(bench.scheduler.step() + 1);
        loop.step(x, label);
        for (std::size_t i = 0; i < loop.n; ++i)
            largest = std::max(largest, std::abs(loop.r[i] - r[i]));
    }
    return largest;
}

void by_hand(benchmark::State& measured) {
    DniBLoop loop(std::size_t(measured.range(0)));
    Bench bench("dni_b", measured.range(0));
    start(loop, bench);
    if (difference(loop, bench) > 1e-9) return measured.SkipWithError("not the engine's numbers");
    const double x[] = {1.0, 0.0}, label[] = {0.75, 0.25};
    for (auto _ : measured) {
        loop.step(x, label);
        benchmark::ClobberMemory();
    }
}
BENCHMARK(by_hand)->Name("hand/dni_b")->Arg(32)->Arg(128);

}  // namespace
