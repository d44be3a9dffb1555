// Loops by hand (tests/bench/hand_loops_test.cpp holds them against the engine), the engine's plan
// with the kernels of each instruction set, and what a core can do at most.
#include <benchmark/benchmark.h>

#include <cmath>
#include <functional>
#include <string>

#include "bench/hand/started.hpp"
#include "bench/model_bench.hpp"

namespace hand {
#if defined(APICAL_SLEEF)
extern const Sleef sleef_x86_64_v3, sleef_x86_64_v4;
#endif
}  // namespace hand

namespace {

using namespace apical;

template <class Loop>
void by_hand(benchmark::State& measured, const hand::Loops* loops, const std::string& rule) {
    Engine engine(rule, measured.range(0));
    hand::Started<Loop> loop(*loops, engine.model, engine.state);
    const double x[] = {1.0, 0.0}, label[] = {0.75, 0.25};
    for (auto _ : measured) {
        loop.step(x, label);
        benchmark::ClobberMemory();
    }
}

void multiply_adds(benchmark::State& measured, const hand::Loops* loops) {
    constexpr std::size_t turns = 1000;
    hand::Numbers sums(hand::adds_of_turn * loops->width);
    for (auto _ : measured) {
        loops->multiply_adds(turns, sums.data());
        benchmark::ClobberMemory();
    }
    measured.SetItemsProcessed(measured.iterations() * std::int64_t(2 * turns * sums.size()));
}

// Reads and writes each of the bytes of W and its tags once.
void stream(benchmark::State& measured, const hand::Loops* loops) {
    const auto n = static_cast<std::size_t>(measured.range(0));
    hand::Numbers numbers(2 * n * (n + 3));
    for (auto _ : measured) {
        loops->stream(numbers.data(), numbers.size());
        benchmark::ClobberMemory();
    }
}

constexpr std::size_t drives = 512;

void tanh_by(benchmark::State& measured, const std::function<void(double*, double*)>& tanh) {
    hand::Numbers in(drives), out(drives);
    for (std::size_t i = 0; i < drives; ++i) in.data()[i] = 1.5 * std::sin(1.7 * double(i));
    for (auto _ : measured) {
        tanh(in.data(), out.data());
        benchmark::ClobberMemory();
    }
}

void tanh_of_loop(benchmark::State& measured, hand::Tanh tanh) {
    tanh_by(measured, [&](double* in, double* out) { tanh(in, out, drives); });
}

void tanh_of_engine(benchmark::State& measured, const Kernels* kernels) {
    Step step;
    step.rows = drives;
    tanh_by(measured, [&](double* in, double* out) {
        step.a = in;
        step.out = out;
        kernels->fire.tanh(step);
    });
}

template <class... Arguments>
auto add(const std::string& name, Arguments... arguments) {
    return benchmark::RegisterBenchmark(name.c_str(), arguments...);
}

void add_loops(const hand::Loops* loops) {
    const std::string set(loops->instruction_set);
    add(set + "/hand/rflo", by_hand<hand::Rflo>, loops, "rflo")->Arg(32)->Arg(128);
    add(set + "/hand/uoro", by_hand<hand::Uoro>, loops, "uoro")->Arg(32)->Arg(128);
    add(set + "/hand/dni_b", by_hand<hand::DniB>, loops, "dni_b")->Arg(32)->Arg(128);
    add(set + "/limit/multiply_add", multiply_adds, loops);
    add(set + "/limit/stream", stream, loops)->Arg(2048);
    add(set + "/limit/streams", stream, loops)->Arg(4096)->ThreadRange(1, 2)->UseRealTime();
    add(set + "/tanh/hand", tanh_of_loop, loops->tanh);
#if defined(APICAL_SLEEF)
    const hand::Sleef& sleef = set == "x86_64_v4" ? hand::sleef_x86_64_v4 : hand::sleef_x86_64_v3;
    add(set + "/tanh/sleef_u10", tanh_of_loop, sleef.u10);
    add(set + "/tanh/sleef_u35", tanh_of_loop, sleef.u35);
#endif
}

void add_kernels(const Kernels* kernels) {
    const std::string set(kernels->instruction_set);
    for (const char* rule : rules) {
        const auto plan =
            add(set + "/plan/" + rule, plan_only, rule, EngineOptions{.kernels = kernels});
        plan->Arg(32)->Arg(128);
    }
    add(set + "/plan/rflo", plan_only, "rflo", EngineOptions{.kernels = kernels})->Arg(2048);
    add(set + "/tanh/engine", tanh_of_engine, kernels);
}

const int registered = [] {
    for (const hand::Loops* loops : hand::available_loops()) add_loops(loops);
    add_kernels(available_kernels(Rounding::strict).front());  // that every processor has
    for (const Kernels* kernels : available_kernels(Rounding::fused)) {
        if (kernels != available_kernels(Rounding::strict).front()) add_kernels(kernels);
    }
    return 0;
}();

}  // namespace
