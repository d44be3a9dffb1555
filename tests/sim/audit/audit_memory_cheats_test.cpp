// Programs that remember what is older than a step, and would like not to be found out: the text
// before Eq. (2) of Marschall, Cho & Savin (2019).
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

TEST_CASE("a value handed on from step to step is two steps old", "[audit][cheat]") {
    Draft d;
    const SlotId held = d.scaled(d.previous(d.r("hidden")), 1.0, "made_up.held");
    d.hebb(d.w("J"), d.v("hidden.forecast"), d.previous(held), 1.0, 0.01);
    d.is_caught(Criterion::online, "made_up.held");
}

TEST_CASE("a value handed on under three new names is three steps old", "[audit][cheat]") {
    Draft d;
    const SlotId one = d.scaled(d.previous(d.v("hidden.soma")), 1.0, "made_up.one");
    const SlotId two = d.sum(d.previous(one), d.r("hidden"), "made_up.sum");
    const SlotId back = d.difference(two, d.r("hidden"), "made_up.back");
    d.hebb(d.w("J"), d.previous(back), d.previous(d.r("hidden")), 1.0, 0.01);
    d.is_caught(Criterion::online, "made_up.back");
}

TEST_CASE("a value recalled from a history is not online", "[audit][cheat]") {
    Draft d;
    const SlotId past = d.history(d.r("hidden"), 5, "past", {});
    const SlotId then = d.signal(d.cells("hidden"), "made_up.then");
    d.recall(then, past, 4);
    d.hebb(d.w("J"), d.v("hidden.forecast"), then, 1.0, 0.01);
    d.is_caught(Criterion::online, "past(hidden.r)");
}

TEST_CASE("a change of what was several steps ago is not online", "[audit][cheat]") {
    Draft d;
    const SlotId past = d.history(d.v("hidden.feedback"), 5, "credit", {});
    d.add_to_past(past, 3, d.v("hidden.soma"));
    const SlotId then = d.signal(d.cells("hidden"), "made_up.then");
    d.recall(then, past, 4);
    d.hebb(d.w("J"), then, d.previous(d.r("hidden")), 1.0, 0.01);
    d.is_caught(Criterion::online, "credit(hidden.feedback.v)");
}

TEST_CASE("tags that hand on an outer product are a memory of two steps ago", "[audit][cheat]") {
    Draft d;
    const SlotId now = d.tag(d.set("J"), "now"), then = d.tag(d.set("J"), "then");
    const SlotId last = d.previous(now), before = d.previous(then);
    d.hebb(now, d.v("hidden.soma"), d.previous(d.r("hidden")), 0.0, 1.0);
    d.consolidate(then, {}, then, -1.0);
    d.consolidate(then, {}, last, 1.0);
    d.consolidate(d.w("J"), d.v("hidden.feedback"), before, 0.01);
    d.is_caught(Criterion::continuous_plasticity, "then(J)");
}

TEST_CASE("a snapshot that is used for ten steps is older than a step", "[audit][cheat]") {
    Draft d;
    const SlotId snapshot = d.state(d.cells("hidden"), "made_up.snapshot");
    d.every(10);
    d.set_sum(snapshot, 0.0, snapshot, 1.0, d.r("hidden"));
    d.every(1);
    d.hebb(d.w("J"), d.v("hidden.forecast"), snapshot, 1.0, 0.01);
    d.is_caught(Criterion::online, "made_up.snapshot");
}

TEST_CASE("values shifted from one to the next are three steps old", "[audit][cheat]") {
    Draft d;  // read before they are written
    const SlotId one = d.state(d.cells("hidden"), "made_up.one"),
                 two = d.state(d.cells("hidden"), "made_up.two"),
                 three = d.state(d.cells("hidden"), "made_up.three");
    d.hebb(d.w("J"), d.v("hidden.forecast"), three, 1.0, 0.01);
    d.set_sum(three, 0.0, three, 1.0, two);
    d.set_sum(two, 0.0, two, 1.0, one);
    d.set_sum(one, 0.0, one, 1.0, d.r("hidden"));
    d.is_caught(Criterion::online, "made_up.t");
}

TEST_CASE("values that keep a billionth while they are handed on are old", "[audit][cheat]") {
    Draft d;
    const SlotId one = d.state(d.cells("hidden"), "made_up.one"),
                 two = d.state(d.cells("hidden"), "made_up.two"),
                 three = d.state(d.cells("hidden"), "made_up.three");
    d.hebb(d.w("J"), d.v("hidden.forecast"), three, 1.0, 0.01);
    d.set_sum(three, 1e-9, three, 1.0, two);
    d.set_sum(two, 1e-9, two, 1.0, one);
    d.set_sum(one, 1e-9, one, 1.0, d.r("hidden"));
    d.is_caught(Criterion::online, "made_up.t");
}

TEST_CASE("a number handed on from step to step is two steps old", "[audit][cheat]") {
    Draft d;
    const SlotId now = d.inner(d.r("error"), d.r("error"), "made_up.now");
    const SlotId half = d.constant(0.5, "made_up.half");
    const SlotId held = d.times(d.previous(now), half, "made_up.held");
    d.consolidate(d.w("W_rec"), d.previous(held), d.tag(d.set("W_rec"), "eligibility"), 0.001);
    d.is_caught(Criterion::online, "made_up.held");
}

TEST_CASE("a voltage handed on from dendrite to dendrite is two steps old", "[audit][cheat]") {
    Draft d;  // the apical dendrite has fired already
    d.transmit_one_to_one(d.previous(d.v("hidden.feedback")), d.compartment("hidden.apical"), 1.0);
    d.hebb(d.w("J"), d.previous(d.v("hidden.apical")), d.previous(d.r("hidden")), 1.0, 0.01);
    d.is_caught(Criterion::online, "hidden.apical.v");
}

TEST_CASE("a value that is remembered every ten steps is older than a step", "[audit][cheat]") {
    Draft d;
    const SlotId last = d.previous(d.v("hidden.feedback"));
    d.hebb(d.w("J"), last, d.previous(d.r("hidden")), 1.0, 0.01);
    d.is_caught(Criterion::online, "previous(hidden.feedback.v)", [&](Program& program) {
        for (Operation& op : program.operations) {  // by hand
            if (op.operands[0].slot == last) op.every = 10;
        }
    });
}
