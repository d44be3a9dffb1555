// The hot loop allocates nothing. All allocations of a thread are counted here: with a sanitizer
// by its hook, else by standing in front of the C library's malloc, which operator new calls too.
#include <cerrno>
#include <cstdlib>

#include "circuits/adjoint/make_adjoint.hpp"
#include "sim/adjoint/adjoint_run.hpp"
#include "sim/run_file/lay_out.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/simulation/run_events.hpp"
#include "tests/small_circuit.hpp"

namespace {

constinit thread_local long allocations = 0;

}  // namespace

#if defined(__SANITIZE_ADDRESS__)

extern "C" int __sanitizer_install_malloc_and_free_hooks(void (*)(const volatile void*,
                                                                  std::size_t),
                                                         void (*)(const volatile void*));

namespace {

const int hook = __sanitizer_install_malloc_and_free_hooks(
    [](const volatile void*, std::size_t) { ++allocations; }, [](const volatile void*) {});

}  // namespace

#elif defined(__GLIBC__) && !defined(__SANITIZE_THREAD__)

extern "C" {
void* __libc_malloc(std::size_t);
void* __libc_calloc(std::size_t, std::size_t);
void* __libc_realloc(void*, std::size_t);
void* __libc_memalign(std::size_t, std::size_t);

void* malloc(std::size_t size) {
    ++allocations;
    return __libc_malloc(size);
}
void* calloc(std::size_t count, std::size_t size) {
    ++allocations;
    return __libc_calloc(count, size);
}
void* realloc(void* memory, std::size_t size) {
    ++allocations;
    return __libc_realloc(memory, size);
}
void* aligned_alloc(std::size_t alignment, std::size_t size) {
    ++allocations;
    return __libc_memalign(alignment, size);
}
int posix_memalign(void** memory, std::size_t alignment, std::size_t size) {
    ++allocations;
    *memory = __libc_memalign(alignment, size);
    return *memory ? 0 : ENOMEM;
}
}

#else

#include <new>

void* operator new(std::size_t size) {
    ++allocations;
    if (void* memory = std::malloc(size ? size : 1)) return memory;
    throw std::bad_alloc();
}
void operator delete(void* memory) noexcept { std::free(memory); }
void operator delete(void* memory, std::size_t) noexcept { std::free(memory); }

#endif

using namespace apical;

namespace {

constexpr int steps = 10'000;
#if defined(__SANITIZE_ADDRESS__)
constexpr int steps_of_all = steps / 10;  // all models take minutes there
#else
constexpr int steps_of_all = steps;
#endif

template <class Action>
long allocations_of(Action action) {
    const long before = allocations;
    action();
    return allocations - before;
}

// Allocations of all steps but the first few, in which libraries may still set themselves up.
long allocations_of_steps(const std::string& path, const std::vector<std::string>& overrides = {},
                          int count = steps) {
    SteppedModel sim(load_model(path, overrides));
    sim.step(10);
    return allocations_of([&] { sim.step(count); });
}

void* volatile escaped = nullptr;

}  // namespace

TEST_CASE("the counter of allocations counts each of them", "[hot]") {
    REQUIRE(allocations_of([] {}) == 0);
    REQUIRE(allocations_of([] {
                escaped = std::malloc(100);
                std::free(escaped);
            }) == 1);
    REQUIRE(allocations_of([] {
                escaped = new double[100];
                delete[] static_cast<double*>(escaped);
            }) == 1);
    REQUIRE(allocations_of([] {
                escaped = std::aligned_alloc(64, 128);
                std::free(escaped);
            }) == 1);
}

TEST_CASE("ten thousand steps of RFLO allocate nothing", "[hot]") {
    REQUIRE(allocations_of_steps(path_of_shipped("rflo")) == 0);
}

TEST_CASE("ten thousand steps of DNI(b) allocate nothing", "[hot]") {
    REQUIRE(allocations_of_steps(path_of_shipped("dni_b")) == 0);
}

TEST_CASE("ten thousand steps of any model on any task allocate nothing", "[hot]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        REQUIRE(allocations_of_steps(path, {}, steps_of_all) == 0);
        REQUIRE(allocations_of_steps(path, {"task={ kind = \"mimic\" }"}, steps_of_all) == 0);
    }
}

TEST_CASE("steps that go back through their past allocate nothing", "[hot][gradient]") {
    const std::string path = path_of_shipped("circuits/backpropagation");
    REQUIRE(allocations_of_steps(path, {}, 1000) == 0);
    REQUIRE(allocations_of_steps(
                path,
                {"trial={ steps = { uniform = [5, 20] }, reset = \"init\" }",
                 "plasticity.all.window=\"trial\"", "plasticity.all.optimiser={ kind = \"adam\" }"},
                1000) == 0);
}

