// Time of one step, recording off. Compare figures of one run only: machines drift.
#include <vector>

#include "bench/model_bench.hpp"

namespace {

using namespace apical;

// The event-driven run: task, queue, gates, plan, loss, check of the numbers.
void whole_step(benchmark::State& measured, const std::string& name, const EngineOptions& options) {
    Engine engine(name, measured.range(0), options);
    for (auto _ : measured) engine.scheduler.run_to(engine.scheduler.step() + 1);
}

// What one core and the memory of a small machine can do: RTRL's tensor would take 69 GB at n =
// 2048, and a step of those that multiply matrices a minute at 8192.
std::vector<std::int64_t> sizes_of(const std::string& name) {
    if (name == "rtrl") return {32, 128, 512};
    if (name == "kf_rtrl" || name == "r_kf") return {32, 128, 512, 2048};
    return {32, 128, 512, 2048, 8192};
}

const int registered = [] {
    const auto add = [](const std::string& title, const EngineOptions& options,
                        const std::string& name, const std::vector<std::int64_t>& sizes) {
        const auto plan = benchmark::RegisterBenchmark(title.c_str(), plan_only, name, options);
        for (const std::int64_t size : sizes) plan->Arg(size);
        return plan;
    };
    for (const std::string name : rules) {
        const auto step = benchmark::RegisterBenchmark(("step/" + name).c_str(), whole_step, name,
                                                       EngineOptions{});
        step->Arg(32)->Arg(128);
        add("plan/" + name, {}, name, sizes_of(name));
        add("unfused/" + name, {.fused = false}, name, sizes_of(name));
        add("native/" + name, {.kernels = &kernels_native}, name, {32, 128});
        add("strict/" + name, {.strict = true}, name, {32, 128});
    }
    for (const int threads : {1, 2}) {
        add(fmt::format("threads/{}/dni_b", threads), {.threads = threads}, "dni_b", {1024, 4096})
            ->MeasureProcessCPUTime()
            ->UseRealTime();
    }
    benchmark::RegisterBenchmark("aligned/rflo", whole_step, "rflo", EngineOptions{.aligned = true})
        ->Arg(32);
    return 0;
}();

}  // namespace
