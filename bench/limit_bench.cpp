// What the machine can do at most, beside which the rules are put: multiply-adds in registers, a
// matrix product of a library, a stream that is changed in place.
#include <benchmark/benchmark.h>

#include <Eigen/Core>
#include <vector>

#include "sim/vector_math.hpp"

namespace {

using apical::Eight;

// 2 x 8 operations for each of these sums a turn.
constexpr int sums = 12, turns = 1000;

void peak(benchmark::State& measured) {
    Eight all[sums], factor = apical::broadcast(1.0 + 1e-9), term = apical::broadcast(1e-9);
    for (Eight& one : all) one = apical::broadcast(1.0);
    for (auto _ : measured) {
        for (int turn = 0; turn < turns; ++turn) {
#pragma GCC unroll 12
            for (int k = 0; k < sums; ++k) all[k] = apical::multiply_add(all[k], factor, term);
        }
        for (Eight& one : all) benchmark::DoNotOptimize(one);
    }
}
BENCHMARK(peak)->Name("limit/multiply_add");

// The product J M of RTRL, M of n x n (n + 3), as Eigen does it.
void product(benchmark::State& measured) {
    const Eigen::Index n = measured.range(0);
    const Eigen::MatrixXd J = Eigen::MatrixXd::Random(n, n) / double(n),
                          M = Eigen::MatrixXd::Random(n, n * (n + 3));
    Eigen::MatrixXd result(n, n * (n + 3));
    for (auto _ : measured) {
        result.noalias() = J * M;
        benchmark::DoNotOptimize(result.data());
    }
}
BENCHMARK(product)->Name("limit/library_product")->Arg(32)->Arg(128);

// x = k x + c over the bytes of W and its tags: each is read and written once.
void stream(benchmark::State& measured) {
    const auto n = std::size_t(measured.range(0));
    Eigen::ArrayXd x = Eigen::ArrayXd::Random(Eigen::Index(2 * n * (n + 3)));
    for (auto _ : measured) {
        x = 0.5 * x + 1.0;
        benchmark::DoNotOptimize(x.data());
    }
}
BENCHMARK(stream)->Name("limit/stream")->Arg(2048);
// Each thread its own numbers: what two cores have of the memory that they share.
BENCHMARK(stream)->Name("limit/streams")->Arg(4096)->ThreadRange(1, 2)->UseRealTime();

}  // namespace