TEST_CASE("a recorder allocates only in steps in which it writes", "[hot]") {
    const TemporaryFolder folder;
    Model model = load_model(path_of_shipped("rflo"), {"population.hidden.size=8"});
    const std::vector<Recording> recordings = {
        watched("all", {"hidden.r", "W_rec", "loss"}, 1, 1, steps)};
    const AxisLayout axis = lay_out(model.program, recordings).axes.at(0);
    NamedRecorder recorder(model.program, recordings, two_phases(), folder / "run.h5",
                           Replacing::no);
    SteppedModel sim(std::move(model), &recorder);
    REQUIRE(axis.window > 10);
    int writes = 0;
    for (std::size_t row = 0; row < steps; ++row) {
        const long count = allocations_of([&] { sim.step(); });
        // The first row of a window may begin a chunk, which is written at once.
        const bool may_write = row % axis.window == 0 || (row + 1) % axis.window == 0;
        writes += may_write;
        INFO("step " << row + 1 << ", window of " << axis.window << " rows");
        if (!may_write) REQUIRE(count == 0);
    }
    REQUIRE(writes < steps / 5);
    recorder.close(steps, 0.0);
}

TEST_CASE("when a thread writes, recording allocates nothing in the run", "[hot]") {
    const TemporaryFolder folder;
    Model model = load_model(path_of_shipped("rflo"), {});
    const std::vector<Recording> recordings = {
        watched("all", {"hidden.r", "W_rec", "loss"}, 1, 1, steps),
        watched("events", {"events"}, 1, 1, steps)};
    NamedRecorder recorder(model.program, recordings, two_phases(), folder / "run.h5",
                           Replacing::no, Writing::beside_run);
    SteppedModel sim(std::move(model), &recorder);
    sim.step(10);
    REQUIRE(allocations_of([&] { sim.step(steps - 10); }) == 0);
    recorder.close(steps, 0.0);
}

TEST_CASE("recording events allocates nothing while they are gathered", "[hot]") {
    const TemporaryFolder folder;
    Model model = load_model(path_of_shipped("dni_b"), {"population.hidden.size=8"});
    const std::vector<Recording> recordings = {watched("events", {"events"}, 1, 1, steps)};
    const std::size_t window = lay_out(model.program, recordings).event_window;
    NamedRecorder recorder(model.program, recordings, two_phases(), folder / "run.h5",
                           Replacing::no);
    SteppedModel sim(std::move(model), &recorder);
    std::vector<long> counts(steps);
    for (long& count : counts) {
        const long before = allocations;
        sim.step();
        count = allocations - before;
    }
    const auto with = std::count_if(counts.begin(), counts.end(), [](long c) { return c > 0; });
    // At most eleven events a step; a window is written when it is full, and perhaps its first row.
    REQUIRE(with <= 2 * (1 + 11 * steps / long(window)));
    recorder.close(steps, 0.0);
}

TEST_CASE("spikes of inputs and cells are drawn and recorded without an allocation in the run",
          "[hot][spikes]") {
    const TemporaryFolder folder;
    Model model = model_of_text(R"(
format = 1
phase = [{ name = "step", ms = 1.0 }]
population.input = { role = "input", size = 20, fires = { by = "poisson", rate_hz = 100.0 } }
population.rec = { size = 50, winners = 9, tau_ms = { soma = 20.0 }, impulse = ["soma"], spikes = { threshold = 1.0, reset = 0.0 } }
synapses.W = { from = "input", to = "rec.soma", during = "step", init = { uniform = [0.0, 0.3] } }
run = { steps = 10_000, seed = 1 }
)");
    const std::vector<Recording> recordings = {watched("all", {"*.spikes"}, 1, 1, steps)};
    RunDescription description = two_phases();
    description.step_ms = 1.0;
    description.phase_end_ms = {1.0};
    NamedRecorder recorder(model.program, recordings, description, folder / "run.h5", Replacing::no,
                           Writing::beside_run);
    SteppedModel sim(std::move(model), &recorder);
    sim.step(10);
    REQUIRE(allocations_of([&] { sim.step(steps - 10); }) == 0);
    REQUIRE(recorder.spike_rows(1) > 10'000);
    recorder.close(steps, 0.0);
}

TEST_CASE("going back through steps allocates nothing", "[hot][adjoint]") {
    constexpr std::size_t rows = 10;
    for (const char* name : {"rflo", "dni_b"}) {
        for (const StrengthsOf strengths : {StrengthsOf::now, StrengthsOf::then}) {
            const Model model = load_model(path_of_shipped(name));
            const AdjointProgram program = make_adjoint(model.program, model.circuit);
            AdjointRun run(program, *model.kernels, rows, strengths);
            initialize(run.state(), model.circuit, model.seed, model.directory);
            std::int64_t step = 0;
            const auto there_and_back = [&] {
                run.step(++step);
                run.past();
            };
            for (std::size_t k = 0; k < 2 * rows; ++k) there_and_back();
            CHECK(allocations_of([&] {
                      for (int k = 0; k < 1000; ++k) there_and_back();
                  }) == 0);
        }
    }
}
