// What a step can change a strength by, through the whole chain that makes the change: criterion ii
// of Marschall, Cho & Savin (2019). And how old what cells hand on to each other can be.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

Audit finished(Draft draft) { return std::move(draft).audited(); }

bool says(const std::vector<Finding>& findings, Criterion criterion, const std::string& subject,
          const std::string& phrase = "") {
    return std::any_of(findings.begin(), findings.end(), [&](const Finding& one) {
        return one.criterion == criterion && one.subject == subject &&
               one.because.find(phrase) != std::string::npos;
    });
}

const std::string rflo = path_of_shipped("rflo");

Audit audit_of(const std::vector<std::string>& overrides) {
    return audit(load_model(rflo, overrides));
}

bool jumps(const std::vector<std::string>& overrides, const std::string& set) {
    return says(audit_of(overrides).findings, Criterion::continuous_plasticity, set,
                "by the sizes");
}

}  // namespace

TEST_CASE("rate, feedback and presynaptic factor count together", "[audit][cheat]") {
    CHECK_FALSE(jumps({}, "W_rec"));
    // The difference of two shares is at most 1, as W_out's presynaptic rate is.
    CHECK_FALSE(jumps({"plasticity.readout.rate=1.0"}, "W_out"));
    CHECK(says(audit_of({"plasticity.readout.rate=1.01"}).findings,
               Criterion::continuous_plasticity, "W_out"));
    CHECK(jumps({"plasticity.readout.rate=0.6", "task.kind=\"mimic\""}, "W_out"));
    for (const char* feedback : {"1e6", "1e4"})
        CHECK(jumps({std::string("synapses.B_fb.init={ normal = ") + feedback + " }"}, "W_rec"));
    CHECK_FALSE(
        jumps({"synapses.B_fb.init={ normal = 1e4 }", "plasticity.recurrent.rate=1e-9"}, "W_rec"));
    CHECK(jumps({"synapses.B_fb.init={ constant = 1e3 }"}, "W_in"));
}

TEST_CASE("rates that relays make large count in what they teach", "[audit][cheat]") {
    const auto relayed = [](const std::string& gain, const std::string& activation,
                            const std::string& rate) {
        return Draft(
            "population.relay = { size = 5, activation = \"" + activation +
                "\" }\nsynapses.relay = { from = \"hidden\", to = \"relay.soma\", during = "
                "\"forward\", init = { identity = " +
                gain + " } }\n",
            {"synapses.W_out.from=\"relay\"", "plasticity.readout.rate=" + rate});
    };
    for (const char* gain : {"1e6", "1000.0"}) {
        INFO(gain);
        relayed(gain, "linear", "1.0").circuit_is_caught(Criterion::continuous_plasticity, "W_out");
        relayed(gain, "rectified", "0.01")
            .circuit_is_caught(Criterion::continuous_plasticity, "W_out");
    }
    relayed("2.0", "linear", "0.001").is_innocent();
    relayed("1e6", "tanh", "0.001").is_innocent();
}

TEST_CASE("a gain of a thousand is found behind every kind of operation that hands on",
          "[audit][cheat]") {
    const auto taught_by = [](Draft& d, SlotId loud) {
        d.hebb(d.w("J"), loud, d.previous(d.r("hidden")), 1.0, 1.0);
        d.is_caught(Criterion::continuous_plasticity, "J");
    };
    {
        Draft d;
        const SlotId copy = d.state(d.cells("hidden"), "made_up.copy");
        d.assign(copy, d.scaled(d.r("hidden"), 1000.0, "made_up.loud"));
        taught_by(d, copy);
    }
    {
        Draft d;
        const SlotId past =
            d.history(d.scaled(d.r("hidden"), 1000.0, "made_up.loud"), 2, "past", {});
        const SlotId then = d.signal(d.cells("hidden"), "made_up.then");
        d.recall(then, past, 1);
        taught_by(d, then);
    }
    {
        Draft d;  // handed round a loop
        const SlotId one = d.state(d.cells("hidden"), "made_up.one"),
                     two = d.state(d.cells("hidden"), "made_up.two");
        d.set_sum(one, 0.5, two, 1000.0, d.r("hidden"));
        d.set_sum(two, 0.0, two, 1.0, one);
        taught_by(d, two);
    }
    for (const bool unbounded_first : {false, true}) {
        Draft d;
        const SlotId all = d.inner(d.r("error"), d.r("error"), "made_up.all"),
                     thousand = d.constant(1000.0, "made_up.thousand");
        const SlotId loud = unbounded_first ? d.times(all, thousand, "made_up.loud")
                                            : d.times(thousand, all, "made_up.loud");
        d.consolidate(d.w("W_rec"), loud, d.tag(d.set("W_rec"), "eligibility"), 1.0);
        d.is_caught(Criterion::continuous_plasticity, "W_rec");
    }
}

