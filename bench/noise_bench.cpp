// What noise adds to a step, and its draws by hand: a loop over the same streams.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <numbers>
#include <string>
#include <vector>

#include "bench/engine.hpp"
#include "sim/numbers/random.hpp"

namespace {

using namespace apical;

// Noise whose draws are held is added in each step, and drawn once.
void step_with_noise(benchmark::State& measured, std::string noise) {
    Engine engine(load_model(APICAL_SOURCE_DIR "/bench/noise.toml",
                             {fmt::format("population.cells.size={}", measured.range(0)),
                              "noise.n=" + noise}),
                  {});
    std::int64_t step = 0;
    for (auto _ : measured) engine.perform(++step);
}

void draws_by_hand(benchmark::State& measured) {
    std::vector<double> out(static_cast<std::size_t>(measured.range(0)));
    const Stream stream(1, "noise/n");
    std::uint64_t step = 0;
    for (auto _ : measured) {
        ++step;
        for (std::size_t i = 0; i < out.size(); ++i) out[i] = 0.1 * stream.normal(step, i);
        benchmark::ClobberMemory();
    }
}

const int registered_noise = [] {
    const auto add = [](const std::string& name, const std::string& noise) {
        benchmark::RegisterBenchmark(("noise/" + name).c_str(), step_with_noise, noise)
            ->Arg(32)
            ->Arg(1024);
    };
    add("drawn", R"({ into = "cells.soma", sd = 0.1, hold = 1 })");
    add("held", R"({ into = "cells.soma", sd = 0.1, hold = 1_000_000_000 })");
    benchmark::RegisterBenchmark("noise/by_hand", draws_by_hand)->Arg(32)->Arg(1024);
    return 0;
}();

}  // namespace
