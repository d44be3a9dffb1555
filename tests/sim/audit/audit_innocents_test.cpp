// Programs that neural circuits can carry out, and that look a little like ones they cannot: none
// may be accused, by its operations or by what its compiled plan does.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

// A circuit of its own, with its own rules.
void is_innocent(const std::string& lines, const std::vector<std::string>& overrides = {}) {
    Draft(model_of_text(audited_lines + lines, overrides)).is_innocent();
}

}  // namespace

TEST_CASE("cells that adapt, hold their rate and learn from it pass", "[audit][innocent]") {
    is_innocent(R"(
population.hidden = { size = 5, alpha = 0.5 }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
dynamics.adaptation = { cells = "hidden", parameters = { g = 0.3, tau_ms = 200.0 }, state = { a = "cell" }, equations = ["da/dt = (r - a) / tau_ms", "soma.v += -g * a"] }
dynamics.hold = { cells = "hidden", when = "after firing", state = { held = "cell" }, equations = "held = r" }
rule.of_held = { signals = { held = "post" }, parameters = { rate = 0.01 }, equations = "w += rate * held * pre.r" }
plasticity.learning = { rule = "of_held", synapses = ["W_in"], held = "hidden.held" }
)");
}

TEST_CASE("what stays as it is is no copy of anything", "[audit][innocent]") {
    for (const char* equations : {"['tag = (1 - leak) * tag', 'w += 0.01 * pre.r * tag']",
                                  "['dtag/dt = -leak_per_ms * tag', 'w += 0.01 * pre.r * tag']",
                                  "['tag = tag + pre.r * 0', 'w = (1 - leak) * w']"}) {
        INFO(equations);
        const bool per_ms = std::string(equations).find("leak_per_ms") != std::string::npos;
        const Model model =
            model_of_text(honest_lines +
                          "synapses.V = { from = 'input', to = 'hidden.soma', during = 'forward', "
                          "init = { normal = 0.5 } }\nrule.stays = { state = { tag = 'synapse' }, "
                          "parameters = { " +
                          (per_ms ? "leak_per_ms" : "leak") + " = 0.0 }, equations = " + equations +
                          " }\nplasticity.staying = { rule = 'stays', synapses = ['V'] }\n");
        const Audit verdict = audit(model);
        for (const Finding& one : verdict.findings) {
            INFO(one.subject << ": " << one.because);
            CHECK(one.criterion != Criterion::frozen_copy);
        }
    }
}

TEST_CASE("plain Hebb with decay passes", "[audit][innocent]") {
    Draft d;
    d.hebb(d.w("A"), d.v("hidden.apical"), d.r("hidden"), 0.99, 0.01);
    d.is_innocent();
}

TEST_CASE("retaining all but a thousandth passes", "[audit][innocent]") {
    Draft d;
    d.hebb(d.w("W_rec"), d.r("hidden"), d.previous(d.r("hidden")), 0.999, 0.001);
    d.is_innocent();
}

TEST_CASE("a three-factor rule with a constant modulator passes", "[audit][innocent]") {
    Draft d;
    const SlotId tag = d.tag(d.set("A"), "trace");
    d.hebb(tag, d.v("hidden.apical"), d.r("hidden"), 0.8, 0.2);
    d.consolidate(d.w("A"), d.constant(0.5, "made_up.dopamine"), tag, 0.01);
    d.is_innocent();
}

TEST_CASE("decay and gain by constant modulators below one pass", "[audit][innocent]") {
    Draft d;
    const SlotId keep = d.constant(0.99, "made_up.keep"), scale = d.constant(0.1, "made_up.scale");
    d.hebb_kept(d.w("A"), d.v("hidden.apical"), d.r("hidden"), keep, scale, 0.1);
    d.is_innocent();
}

TEST_CASE("a modulator gathered from rates passes", "[audit][innocent]") {
    Draft d;
    const SlotId surprise = d.inner(d.r("error"), d.r("error"), "made_up.surprise");
    d.consolidate(d.w("W_rec"), surprise, d.tag(d.set("W_rec"), "eligibility"), 0.001);
    d.is_innocent();
}

TEST_CASE("rates that are noisy in their own cells and learn from it pass", "[audit][innocent]") {
    Draft d;
    const SlotId nu =
        d.noise(d.cells("hidden"), "made_up.nu", {.function = Function::normal, .deviation = 0.1});
    d.at_step_end();
    d.set_sum(d.r("hidden"), 1.0, d.r("hidden"), 1.0, nu);
    d.during("update");
    const SlotId tag = d.tag(d.set("W_rec"), "tried");
    d.hebb(tag, nu, d.previous(d.r("hidden")), 0.9, 0.1);
    const SlotId loss = d.inner(d.r("error"), d.r("error"), "made_up.loss");
    d.consolidate(d.w("W_rec"), loss, tag, -0.01);
    d.is_innocent();
}

