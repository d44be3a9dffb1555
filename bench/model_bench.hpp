#pragma once

#include <benchmark/benchmark.h>

#include "bench/engine.hpp"

namespace apical {

extern const Kernels kernels_native;  // for this machine, by -march=native

inline constexpr const char* rules[] = {"fixed_w", "rflo",        "dni_b", "dni",
                                        "bptt",    "bptt_window", "uoro",  "kf_rtrl",
                                        "r_kf",    "kernl",       "rtrl"};

// The kernels of the plan alone.
inline void plan_only(benchmark::State& measured, const std::string& name,
                      const EngineOptions& options) {
    Engine engine(name, measured.range(0), options);
    std::int64_t step = 0;
    for (auto _ : measured) engine.perform(++step);
}

}  // namespace apical
