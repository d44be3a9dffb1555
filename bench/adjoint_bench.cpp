// What going back through a step costs beside going forwards: RFLO's model, its dynamics alone.
// adjoint/back is of as many steps as are gone back through.
#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <string>

#include "circuits/adjoint/make_adjoint.hpp"
#include "sim/adjoint/adjoint_run.hpp"
#include "sim/engine/initialize.hpp"
#include "sim/engine/plan/plan.hpp"
#include "sim/model/model.hpp"

namespace {

using namespace apical;

constexpr std::size_t rows = 20;

struct Dynamics {
    explicit Dynamics(std::int64_t cells)
        : model(load_model(APICAL_SOURCE_DIR "/models/rflo.toml",
                           {fmt::format("population.hidden.size={}", cells)})),
          program(make_adjoint(model.program, model.circuit)) {}

    void begin(State& state) const {
        initialize(state, model.circuit, model.seed, model.directory);
    }

    Model model;
    AdjointProgram program;
};

void forwards(benchmark::State& measured) {
    const Dynamics of(measured.range(0));
    State state(of.program.forward);
    of.begin(state);
    const Plan plan = Plan::compile(of.program.forward, state, *of.model.kernels);
    for (auto _ : measured) {
        for (std::size_t phase = 0; phase < of.program.forward.phase_names.size(); ++phase) {
            plan.run_gates(phase, 1);
            plan.run_phase(phase, 1);
        }
        plan.run_step_end(1);
    }
}

void with_tape(benchmark::State& measured, StrengthsOf strengths) {
    const Dynamics of(measured.range(0));
    AdjointRun run(of.program, *of.model.kernels, rows, strengths);
    of.begin(run.state());
    std::int64_t step = 0;
    for (auto _ : measured) run.step(++step);
}

void back(benchmark::State& measured, StrengthsOf strengths) {
    const Dynamics of(measured.range(0));
    AdjointRun run(of.program, *of.model.kernels, rows, strengths);
    of.begin(run.state());
    for (std::size_t step = 1; step <= rows; ++step) run.step(static_cast<std::int64_t>(step));
    for (auto _ : measured) run.whole();
}

const int registered_adjoints = [] {
    const auto sizes = [](auto* one) { one->Arg(8)->Arg(32)->Arg(128); };
    sizes(benchmark::RegisterBenchmark("adjoint/forwards", forwards));
    for (const StrengthsOf strengths : {StrengthsOf::now, StrengthsOf::then}) {
        const std::string of = strengths == StrengthsOf::now ? "now" : "then";
        sizes(benchmark::RegisterBenchmark(("adjoint/with_tape/" + of).c_str(), with_tape,
                                           strengths));
        sizes(benchmark::RegisterBenchmark(("adjoint/back/" + of).c_str(), back, strengths));
    }
    return 0;
}();

}  // namespace
