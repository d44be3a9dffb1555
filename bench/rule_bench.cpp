// Steps of rules in text, as the engine performs them and by hand (tests/bench/rule_loops_test.cpp
// holds the loops against the engine), with the kernels of each instruction set that there are
// loops for.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include "bench/engine.hpp"
#include "bench/hand/rule_started.hpp"

namespace {

using namespace apical;

// Inputs are never zero, so that no strength decays to numbers that take a processor longer.
std::vector<double> rates_of_inputs(std::size_t count) {
    std::vector<double> x(count);
    for (std::size_t j = 0; j < count; ++j) x[j] = 0.6 + 0.4 * std::sin(1.7 * double(j));
    return x;
}

void rule_by_hand(benchmark::State& measured, const hand::RuleSteps* steps, std::string rule) {
    const std::int64_t cells = measured.range(0);
    Engine engine(hand::model_of_rule(rule, cells), {});
    hand::StartedRule loop(*steps, rule, engine.state);
    hand::Numbers x{std::size_t(cells)};
    std::ranges::copy(rates_of_inputs(x.size()), x.data());
    for (auto _ : measured) {
        loop.step(x.data());
        benchmark::ClobberMemory();
    }
}

void rule_of_engine(benchmark::State& measured, const Kernels* kernels, std::string rule) {
    Engine engine(hand::model_of_rule(rule, measured.range(0)), {.kernels = kernels});
    const SlotId input = engine.program.find("input.r");
    engine.state.write(input, rates_of_inputs(std::size_t(measured.range(0))).data());
    std::int64_t step = 0;
    for (auto _ : measured) engine.perform(++step);
}

const int registered_rules = [] {
    for (const hand::RuleSteps* steps : hand::available_rule_steps()) {
        const std::string set(steps->instruction_set);
        for (const hand::RuleTable& rule : hand::rule_tables()) {
            const std::string name(rule.name);
            benchmark::RegisterBenchmark((set + "/hand_rule/" + name).c_str(), rule_by_hand, steps,
                                         name)
                ->Arg(32)
                ->Arg(128)
                ->Arg(1024);
            benchmark::RegisterBenchmark((set + "/rule/" + name).c_str(), rule_of_engine,
                                         find_kernels(set, Rounding::fused), name)
                ->Arg(32)
                ->Arg(128)
                ->Arg(1024);
        }
    }
    return 0;
}();

}  // namespace