TEST_CASE("noise of their own in two populations passes", "[audit][innocent]") {
    Draft d(second_population);
    for (const std::string cells : {"hidden", "ghost"}) {
        const SlotId nu = d.noise(d.cells(cells), "made_up.nu_" + cells, {.deviation = 0.1});
        d.set_sum(d.r(cells), 1.0, d.r(cells), 1.0, nu);
    }
    d.is_innocent();
}

TEST_CASE("a second population with its own strengths that learns by itself passes",
          "[audit][innocent]") {
    Draft d(second_population);
    d.hebb(d.w("G_rec"), d.v("ghost.soma"), d.previous(d.r("ghost")), 0.99, 0.01);
    d.hebb(d.w("G_in"), d.v("ghost.soma"), d.r("input"), 0.99, 0.01);
    d.transmit_one_to_one(d.r("ghost"), d.compartment("hidden.feedback"), 1.0);
    d.is_innocent();
}

TEST_CASE("a leaky trace of a voltage inside its cell passes", "[audit][innocent]") {
    Draft d;
    const SlotId trace = d.state(d.cells("hidden"), "made_up.trace");
    d.set_sum(trace, 0.9, trace, 0.1, d.v("hidden.soma"));
    d.hebb(d.w("A"), trace, d.r("hidden"), 0.99, 0.01);
    d.is_innocent();
}

TEST_CASE("a trace of a trace passes", "[audit][innocent]") {
    Draft d;
    const SlotId fast = d.state(d.cells("hidden"), "made_up.fast"),
                 slow = d.state(d.cells("hidden"), "made_up.slow");
    d.set_sum(fast, 0.5, fast, 0.5, d.v("hidden.soma"));
    d.set_sum(slow, 0.9, slow, 0.1, fast);
    d.hebb(d.w("A"), d.difference(fast, slow, "made_up.change"), d.r("hidden"), 1.0, 0.01);
    d.is_innocent();
}

TEST_CASE("slow compartments pass", "[audit][innocent]") {
    Draft d("", {"population.hidden.tau_ms={ soma = 5.0, feedback = 20.0 }"});
    d.hebb(d.w("A"), d.v("hidden.feedback"), d.r("hidden"), 0.99, 0.01);
    d.is_innocent();
}

TEST_CASE("a tag that is made anew each step and never transmits passes", "[audit][innocent]") {
    Draft d;
    const SlotId tag = d.tag(d.set("A"), "gradient");
    d.hebb(tag, d.v("hidden.soma"), d.r("hidden"), 0.0, 1.0);
    d.consolidate(d.w("A"), d.v("hidden.feedback"), tag, -0.01);
    d.is_innocent();
}

TEST_CASE("strengths that start as a copy of another set's and are used elsewhere pass",
          "[audit][innocent]") {
    Draft("", {"synapses.J.init={ copy = \"W_rec\" }"}).is_innocent();
}

TEST_CASE("weight decay by a set's own strength passes", "[audit][innocent]") {
    Draft d;
    d.consolidate(d.w("W_rec"), {}, d.w("W_rec"), -0.001);
    d.is_innocent();
}

TEST_CASE("Oja's rule passes", "[audit][innocent]") {
    Draft d;  // A <- (1 - 0.1 r^2) A + 0.1 r r
    const SlotId square = d.product(d.r("hidden"), d.r("hidden"), "made_up.square", 0.1);
    const SlotId keep = d.complement(square, true, "made_up.keep");
    d.hebb_kept(d.w("A"), d.r("hidden"), d.r("hidden"), keep, {}, 0.1);
    d.is_innocent();
}

TEST_CASE("a threshold that slides with a cell's own rate passes", "[audit][innocent]") {
    Draft d;  // Bienenstock, Cooper & Munro (1982)
    const SlotId threshold = d.state(d.cells("hidden"), "made_up.threshold");
    const SlotId square = d.product(d.r("hidden"), d.r("hidden"), "made_up.square");
    d.set_sum(threshold, 0.99, threshold, 0.01, square);
    const SlotId above = d.difference(d.r("hidden"), threshold, "made_up.above");
    d.hebb(d.w("A"), d.product(d.r("hidden"), above, "made_up.post"), d.r("hidden"), 1.0, 0.01);
    d.is_innocent();
}

