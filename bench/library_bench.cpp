// What a library does.
#include <benchmark/benchmark.h>

#include <Eigen/Core>

namespace {

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

}  // namespace
