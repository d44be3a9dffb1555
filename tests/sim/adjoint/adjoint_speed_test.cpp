// What going back through a step costs beside going forwards, and that neither allocates.
#include <chrono>

#include "circuits/adjoint/make_adjoint.hpp"
#include "sim/adjoint/adjoint_run.hpp"
#include "sim/engine/initialize.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// The least time of a call, in microseconds.
template <class Work>
double least_time(Work work, int repetitions = 200, int calls = 20) {
    double least = 1e9;
    for (int k = 0; k < repetitions; ++k) {
        const auto begin = std::chrono::steady_clock::now();
        for (int call = 0; call < calls; ++call) work();
        const std::chrono::duration<double, std::micro> time =
            std::chrono::steady_clock::now() - begin;
        least = std::min(least, time.count() / calls);
    }
    return least;
}

struct Times {
    double forward, taped, back;
};

Times times_of(int cells, StrengthsOf strengths) {
    constexpr std::size_t rows = 20;
    const Model model =
        load_model(path_of_shipped("rflo"), {fmt::format("population.hidden.size={}", cells)});
    const AdjointProgram program = make_adjoint(model.program, model.circuit);
    AdjointRun run(program, *model.kernels, rows, strengths);
    initialize(run.state(), model.circuit, model.seed, model.directory);
    State alone(program.forward);
    initialize(alone, model.circuit, model.seed, model.directory);
    const Plan plan = Plan::compile(program.forward, alone, *model.kernels);
    std::int64_t step = 0;
    const double forward = least_time([&] {
        for (std::size_t phase = 0; phase < program.forward.phase_names.size(); ++phase) {
            plan.run_gates(phase, 1);
            plan.run_phase(phase, 1);
        }
        plan.run_step_end(1);
    });
    const double taped = least_time([&] { run.step(++step); });
    const double back = least_time([&] { run.whole(); }, 200, 1) / rows;
    return {forward, taped, back};
}

}  // namespace

TEST_CASE("a step back takes so many times a step forwards", "[.time_of_adjoint]") {
    for (const int cells : {8, 32, 128}) {
        for (const StrengthsOf strengths : {StrengthsOf::now, StrengthsOf::then}) {
            const Times times = times_of(cells, strengths);
            WARN(
                fmt::format("n = {}, strengths of {}: forward {:.2f} us, with tape {:.2f}, back "
                            "{:.2f}, {:.2f} forwards",
                            cells, strengths == StrengthsOf::now ? "now" : "then", times.forward,
                            times.taped, times.back, times.back / times.forward));
            CHECK(times.back / times.forward < (cells < 100 ? 3.0 : 4.0));
        }
    }
}
