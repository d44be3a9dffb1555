// Time of one step, recording off. Compare figures of one run only: machines drift.
#include <vector>

#include "bench/model_bench.hpp"

namespace {

using namespace apical;

// The event-driven run: task, queue, gates, plan, loss, check of the numbers.
void whole_step(benchmark::State& measured, const std::string& name) {
    Bench bench(name, measured.range(0), true);
    for (auto _ : measured) bench.scheduler.run_to(bench.scheduler.step() + 1);
}

// RTRL's tensor would take 69 GB at n = 2048.
std::vector<std::int64_t> sizes_of(const std::string& name) {
    if (name == "rtrl") return {32, 128, 512};
    return {32, 128, 512, 2048};
}

const int registered = [] {
    for (const std::string name : {"fixed_w", "rflo", "dni_b", "dni", "bptt", "bptt_window", "uoro",
                                   "kf_rtrl", "r_kf", "kernl", "rtrl"}) {
        const auto step = benchmark::RegisterBenchmark(("step/" + name).c_str(), whole_step, name);
        step->Arg(32)->Arg(128);
        for (const bool fused : {true, false}) {
            const std::string title = (fused ? "plan/" : "unfused/") + name;
            const auto plan = benchmark::RegisterBenchmark(title.c_str(), plan_only, name, fused);
            for (const std::int64_t size : sizes_of(name)) plan->Arg(size);
        }
    }
    return 0;
}();

}  // namespace
