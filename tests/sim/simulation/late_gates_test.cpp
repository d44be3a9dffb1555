// Gates that leak, are late, slow or fail: their mean over a phase, against the equation of a path
// that opens and closes.
#include "circuits/program/gate_streams.hpp"
#include "sim/numbers/random.hpp"
#include "sim/runs/run_model.hpp"
#include "tests/sim/run_file/named_recorder.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/sim/simulation/run_events.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Phases of 6 and 4 ms; the apical dendrite is meant to drive firing in the second.
std::string with_gate(const std::string& keys, const std::string& of_soma = "") {
    return hidden_lines + R"(
population.hidden = { size = 4, alpha = 0.5, dendrites = ["apical"] }
synapses.A = { from = "hidden", to = "hidden.apical", during = "forward", init = { normal = 1.0 } }
gate.perisomatic = { opens = "hidden.soma", during = "forward")" +
           of_soma + " }\ngate.late = { opens = \"hidden.apical\", during = \"update\"" + keys +
           " }\n";
}

double number(const SteppedModel& sim, const std::string& address) {
    return sim.vector(address)[0];
}

Approx to_rounding(double expected) { return Approx(expected).epsilon(0.0).margin(1e-14); }

// g' = (aim - g) / tau, or g = aim at once, by its exact solution.
struct Path {
    double now, aim, tau;

    // The integral of g over the next ms.
    double pass(double ms) {
        const double left = tau > 0.0 ? std::exp(-ms / tau) : 0.0, distance = now - aim;
        now = aim + distance * left;
        return aim * ms + distance * tau * (1.0 - left);
    }
    // The mean over a phase in which it moves after so many ms; not at all where that is its end.
    double phase(double ms, double delay, double to) {
        const double before = pass(std::min(delay, ms));
        if (delay >= ms) return before / ms;
        aim = to;
        if (tau == 0.0) now = to;
        return (before + pass(ms - delay)) / ms;
    }
};

}  // namespace

TEST_CASE("a path that leaks drives firing in each phase with the voltage that there is",
          "[gates]") {
    SteppedModel sim(small_model(with_gate(", closed = 0.1", ", closed = 0.25")));
    Vector rate = sim.vector("hidden.r"), apical = sim.vector("hidden.apical.v");
    for (int step = 1; step <= 4; ++step) {
        sim.step();
        const Vector soma = sim.vector("hidden.soma.v");
        rate = 0.5 * rate + 0.5 * (soma + 0.1 * apical).array().tanh().matrix();
        apical = sim.matrix("A") * rate;
        const Vector update = (0.25 * soma + apical).array().tanh();
        INFO(step);
        CHECK(distance(sim.vector("hidden.r"), rate) < 1e-14);
        CHECK(distance(sim.vector("hidden.apical.r"), update) < 1e-14);
    }
    CHECK(apical.norm() > 0.1);
}

TEST_CASE("a leak adds no edge to the order of a phase", "[gates]") {
    // A carries what the cells fire into the dendrite that leaks into their firing.
    CHECK_NOTHROW(small_model(with_gate(", closed = 1.0")));
}

TEST_CASE("a slow gate counts its mean over the phase", "[gates]") {
    SteppedModel sim(small_model(with_gate(", tau_ms = 5.0")));
    sim.step();
    CHECK(number(sim, "gate.late") == to_rounding(0.311661205146527));
    CHECK(number(sim, "gate.late.now") == to_rounding(0.550671035882778));
}

TEST_CASE("a slow gate that opens a millisecond late counts less", "[gates]") {
    SteppedModel sim(small_model(with_gate(", tau_ms = 5.0, latency_ms = 1.0")));
    sim.step();
    CHECK(number(sim, "gate.late") == to_rounding(0.186014545117533));
}

TEST_CASE("a gate that opens 2 ms late in 4 counts a half", "[gates]") {
    SteppedModel sim(small_model(with_gate(", latency_ms = 2.0")));
    sim.step(3);
    CHECK(number(sim, "gate.late") == 0.5);
    CHECK(number(sim, "gate.late.now") == 1.0);
    const Vector expected = (0.5 * sim.vector("hidden.apical.v")).array().tanh();
    CHECK(distance(sim.vector("hidden.apical.r"), expected) < 1e-15);
}

