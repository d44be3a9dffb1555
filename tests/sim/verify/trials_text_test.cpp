// Rules in text whose changes wait for the end of a trial or go through an optimiser, against their
// text and keys written out.
#include "sim/verify/verify.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

const std::string late_rule = hidden_lines + R"(
population.hidden = { size = 5, activation = "tanh", alpha = 0.5, init = { activated_normal = 1.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, connect = { self = false }, init = { normal = 0.5 } }
plasticity.recurrent.rule = "traced"
plasticity.recurrent.synapses = ["W_rec", "W_in"]
plasticity.recurrent.rate = 0.01
trial = { steps = 7, reset = "zero", window.cue = { from = 2, to = 5 } }
batch.trials = 2
)";
// What has been of late, of the presynaptic cell and of the postsynaptic one.
const std::string of_late = R"toml(
rule.traced = { parameters = { rate = {} }, state = { e = "synapse", f = "pre" }, equations = ["f = 0.5 * f + pre.r", "e = 0.8 * e + post.r * f * previous(post.r)", "w += rate * e"] }
)toml";

Model late(const std::string& keys) { return small_model(late_rule + of_late + keys); }

}  // namespace

TEST_CASE("changes that wait, are averaged or optimised are what text and keys say",
          "[verify][trials][optimisers]") {
    const std::string keys = GENERATE(
        "apply = 'trial'", "apply = 'batch'; average = true",
        "apply = 'trial'; average = true; schedule = { half_every = 3, to = 0.1, over = 8 }",
        "optimiser = { kind = 'momentum', keep = 0.7 }",
        "apply = 'trial'; optimiser = { kind = 'rmsprop', decay = 0.01 }",
        "apply = 'trial'; optimiser = { kind = 'adam' }; schedule = { warmup = 4, falls = [3] }",
        "apply = 'batch'; optimiser = { kind = 'adam', epsilon_corrected = false }",
        "apply = 'trial'; optimiser = { kind = 'none', largest_change = 0.004 }",
        "optimiser = { largest_norm = 0.5 }",
        "apply = 'batch'; average = true; optimiser = { kind = 'adam', largest_norm = 0.05 }",
        "apply = 'trial'; schedule = { to = 0.1, over = 8, shape = 'cosine' }", "in = 'cue'",
        "in = 'cue'; apply = 'trial'; average = true");
    INFO(keys);
    std::string lines = "plasticity.recurrent." + keys + "\n";
    for (std::size_t at = 0; (at = lines.find("; ", at)) != std::string::npos;)
        lines.replace(at, 2, "\nplasticity.recurrent.");
    const Model model = late(lines);
    const Verification found = verify(model, 70, 1e-12);
    CHECK(found.hold());
    const std::vector<Difference>& all = found.texts->all;
    CHECK(std::any_of(all.begin(), all.end(),
                      [](const Difference& one) { return one.symbol == "recurrent.change of w"; }));
}

TEST_CASE("an optimiser that forgets otherwise than its keys say is told from its text",
          "[verify][trials][optimisers]") {
    const auto holds_with = [](const auto& change) {
        Model model = late(
            "plasticity.recurrent.apply = \"trial\"\nplasticity.recurrent.average = true\n"
            "plasticity.recurrent.optimiser = { kind = \"adam\" }\n");
        change(model.rules.front().application);
        return verify(model, 70, 1e-12).hold();
    };
    CHECK(holds_with([](Application&) {}));
    CHECK(!holds_with([](Application& how) { how.optimiser.beta_1 = 0.8; }));
    CHECK(!holds_with([](Application& how) { how.optimiser.beta_2 = 0.99; }));
    CHECK(!holds_with([](Application& how) { how.optimiser.epsilon = 1e-4; }));
    CHECK(!holds_with([](Application& how) { how.optimiser.decay = 0.1; }));
    CHECK(!holds_with([](Application& how) { how.optimiser.largest_change = 1e-3; }));
    CHECK(!holds_with([](Application& how) { how.optimiser.largest_norm = 1e-3; }));
    CHECK(!holds_with([](Application& how) { how.rate = 0.02; }));
    CHECK(!holds_with([](Application& how) { how.average = false; }));
}

TEST_CASE("verify of trials refuses axons of several steps", "[verify][trials]") {
    Model model = late("");
    for (SynapseUse& use : model.circuit.uses) use.delay = use.delay == 1 ? 2 : use.delay;
    CHECK_THROWS_WITH(verify(model, 70, 1e-12), Catch::Contains("axons of several steps"));
}