TEST_CASE("many small changes of a strength in a step are one large one", "[audit][cheat]") {
    Draft d;
    for (int k = 0; k < 4; ++k) d.hebb(d.w("W_rec"), d.r("hidden"), d.r("hidden"), 1.0, 0.4);
    d.is_caught(Criterion::continuous_plasticity, "W_rec");
}

TEST_CASE("where a change has no known bound the audit says so, and what it grows with",
          "[audit]") {
    for (const Finding& one : audit_of({}).beyond)
        CHECK(one.criterion != Criterion::unbounded_change);
    const Audit dni_b = audit(load_model(path_of_shipped("dni_b"), {}));
    CHECK(dni_b.passes());
    CHECK(says(dni_b.beyond, Criterion::unbounded_change, "W_rec", "\"A_r\""));
    CHECK(says(dni_b.beyond, Criterion::unbounded_change, "J", "\"J\""));
    // A linear output's error grows with what it is read out by.
    CHECK(says(audit_of({"task.kind=\"mimic\""}).beyond, Criterion::unbounded_change, "W_out",
               "\"W_out\""));
}

// ---- age

namespace {

// x -> d1 -> ... of the hidden rate, read by the dendrite that teaches.
Audit chain(int length, const std::string& init, const std::string& activation = "linear") {
    std::string lines, from = "hidden";
    for (int k = 1; k <= length; ++k) {
        const std::string to = "d" + std::to_string(k);
        lines += "population." + to + " = { size = 5, activation = \"" + activation + "\" }\n" +
                 "synapses.C" + std::to_string(k) + " = { from = \"" + from + "\", to = \"" + to +
                 ".soma\", during = \"forward\", delay = 1, init = " + init + " }\n";
        from = to;
    }
    lines += "synapses.old = { from = \"" + from +
             "\", to = \"hidden.feedback\", during = \"update\", init = { normal = 0.5 } }\n";
    return finished(Draft(lines));
}

}  // namespace

TEST_CASE("the audit says how old a rate can be that a chain of cells hands on", "[audit]") {
    for (const int length : {2, 5, 40}) {
        for (const char* init :
             {"{ identity = 1.0 }", "{ identity = -0.5 }", "{ orthogonal = 1.0 }"}) {
            INFO(length << " " << init);
            const Audit found = chain(length, init);
            CHECK(found.passes());
            const std::string last = "d" + std::to_string(length) + ".r";
            CHECK(says(found.beyond, Criterion::old_rate, last,
                       "\"hidden.r\" was up to " + std::to_string(length) + " steps ago"));
        }
    }
    CHECK(says(chain(3, "{ identity = 1.0 }", "tanh").beyond, Criterion::old_rate, "d3.r"));
    for (const Finding& one : chain(1, "{ identity = 1.0 }").beyond)
        CHECK(one.criterion != Criterion::old_rate);
}

TEST_CASE("a value recalled from one step ago and then remembered is two steps old",
          "[audit][cheat]") {
    Draft d;
    const SlotId past = d.history(d.r("hidden"), 2, "past", {});
    const SlotId then = d.signal(d.cells("hidden"), "made_up.then");
    d.recall(then, past, 1);
    d.hebb(d.w("J"), d.v("hidden.forecast"), d.previous(then), 1.0, 0.01);
    d.is_caught(Criterion::online, "made_up.then");
}