TEST_CASE("a gate whose latency is as long as the phase does not move in it", "[gates]") {
    for (const std::string latency : {"4.0", "5.0"}) {
        SteppedModel sim(small_model(with_gate(", latency_ms = " + latency)));
        sim.step(3);
        CHECK(number(sim, "gate.late") == 0.0);
        CHECK(number(sim, "gate.late.now") == 0.0);
    }
}

TEST_CASE("a gate that is exact in every way is the one without these keys", "[gates]") {
    const std::string keys = ", closed = 0.0, latency_ms = 0.0, jitter_ms = 0.0, failure = 0.0";
    CHECK(listing(small_model(with_gate(keys)).program) ==
          listing(small_model(with_gate("")).program));
}

TEST_CASE("a gate that closes late drives firing in the phase behind", "[gates]") {
    SteppedModel sim(small_model(with_gate(", latency_ms = 2.0")));
    sim.step();
    const Vector apical = sim.vector("hidden.apical.v"), rate = sim.vector("hidden.r");
    sim.step();  // open in the first 2 of 6 ms
    const Vector drive = sim.vector("hidden.soma.v") + 2.0 / 6.0 * apical;
    const Vector expected = 0.5 * rate + 0.5 * drive.array().tanh().matrix();
    CHECK(distance(sim.vector("hidden.r"), expected) < 1e-14);
}

TEST_CASE("a gate that leaks, is late, slow and fails now and then follows its equation",
          "[gates]") {
    const double tau = GENERATE(0.0, 3.0), closed = GENERATE(0.0, 0.1);
    const std::string keys =
        fmt::format(", latency_ms = 1.5, jitter_ms = 0.8, failure = 0.2, closed = {}", closed) +
        (tau > 0.0 ? fmt::format(", tau_ms = {}", tau) : "");
    SteppedModel sim(small_model(with_gate(keys)));
    const Stream stream(sim.model.seed, "gate/late");
    Path path{closed, closed, tau};
    for (std::uint64_t step = 1; step <= 300; ++step) {
        sim.step();
        double mean = 0.0;
        for (const std::uint64_t phase : {0, 1}) {
            const double ms = phase == 0 ? 6.0 : 4.0;
            double delay = std::max(0.0, 1.5 + 0.8 * stream.normal(step, phase));
            delay = std::round(delay * 1e6) / 1e6;
            if (stream.uniform(step, 2 + phase) < 0.2) delay = ms;
            mean = path.phase(ms, delay, phase == 1 ? 1.0 : closed);
        }
        INFO(step);
        REQUIRE(number(sim, "gate.late") == Approx(mean).epsilon(0.0).margin(1e-12));
        REQUIRE(number(sim, "gate.late.now") == Approx(path.now).epsilon(0.0).margin(1e-12));
    }
}

