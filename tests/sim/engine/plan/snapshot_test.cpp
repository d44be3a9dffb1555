// Copies of a state in the middle of a run, with changes deferred: all that a plan goes on from is
// in the state, and nothing in the plan.
#include <cstdint>
#include <cstring>
#include <type_traits>

#include "sim/engine/plan/fuse.hpp"
#include "tests/sim/engine/plan/driven_model.hpp"
#include "tests/sim/engine/plan/random_program.hpp"
#include "tests/sim/model/drafted_model.hpp"
#include "tests/this_build.hpp"

using namespace apical;

namespace {

// All slots as they lie, stale ones too.
void require_same_bytes(const State& a, const State& b) {
    REQUIRE(a.bytes() == b.bytes());
    REQUIRE(std::memcmp(a.memory().data(), b.memory().data(), a.bytes()) == 0);
}

// Runs 5 steps and some phases of the next one. The state is then copied into that of another run,
// which has had the same inputs and has made no step. Both go on. Returns whether the copy was made
// with a change deferred.
bool goes_on_from_copy(const std::string& path, const std::vector<std::string>& overrides,
                       std::size_t phases) {
    Driven copied(path, overrides, all_plan_passes()), other(path, overrides, all_plan_passes());
    for (int step = 1; step <= 5; ++step) {
        copied.step();
        other.begin_step();
    }
    copied.begin_step();
    other.begin_step();
    for (std::size_t phase = 0; phase < phases; ++phase) copied.run_phase(phase);
    const bool deferred = copied.state.has_deferred();
    other.state.restore(copied.state.snapshot());
    for (Driven* run : {&copied, &other}) {
        for (std::size_t phase = phases; phase < run->phases(); ++phase) run->run_phase(phase);
        run->end_step();
    }
    require_same_bytes(copied.state, other.state);
    for (int step = 1; step <= 3; ++step) {
        copied.step();
        other.step();
        require_same_bytes(copied.state, other.state);
    }
    REQUIRE(copied.state.has_deferred() == other.state.has_deferred());
    for (const Driven* run : {&copied, &other}) {
        run->plan.flush();
        REQUIRE_FALSE(run->state.has_deferred());
    }
    require_same_bytes(copied.state, other.state);
    return deferred;
}

// A run of a random program, from its own first numbers.
class RandomRun {
public:
    RandomRun(const RandomProgram& random, unsigned seed)
        : state(random.program), plan(fuse(random.program, state)) {
        random.start(state, seed);
    }

    void run_phase(std::size_t phase, std::int64_t step) const {
        plan.run_phase(phase, step);
        if (phase == 2) plan.run_step_end(step);
    }

    State state;
    const Plan plan;
};

}  // namespace

TEST_CASE("a state that is copied with changes deferred goes on as the one it was copied from",
          "[snapshot]") {
    for (const std::string& path : shipped_models()) {
        const std::vector<std::string> overrides = {"population.hidden.size=13"};
        const std::size_t all = load_model(path, overrides).circuit.phases.size();
        for (std::size_t phases = 0; phases <= all; ++phases) {
            INFO(path << ", " << phases << " phases");
            goes_on_from_copy(path, overrides, phases);
        }
    }
}

TEST_CASE("a state that is copied in the middle of a step in blocks goes on, too", "[snapshot]") {
    for (const std::string name : {"rflo", "dni_b", "uoro"}) {
        for (const std::size_t phases : {0, 1, 2}) {
            INFO(name << ", " << phases << " phases");
            const bool deferred = goes_on_from_copy(
                path_of_shipped(name),
                {"population.hidden.size=300", "synapses.W_rec.init={ normal = \"1/sqrt(pre)\" }"},
                phases);
            if (phases == 0) REQUIRE(deferred);
        }
    }
}

TEST_CASE("one plan performs two runs in turn, each by its snapshot of the state", "[snapshot]") {
    int deferring = 0;
    const auto programs = static_cast<unsigned>(fewer_if_sanitized(800));
    for (unsigned seed = 0; seed < programs; ++seed) {
        INFO("seed " << seed);
        const RandomProgram random(seed);
        const RandomRun alone[] = {{random, 7}, {random, 8}};
        RandomRun in_turn(random, 7);
        std::vector<StateSnapshot> snapshots = {in_turn.state.snapshot()};
        random.start(in_turn.state, 8);
        snapshots.push_back(in_turn.state.snapshot());
        for (int step = 1; step <= 4; ++step) {
            for (std::size_t phase = 0; phase < 3; ++phase) {
                for (std::size_t k = 0; k < 2; ++k) {
                    in_turn.state.restore(snapshots[k]);
                    alone[k].run_phase(phase, step);
                    in_turn.run_phase(phase, step);
                    require_same_bytes(in_turn.state, alone[k].state);
                    snapshots[k] = in_turn.state.snapshot();
                    deferring += in_turn.state.has_deferred();
                }
            }
        }
        for (std::size_t k = 0; k < 2; ++k) {
            in_turn.state.restore(snapshots[k]);
            in_turn.plan.flush();
            alone[k].plan.flush();
            require_same_bytes(in_turn.state, alone[k].state);
        }
    }
    REQUIRE(deferring > fewer_if_sanitized(100));
}

TEST_CASE("changes that are discarded are not made", "[snapshot]") {
    Driven run(path_of_shipped("dni_b"), {"population.hidden.size=13"}, all_plan_passes());
    run.step();
    run.step();
    REQUIRE(run.state.has_deferred());
    const StateSnapshot before = run.state.snapshot();
    run.state.discard_deferred();
    REQUIRE_FALSE(run.state.has_deferred());
    run.plan.flush();
    const auto discarded = run.state.memory();
    REQUIRE(std::memcmp(discarded.data(), before.numbers.data(), discarded.size_bytes()) == 0);
    run.state.restore(before);
    REQUIRE(run.state.has_deferred());
    run.plan.flush();
    const auto made = run.state.memory();
    REQUIRE(std::memcmp(made.data(), before.numbers.data(), made.size_bytes()) != 0);
}

TEST_CASE("a step cannot change the plan that it is of", "[snapshot]") {
    STATIC_REQUIRE(std::is_const_v<std::remove_pointer_t<decltype(Step::pass)>>);
    STATIC_REQUIRE(std::is_const_v<std::remove_pointer_t<decltype(Step::blocks)>>);
    STATIC_REQUIRE(std::is_const_v<std::remove_pointer_t<decltype(Pass::matrices)>>);
    STATIC_REQUIRE(std::is_const_v<std::remove_pointer_t<decltype(Pass::snapshots)>>);
}
