// Time of one step, recording off. Compare figures of one run only: machines drift.
#include "bench/model_bench.hpp"

namespace {

using namespace apical;

// The event-driven run: task, queue, gates, plan, loss, check of every number.
void whole_step(benchmark::State& measured, const std::string& name) {
    Bench bench(name, measured.range(0));
    for (auto _ : measured) bench.scheduler.run_to(bench.scheduler.step() + 1);
}

const int registered = [] {
    for (const std::string name : {"fixed_w", "rflo", "dni_b", "dni", "bptt", "bptt_window", "uoro",
                                   "kf_rtrl", "r_kf", "kernl", "rtrl"}) {
        benchmark::RegisterBenchmark(("step/" + name).c_str(), whole_step, name)->Arg(32)->Arg(128);
        benchmark::RegisterBenchmark(("plan/" + name).c_str(), plan_only, name)->Arg(32)->Arg(128);
    }
    return 0;
}();

}  // namespace
