// A fused plan against the plain one: the same bits wherever the state is flushed, every operation
// performed once, and as few passes over matrices as were promised.
#include "sim/engine/plan/fuse.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "sim/runs/run_model.hpp"
#include "tests/sim/engine/kernels/padded_numbers.hpp"
#include "tests/sim/engine/plan/driven_model.hpp"
#include "tests/sim/engine/plan/random_program.hpp"
#include "tests/sim/run_file/run_file.hpp"
#include "tests/small_circuit.hpp"
#include "tests/this_build.hpp"

using namespace apical;

namespace {

// Both that `run.fuse = false` leaves out.
PlanPasses fusing() { return passes_named({"eliminate_jacobians", "fuse"}); }

// The matrices that the passes of a plan go through, each as often as a step does it.
std::map<std::string, int> visits(const Driven& run) {
    std::map<std::string, int> count;
    const Program& program = run.program;
    for (std::size_t phase = 0; phase < run.phases(); ++phase) {
        for (const Step& step : run.plan.steps(phase)) {
            std::set<std::string> seen;
            for (const std::uint32_t i : run.plan.operations(step)) {
                for (const Operand& operand : program.operations[i].operands) {
                    const Slot& slot = program[operand.slot];
                    if (!is_vector(slot.shape)) seen.insert(slot.name);
                }
            }
            for (const std::string& name : seen) ++count[name];
        }
    }
    return count;
}

std::string shipped(const std::string& name) {
    return fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, name);
}

}  // namespace

TEST_CASE("a fused plan has the plain one's numbers at the end of every phase", "[fuse]") {
    const std::string cells = GENERATE("3", "13", "37", "64");
    const Kernels& kernels = *GENERATE(from_range(all_instruction_sets()));
    const std::vector<std::string> overrides = {"population.hidden.size=" + cells};
    for (const std::string& path : shipped_models()) {
        INFO(path << ", " << cells << " cells, " << kernels.instruction_set);
        Driven fused(path, overrides, fusing(), kernels), plain(path, overrides, {}, kernels);
        for (int step = 1; step <= fewer_if_sanitized(12); ++step) {
            INFO("step " << step);
            fused.begin_step();
            plain.begin_step();
            for (std::size_t phase = 0; phase < plain.phases(); ++phase) {
                fused.run_phase(phase);
                plain.run_phase(phase);
                fused.plan.flush(phase);
                require_same(fused, plain, rounding_of(fused));
            }
            fused.end_step();
            plain.end_step();
            fused.plan.flush();
            require_same(fused, plain, rounding_of(fused));
        }
    }
}

TEST_CASE("a fused plan has the same numbers when it is flushed seldom, or in the end", "[fuse]") {
    const int every = GENERATE(7, 60), last = fewer_if_sanitized(60);
    for (const std::string& path : shipped_models()) {
        INFO(path << ", every " << every);
        Driven fused(path, {"population.hidden.size=21"}, fusing()),
            plain(path, {"population.hidden.size=21"}, {});
        for (int step = 1; step <= last; ++step) {
            fused.step();
            plain.step();
            if (step % every != 0 && step != last) continue;
            fused.plan.flush();
            require_same(fused, plain, rounding_of(fused));
        }
    }
}

TEST_CASE("every operation but inject and noise is performed by one step of a fused plan",
          "[fuse][provenance]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const Driven run(path, {}, fusing());
        const Program& program = run.program;
        std::vector<std::set<const Step*>> steps(program.operations.size());
        const auto count = [&](std::span<const Step> list) {
            for (const Step& step : list) {
                REQUIRE(step.run);
                for (const std::uint32_t i : run.plan.operations(step)) steps.at(i).insert(&step);
            }
        };
        for (std::size_t phase = 0; phase < run.phases(); ++phase) {
            count(run.plan.gates(phase));
            count(run.plan.steps(phase));
        }
        count(run.plan.step_end());
        for (std::size_t i = 0; i < steps.size(); ++i) {
            INFO(listing_line(program, i));
            const Operation& op = program.operations[i];
            const bool by_scheduler = op.kind == Kind::inject || op.kind == Kind::noise;
            // A plain operation may take several steps (sim/engine/plan/plan.hpp); a fused one has
            // one pass.
            if (by_scheduler) REQUIRE(steps[i].empty());
            if (!by_scheduler) REQUIRE_FALSE(steps[i].empty());
            for (const Step* step : steps[i]) {
                if (step->pass) REQUIRE(steps[i].size() == 1);
            }
        }
    }
}

TEST_CASE("DNI(b) goes through W, A and J once a step, RFLO through W and its tags", "[fuse]") {
    const auto dni_b = visits(Driven(shipped("dni_b"), {}, fusing()));
    for (const char* name : {"W_rec", "W_in", "b", "A_r", "A_y", "A_1", "J", "W_out", "b_out"}) {
        INFO(name);
        REQUIRE(dni_b.at(name) == 1);
    }
    const auto rflo = visits(Driven(shipped("rflo"), {}, fusing()));
    for (const char* name : {"W_rec", "W_in", "b", "eligibility(W_rec)", "W_out"}) {
        INFO(name);
        REQUIRE(rflo.at(name) == 1);
    }
    REQUIRE(visits(Driven(shipped("rflo"), {}, {})).at("W_rec") == 2);
}

