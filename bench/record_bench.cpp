// Recording, beside write() of as many bytes. Each turn writes a fresh file, in TMPDIR or /tmp;
// making and removing it is not timed.
#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <filesystem>
#include <optional>

#include "bench/model_bench.hpp"
#include "tests/sim/run_file/run_file.hpp"

namespace {

using namespace apical;

constexpr int cells = 32, vectors = 5;
constexpr std::int64_t steps = 100'000, steps_of_matrix = 100;
constexpr std::int64_t rows_bytes =
    steps * cells * 8 * vectors + steps / steps_of_matrix * cells * cells * 8;

// Vectors of every step and a matrix now and then.
struct Numbers : Recordable {
    Numbers() {
        program.phase_names = {"only"};
        std::vector<std::string> names;
        for (int i = 0; i < vectors; ++i) {
            names.push_back("v" + std::to_string(i));
            quantity(names.back(), "/" + names.back(), {slot(Shape::per_cell, cells)}, false);
        }
        quantity("w", "/w", {slot(Shape::per_synapse, cells, cells)}, false);
        tables = {recording("vectors", names, 1, 1, steps),
                  recording("matrix", {"w"}, steps_of_matrix, 1, steps)};
        run.phase_end_ms = {run.step_ms};
    }
    std::vector<Recording> tables;
    RunDescription run = description();
};

// Calls the recorder as a scheduler does, without all else that a scheduler does.
void record(benchmark::State& measured) {
    const Numbers numbers;
    State state(numbers.program);
    const TemporaryDirectory directory;
    for (auto _ : measured) {
        measured.PauseTiming();
        std::optional<Recorder> recorder(std::in_place, numbers.program, numbers.tables,
                                         numbers.run, directory / "run.h5", Replacing::yes);
        std::array<std::int64_t, 2> next{recorder->next_step(0, 0), recorder->next_step(1, 0)};
        measured.ResumeTiming();
        for (std::int64_t step = 1; step <= steps; ++step) {
            for (std::size_t axis = 0; axis < next.size(); ++axis) {
                if (next[axis] != step) continue;
                recorder->sample(axis, step, 0, state);
                next[axis] = recorder->next_step(axis, step);
            }
        }
        recorder->flush();
        measured.PauseTiming();
        recorder->close(steps, 0.0);
        recorder.reset();
        std::filesystem::remove(directory / "run.h5");
        measured.ResumeTiming();
    }
    measured.SetBytesProcessed(measured.iterations() * rows_bytes);
}
BENCHMARK(record)->Name("record/vectors");

// Writes as many bytes, in buffers of the size that the recorder gathers.
void raw_write(benchmark::State& measured) {
    const TemporaryDirectory directory;
    const std::vector<char> buffer(256 * 1024, 'x');
    for (auto _ : measured) {
        measured.PauseTiming();
        const std::string path = directory / "raw";
        const int file = ::open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL, 0600);
        measured.ResumeTiming();
        for (std::int64_t left = rows_bytes; left > 0;) {
            const auto size = std::min<std::size_t>(buffer.size(), static_cast<std::size_t>(left));
            const ssize_t taken = ::write(file, buffer.data(), size);
            if (taken <= 0) return measured.SkipWithError("the disk takes no more");
            left -= taken;
        }
        measured.PauseTiming();
        ::close(file);
        std::filesystem::remove(path);
        measured.ResumeTiming();
    }
    measured.SetBytesProcessed(measured.iterations() * rows_bytes);
}
BENCHMARK(raw_write)->Name("record/raw_write");

// A whole run, in wall time. The argument: how many steps lie between two in which vectors are
// recorded, or 0 without a recorder.
void recorded_run(benchmark::State& measured, Writing writing) {
    const std::int64_t every = measured.range(0);
    Engine engine("dni_b", cells);
    const TemporaryDirectory directory;
    const RunDescription run = [&] {
        RunDescription of_model = description();
        of_model.step_ms = engine.model.circuit.step_ms();
        of_model.phase_end_ms = engine.model.circuit.phase_end_ms();
        return of_model;
    }();
    const auto tables = {recording("state",
                                   {"hidden.soma.v", "hidden.apical.v", "hidden.r",
                                    "hidden.feedback.v", "hidden.bootstrap.v"},
                                   every, 1, 2 * steps),
                         recording("weights", {"W_rec"}, steps_of_matrix, 1, 2 * steps)};
    std::uint64_t bytes = 0;
    for (auto _ : measured) {
        measured.PauseTiming();
        std::optional<Recorder> recorder;
        if (every > 0)
            recorder.emplace(engine.model.program, tables, run, directory / "run.h5",
                             Replacing::yes, writing);
        Scheduler scheduler(engine.model, engine.plan, engine.state,
                            recorder ? &*recorder : nullptr);
        measured.ResumeTiming();
        scheduler.run_to(2 * steps);
        if (recorder) recorder->flush();
        measured.PauseTiming();
        if (recorder) {
            recorder->close(2 * steps, 0.0);
            bytes += std::filesystem::file_size(directory / "run.h5");
            recorder.reset();
            std::filesystem::remove(directory / "run.h5");
        }
        measured.ResumeTiming();
    }
    measured.SetBytesProcessed(static_cast<std::int64_t>(bytes));
}
BENCHMARK_CAPTURE(recorded_run, within, Writing::within_run)
    ->Name("run/within")
    ->Arg(0)
    ->Arg(1)
    ->Arg(4)
    ->Arg(8)
    ->UseRealTime();
BENCHMARK_CAPTURE(recorded_run, beside, Writing::beside_run)
    ->Name("run/beside")
    ->Arg(1)
    ->Arg(4)
    ->Arg(8)
    ->UseRealTime();

}  // namespace