TEST_CASE("potentiation and depression of two outer products pass on two outputs",
          "[audit][innocent]") {
    Draft d;
    const SlotId before = d.state(d.cells("hidden"), "made_up.before"),
                 after = d.state(d.cells("output"), "made_up.after");
    d.set_sum(before, 0.9, before, 0.1, d.r("hidden"));
    d.set_sum(after, 0.9, after, 0.1, d.r("output"));
    d.hebb(d.w("W_out"), d.r("output"), before, 1.0, 0.01);
    d.hebb(d.w("W_out"), after, d.r("hidden"), 1.0, -0.01);
    d.is_innocent();
}

TEST_CASE("two rules that teach a bias pass", "[audit][innocent]") {
    Draft d;
    d.hebb(d.w("b"), d.v("hidden.feedback"), d.r("one"), 1.0, -0.01);
    d.hebb(d.w("b"), d.r("hidden"), d.r("one"), 1.0, -0.001);
    d.is_innocent();
}

TEST_CASE("momentum kept in a tag passes", "[audit][innocent]") {
    Draft d;
    const SlotId momentum = d.tag(d.set("A"), "momentum");
    d.hebb(momentum, d.v("hidden.feedback"), d.r("hidden"), 0.9, 0.1);
    d.consolidate(d.w("A"), {}, momentum, -0.01);
    d.is_innocent();
}