TEST_CASE("UORO goes through W and its tags once a step, and forms no Jacobian unseen", "[fuse]") {
    Driven uoro(shipped("uoro"), {}, fusing());
    auto seen = visits(uoro);
    REQUIRE(seen.at("W_in") == 1);
    REQUIRE(seen.at("b") == 1);
    // Beside the pass there are the step that takes the sum of squares that the pass has made, and
    // the Jacobian's.
    REQUIRE(seen.at("W_rec") == 2);
    REQUIRE(seen.at("B(W_rec)") == 2);
    const SlotId jacobian = uoro.program.find("recurrent.jacobian");
    uoro.begin_step();
    for (const bool observed : {false, true}) {
        for (std::size_t phase = 0; phase < uoro.phases(); ++phase)
            uoro.plan.run_phase(phase, 1, observed);
        const auto numbers = uoro.state.numbers(jacobian);
        REQUIRE(observed == std::any_of(numbers.begin(), numbers.end(),
                                        [](double number) { return number != 0.0; }));
    }
}

TEST_CASE("a run file has the same numbers with and without fusing, whatever is recorded",
          "[fuse][run]") {
    const TemporaryDirectory folder;
    const std::string what =
        GENERATE("what=[\"*\"]", "what=[\"loss\", \"J\"], every=3", "what=[\"hidden.r\"]");
    const std::string rule = GENERATE("dni_b", "dni");
    // The Jacobian of DNI is not formed but in the steps that are recorded.
    const char* const same = rule == "dni" ? "numpy.allclose(x, y, 1e-12, 1e-12, equal_nan=True)"
                                           : "x.tobytes() == y.tobytes()";
    std::vector<std::string> paths;
    for (const char* fused : {"true", "false"}) {
        Model model = load_model(shipped(rule), {"run.steps=60", fmt::format("run.fuse={}", fused),
                                                 fmt::format("record.beginning={{ {} }}", what)});
        paths.push_back(model.output = folder / fmt::format("{}.h5", fused));
        run_model(model);
    }
    REQUIRE(python_agrees(paths[0], fmt::format(R"(
import numpy
names = []
h5py.File(path, 'r').visititems(
    lambda name, item: names.append(name) if isinstance(item, h5py.Dataset) else None)
a, b = h5py.File(path, 'r'), h5py.File('{}', 'r')
assert len(names) > 5
for name in names:
    x, y = a[name][()], b[name][()]
    assert {} if x.dtype.kind == 'f' else x.tolist() == y.tolist(), name
)",
                                                paths[1], same)));
}

namespace {

// Far from infinite numbers, whose pads are no numbers.
bool is_bounded(const State& state) {
    constexpr double largest = 1e30;
    return std::all_of(state.memory().begin(), state.memory().end(),
                       [](double x) { return std::abs(x) < largest; });
}

}  // namespace

TEST_CASE("any program has the same numbers fused, at the end of every phase and seldom flushed",
          "[fuse]") {
    int deferring = 0;
    const auto programs = static_cast<unsigned>(fewer_if_sanitized(3000));
    for (unsigned seed = 0; seed < 2 * programs; ++seed) {
        RandomProgram random(seed);
        const bool iterates = seed >= programs + programs / 3;
        if (seed >= programs && (!iterates || seed % 2 == 0)) random.add_formulas(seed);
        if (iterates) random.repeat(seed);
        const Program& program = random.program;
        State plain_state(program), fused_state(program), lazy_state(program);
        for (State* state : {&plain_state, &fused_state, &lazy_state}) random.start(*state);
        const Plan plain = Plan::compile(program, plain_state), fused = fuse(program, fused_state),
                   lazy = fuse(program, lazy_state);
        deferring += !fused.stale_slots().empty();
        const auto same = [&](const State& state) {
            for (std::size_t i = 0; i < program.slots.size(); ++i) {
                const std::span<const double> a = state.numbers(SlotId(i)),
                                              b = plain_state.numbers(SlotId(i));
                if (std::memcmp(a.data(), b.data(), a.size_bytes()) == 0) continue;
                std::size_t k = 0;
                while (std::memcmp(&a[k], &b[k], 8) == 0) ++k;
                FAIL("seed " << seed << (&state == &lazy_state ? ", seldom flushed, " : ", ")
                             << program.slots[i].name << "[" << k << "]: " << a[k] << " for "
                             << b[k] << "\n"
                             << listing(program));
            }
        };
        for (int step = 1; step <= 6 && is_bounded(plain_state); ++step) {
            for (std::size_t phase = 0; phase < 3; ++phase) {
                for (const Plan* plan : {&plain, &fused, &lazy}) plan->run_phase(phase, step);
                for (int twice = 0; twice < 2; ++twice) fused.flush(phase);
                same(fused_state);
            }
            for (const Plan* plan : {&plain, &fused, &lazy}) plan->run_step_end(step);
            if (step % 3 != 0) continue;
            lazy.flush();
            same(lazy_state);
        }
    }
    REQUIRE(deferring > fewer_if_sanitized(900));
}
