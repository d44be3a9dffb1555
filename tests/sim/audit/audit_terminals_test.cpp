// Rules that keep traces of what synapses release: at the terminals while nobody else reads them.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

// Synapses from a relay that depress and facilitate, and learn with traces of what they release.
std::string traced(const std::string& delay) {
    return R"(
population.relay = { size = 5, activation = "logistic" }
synapses.to_relay = { from = "input", to = "relay.soma", during = "forward", init = { normal = 0.5 } }
synapses.P = { from = "relay", to = "hidden.feedback", during = "forward", )" +
           delay +
           R"(short_term = { U = 0.2, tau_facilitate_ms = 50.0, tau_depress_ms = 200.0 }, init = { normal = 0.3 } }
synapses.Q = { from = "relay", to = "hidden.apical", during = "forward", )" +
           delay + R"(init = { normal = 0.3 } }
rule.traced = { state = { f = "pre", g = "pre" }, parameters = { rate = 0.01 }, equations = ["f = 0.8 * f + 0.2 * pre.r", "g = 0.5 * g + 0.5 * f", "w += rate * tanh(post.r) * (f - g) + rate * tanh(post.r) * pre.r - rate * w"] }
plasticity.traced = { rule = "traced", synapses = ["P"] }
)";
}

const std::string delays[] = {"", "delay = 1, ", "delay = 3, "};

}  // namespace

TEST_CASE("synapses that learn with traces of what they release pass, however long the axons are",
          "[audit][terminals][innocent]") {
    for (const std::string& delay : delays) {
        INFO(delay);
        Draft(traced(delay)).is_innocent();
    }
}

TEST_CASE("spikes that depress synapses and change them by their timing pass",
          "[audit][terminals][innocent]") {
    for (const std::string& delay : delays) {
        INFO(delay);
        Draft(
            R"(
population.far = { size = 5, spikes = { threshold = 0.5 } }
population.near = { size = 4, spikes = { threshold = 0.5 } }
synapses.to_far = { from = "input", to = "far.soma", during = "forward", init = { normal = 0.5 } }
synapses.P = { from = "far", to = "near.soma", during = "forward", )" +
            delay +
            R"(short_term = { U = 0.2, tau_depress_ms = 200.0 }, bounds = [0.0, 1.0], init = { constant = 0.3 } }
plasticity.timing = { rule = "stdp", synapses = ["P"], rate = 0.01 }
)")
            .is_innocent();
    }
}

TEST_CASE("another set that learns with a trace of what one set releases is found",
          "[audit][terminals][cheat]") {
    for (const std::string& delay : delays) {
        INFO(delay);
        Draft d(traced(delay));
        d.hebb(d.w("Q"), d.v("hidden.feedback"), d.so_far().find("traced.g(P)"), 1.0, 0.01);
        d.is_read(Criterion::rates_transmitted, "P.arriving", [](Program&) {});
    }
}

TEST_CASE("a trace of what terminals release that is gathered over cells is found",
          "[audit][terminals][cheat]") {
    for (const std::string& delay : delays) {
        INFO(delay);
        Draft d(traced(delay));
        const SlotId trace = d.so_far().find("traced.f(P)");
        const SlotId all = d.inner(trace, trace, "made_up.all");
        d.consolidate(d.w("J"), all, d.tag(d.set("J"), "made_up"), 0.01);
        d.is_read(Criterion::rates_transmitted, "P.arriving", [](Program&) {});
    }
}

TEST_CASE("a trace at terminals that takes up a number of the cell is found",
          "[audit][terminals][cheat]") {
    for (const std::string& delay : delays) {
        INFO(delay);
        Draft d(traced(delay));
        const SlotId trace = d.so_far().find("traced.f(P)");
        d.set_sum(trace, 1.0, trace, 0.1, d.v("relay.soma"));
        d.is_read(Criterion::rates_transmitted, "P.arriving", [](Program&) {});
    }
}