TEST_CASE("a rate handed on from cells to cells is no memory of one cell", "[audit][innocent]") {
    Draft d(R"(
population.first = { size = 5 }
population.second = { size = 5, dendrites = ["apical"] }
synapses.C1 = { from = "input", to = "first.soma", during = "forward", delay = 1, init = { identity = 1.0 } }
synapses.C2 = { from = "first", to = "second.soma", during = "forward", delay = 1, init = { identity = 1.0 } }
synapses.C3 = { from = "second", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.C_fb = { from = "error", to = "second.apical", during = "update", init = { normal = 0.5 } }
plasticity.chain = { rule = "dendritic", synapses = ["C2"], credit = "second.apical", rate = 0.01 }
)");
    d.hebb(d.w("C3"), d.v("hidden.feedback"), d.previous(d.r("second")), 1.0, -0.01);
    d.is_innocent();
}

TEST_CASE("a quotient of constants below one passes", "[audit][innocent]") {
    Draft d;
    const SlotId one = d.constant(1.0, "made_up.one"), two = d.constant(2.0, "made_up.two");
    const SlotId half = d.quotient(one, two, "made_up.half");
    d.hebb_kept(d.w("A"), d.v("hidden.apical"), d.r("hidden"), half, half, 0.1);
    d.is_innocent();
}

TEST_CASE("a voltage that spreads to another compartment of its own cells passes",
          "[audit][innocent]") {
    Draft d;
    d.transmit_one_to_one(d.v("hidden.forecast"), d.compartment("hidden.feedback"), 0.1);
    d.transmit_one_to_one(d.previous(d.v("hidden.feedback")), d.compartment("hidden.feedback"),
                          0.5);
    d.is_innocent();
}

TEST_CASE("a dendrite that predicts its soma passes", "[audit][innocent]") {
    Draft d;  // Urbanczik & Senn (2014), without a time constant
    const SlotId error = d.difference(d.v("hidden.soma"), d.v("hidden.apical"), "made_up.error");
    const SlotId slope = d.slope(d.compartment("hidden.soma"));
    d.hebb(d.w("A"), d.product(error, slope, "made_up.post"), d.r("hidden"), 1.0, 0.01);
    d.is_innocent();
}

TEST_CASE("models whose circuits the paper lets pass pass", "[audit][innocent]") {
    for (const char* name : {"rflo", "fixed_w", "dni_b"}) {
        INFO(name);
        Draft(load_model(path_of_shipped(name), {"population.hidden.size=5"})).is_innocent();
    }
}

TEST_CASE("strengths that change every ten steps by what their traces gathered pass",
          "[audit][innocent]") {
    Draft d;
    const SlotId tag = d.tag(d.set("A"), "trace");
    d.hebb(tag, d.v("hidden.feedback"), d.r("hidden"), 0.9, 0.1);
    d.every(10);
    d.consolidate(d.w("A"), {}, tag, -0.01);
    d.is_innocent();
}

TEST_CASE("many rules that teach one set of many cells pass", "[audit][innocent]") {
    Draft d("", {"population.hidden.size=32", "synapses.A.init={ normal = 0.1 }"});
    const SlotId A = d.w("A"), r = d.r("hidden"), u = d.v("hidden.apical");
    const SlotId before = d.state(d.cells("hidden"), "made_up.before");
    d.set_sum(before, 0.9, before, 0.1, r);
    d.hebb(A, r, before, 1.0, 0.01);                   // potentiation
    d.hebb(A, before, r, 1.0, -0.01);                  // depression
    d.hebb(A, d.v("hidden.feedback"), r, 1.0, -0.01);  // what the error says
    d.hebb(A, u, r, 1.0, -0.001);                      // what keeps the voltage small
    d.hebb(A, r, d.previous(r), 1.0, 0.001);           // sequences
    const SlotId tag = d.tag(d.set("A"), "trace");
    d.hebb(tag, u, before, 0.9, 0.1);
    const SlotId surprise = d.inner(d.r("error"), d.r("error"), "made_up.surprise");
    d.consolidate(A, surprise, tag, -0.001);  // surprise
    d.consolidate(A, {}, A, -0.001);          // decay
    d.is_innocent();
}

TEST_CASE("a rate between zero and one that says what a tag keeps passes", "[audit][innocent]") {
    Draft d("", {"population.hidden.activation=\"logistic\""});
    const SlotId tag = d.tag(d.set("A"), "seen");
    d.hebb_kept(tag, d.v("hidden.apical"), d.r("hidden"), d.fired("hidden"), {}, 0.1);
    d.consolidate(d.w("A"), {}, tag, 0.001);
    d.is_innocent();
}

TEST_CASE("noise of two kinds in one cell passes", "[audit][innocent]") {
    Draft d;
    const SlotId nu = d.noise(d.cells("hidden"), "made_up.nu", {.deviation = 0.1}),
                 mu = d.noise(d.cells("hidden"), "made_up.mu", {.deviation = 0.1});
    d.set_sum(d.r("hidden"), 1.0, d.r("hidden"), 0.5, nu);
    d.set_sum(d.r("hidden"), 1.0, d.r("hidden"), -1.0, mu);
    d.is_innocent();
}

TEST_CASE("lateral inhibition that learns against its cells passes", "[audit][innocent]") {
    Draft d;
    d.hebb(d.w("W_rec"), d.r("hidden"), d.previous(d.r("hidden")), 0.999, -0.01);
    d.is_innocent();
}

TEST_CASE("a set used in a second phase between its own cells passes", "[audit][innocent]") {
    Draft d;
    d.transmit(d.use_of("A", "hidden", "hidden.feedback"));
    d.is_innocent();
}

TEST_CASE("an error sent back through the output's own synapses passes", "[audit][innocent]") {
    Draft("", {"synapses.W_out.back={ from = \"error\", to = \"hidden.feedback\", during = "
               "\"update\" }"})
        .is_innocent();
}

TEST_CASE("feedback alignment in two layers passes", "[audit][innocent]") {
    is_innocent(R"(
population.lower = { size = 5, dendrites = ["feedback"] }
population.hidden = { size = 5, dendrites = ["feedback"] }
synapses.U = { from = "input", to = "lower.soma", during = "forward", init = { normal = 0.5 } }
synapses.V = { from = "lower", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
synapses.B_low = { from = "error", to = "lower.feedback", during = "update", init = { normal = 0.5 } }
synapses.B_hid = { from = "error", to = "hidden.feedback", during = "update", init = { normal = 0.5 } }
plasticity.lower = { rule = "dendritic", synapses = ["U"], credit = "lower.feedback", rate = 0.01 }
plasticity.upper = { rule = "dendritic", synapses = ["V"], credit = "hidden.feedback", rate = 0.01 }
)");
}

TEST_CASE("three phases with two gates pass", "[audit][innocent]") {
    Draft(
        "synapses.T = { from = \"hidden\", to = \"hidden.feedback\", during = \"sleep\", init = "
        "{ normal = 0.5 } }\n",
        {"phase=[{ name = \"forward\", ms = 6.0 }, { name = \"update\", ms = 4.0 }, { name = "
         "\"sleep\", ms = 2.0 }]",
         "gate.disinhibition.during=[\"update\", \"sleep\"]"})
        .is_innocent();
}

TEST_CASE("predictive coding with error cells and synapses of their own passes",
          "[audit][innocent]") {
    // Error cells fire the input less its prediction; the causes integrate what these send.
    is_innocent(R"(
population.surprise = { size = 5, activation = "linear", dendrites = ["prediction"] }
population.hidden = { size = 5, alpha = 0.5 }
gate.always = { opens = "surprise.soma", during = "forward" }
synapses.D = { from = "hidden", to = "surprise.soma", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.I = { from = "input", to = "surprise.soma", during = "forward", init = { identity = 1.0 } }
synapses.P = { from = "hidden", to = "surprise.prediction", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.E = { from = "surprise", to = "hidden.soma", during = "forward", init = { normal = 0.5 } }
plasticity.predictions = { rule = "predict_rate", synapses = ["P"], rate = 0.01 }
)");
}
