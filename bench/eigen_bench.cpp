// Plain Eigen loops of the algorithms' equations, built for this processor; "plan/" of
// step_bench.cpp is what stands beside them.
#include <benchmark/benchmark.h>

#include <string>

#include "bench/eigen_loops.hpp"

namespace {

template <class Loop>
void eigen(benchmark::State& measured) {
    Loop loop(measured.range(0));
    for (auto _ : measured) {
        loop.step();
        benchmark::DoNotOptimize(loop.W.data());
    }
}

template <class Loop>
int registered(const std::string& name) {
    benchmark::RegisterBenchmark(("eigen/" + name).c_str(), eigen<Loop>)->Arg(32)->Arg(128);
    return 0;
}

const int all[] = {
    registered<eigen_loops::FixedW>("fixed_w"), registered<eigen_loops::Rflo>("rflo"),
    registered<eigen_loops::DniB>("dni_b"),     registered<eigen_loops::Dni>("dni"),
    registered<eigen_loops::Bptt>("bptt"),      registered<eigen_loops::BpttWindow>("bptt_window"),
    registered<eigen_loops::Uoro>("uoro"),      registered<eigen_loops::KfRtrl>("kf_rtrl"),
    registered<eigen_loops::RKf>("r_kf"),       registered<eigen_loops::Kernl>("kernl"),
    registered<eigen_loops::Rtrl>("rtrl")};

}  // namespace