TEST_CASE("a gate fails as often as it should", "[gates]") {
    constexpr double failure = 0.05;
    SteppedModel sim(small_model(with_gate(", closed = 0.0, failure = 0.05")));
    const Stream stream(sim.model.seed, stream_of_gate(sim.model.circuit.gates[1]));
    double moves = 0.0, failures = 0.0;
    bool was_open = false;
    for (std::uint64_t step = 1; step <= 20'000; ++step) {
        sim.step();
        // It failed to open when it was shut all the while: it had been shut before, or it closed.
        const bool closes = was_open && stream.uniform(step, 2) >= failure;
        const bool is_open = number(sim, "gate.late") == 1.0;
        if (closes || !was_open) {
            ++moves;
            failures += is_open ? 0.0 : 1.0;
        }
        was_open = is_open;
    }
    const double error = std::sqrt(moves * failure * (1.0 - failure));
    CHECK(moves > 15'000.0);
    CHECK(std::abs(failures - failure * moves) < 4.0 * error);
}

TEST_CASE("a late gate makes events of its own at their own times", "[gates][events]") {
    const TemporaryFolder folder;
    Model model = small_model(with_gate(", latency_ms = 1.5"));
    NamedRecorder recorder(model.program, {watched("all", {"events"}, 1, 1, 2)}, two_phases(),
                           folder / "run.h5", Replacing::no);
    SteppedModel sim(std::move(model), &recorder);
    sim.step(2);
    recorder.close(2, 0.0);
    REQUIRE(events_of(folder / "run.h5") ==
            std::vector<std::string>{
                "0 input", "0 phase begin forward", "0 gate opens perisomatic",
                "6 phase end forward", "6 phase begin update", "6 gate closes perisomatic",
                "7 gate opens late", "10 phase end update", "10 step end", "10 input",
                "10 phase begin forward", "10 gate opens perisomatic", "11 gate closes late",
                "16 phase end forward", "16 phase begin update", "16 gate closes perisomatic",
                "17 gate opens late", "20 phase end update", "20 step end"});
}

TEST_CASE("a gate that fails to move makes no event", "[gates][events]") {
    const TemporaryFolder folder;
    Model model = small_model(with_gate(", failure = 1.0"));
    NamedRecorder recorder(model.program, {watched("all", {"events"}, 1, 1, 20)}, two_phases(),
                           folder / "run.h5", Replacing::no);
    SteppedModel sim(std::move(model), &recorder);
    sim.step(20);
    recorder.close(20, 0.0);
    for (const std::string& event : events_of(folder / "run.h5"))
        CHECK(event.find("late") == std::string::npos);
}

TEST_CASE("another population or a recorder shifts no gate's draws", "[gates]") {
    const std::string keys = with_gate(", latency_ms = 1.5, jitter_ms = 0.8, failure = 0.2");
    SteppedModel sim(small_model(keys));
    SteppedModel other(small_model(keys + R"(
population.ghost = { size = 3, dendrites = ["apical"] }
gate.first = { opens = "ghost.apical", during = "update", jitter_ms = 1.0 }
synapses.G = { from = "input", to = "ghost.apical", during = "forward", init = { normal = 1.0 } }
synapses.S = { from = "input", to = "ghost.soma", during = "forward", init = { normal = 1.0 } }
)"));
    for (int step = 1; step <= 50; ++step) {
        sim.step();
        other.step();
        REQUIRE(number(sim, "gate.late") == number(other, "gate.late"));
    }
}

TEST_CASE("runs with late, slow and leaking gates go on as if they had never stopped",
          "[gates][checkpoint]") {
    const TemporaryFolder folder;
    const std::string whole = folder / "whole.h5", killed = folder / "killed.h5";
    Model model = saved_model(path_of_shipped("dni_b"), whole,
                              {"gate.disinhibition.closed=0.1", "gate.disinhibition.latency_ms=1.0",
                               "gate.disinhibition.jitter_ms=0.5", "gate.disinhibition.failure=0.1",
                               "gate.disinhibition.tau_ms=2.0", "gate.perisomatic.failure=0.1",
                               "diagnose={ gates = true }"});
    run_model(model);
    for (const std::int64_t step : {13, 39}) {
        for (const int threads : {1, 2}) {
            leave_killed(whole, step, killed);
            resumed(killed, threads);
            INFO(step << " with " << threads << " threads");
            CHECK(content_of(killed) == content_of(whole));
        }
    }
}

TEST_CASE("a diagnosis measures how far gates are from what they are meant to be",
          "[gates][diagnose]") {
    const TemporaryFolder folder;
    Model model = small_model(with_gate(", latency_ms = 1.0, closed = 0.1"),
                              {"diagnose={ gates = true }", "run.steps=3"});
    model.output = folder / "run.h5";
    const RunSummary summary = run_model(model);
    // 0.9 of 1 ms at the beginning of each phase but the first, and 0.1 of what is left of 6 ms.
    const double first = (0.1 * 6.0 + 0.9 * 1.0) / 10.0;
    const double later = (1.0 * 1.0 + 0.1 * 5.0 + 0.9 * 1.0) / 10.0;
    REQUIRE(summary.diagnosis.gates.size() == 2);
    CHECK(summary.diagnosis.gates[0].distance == 0.0);
    CHECK(summary.diagnosis.gates[1].distance == to_rounding((first + 2.0 * later) / 3.0));
}
