// Programs whose strengths jump, and that would like not to be found out: criterion ii of
// Marschall, Cho & Savin (2019).
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

TEST_CASE("a strength that is an outer product anew in each step does not change continuously",
          "[audit][cheat]") {
    Draft d;
    d.hebb(d.w("J"), d.v("hidden.soma"), d.previous(d.r("hidden")), 0.0, 0.1);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a strength that is taken from itself and then written does not change continuously",
          "[audit][cheat]") {
    Draft d;
    d.consolidate(d.w("J"), {}, d.w("J"), -1.0);
    d.hebb(d.w("J"), d.v("hidden.soma"), d.previous(d.r("hidden")), 1.0, 0.1);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a strength that a modulator takes from itself does not change continuously",
          "[audit][cheat]") {
    Draft d;
    d.consolidate(d.w("J"), d.constant(-1.0, "made_up.minus_one"), d.w("J"), 1.0);
    d.hebb(d.w("J"), d.v("hidden.soma"), d.previous(d.r("hidden")), 1.0, 0.1);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a strength that doubles as its own tag does not change continuously", "[audit][cheat]") {
    Draft d;
    d.consolidate(d.w("J"), {}, d.w("J"), 1.0);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("keeping a billionth is keeping nothing", "[audit][cheat]") {
    Draft d;
    d.hebb(d.w("J"), d.v("hidden.soma"), d.previous(d.r("hidden")), 1e-9, 0.1);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("keeping a hundredth four times a step is keeping nothing", "[audit][cheat]") {
    Draft d;
    for (int k = 0; k < 4; ++k) d.hebb(d.w("J"), d.v("hidden.soma"), d.r("hidden"), 0.01, 0.0);
    d.hebb(d.w("J"), d.v("hidden.soma"), d.previous(d.r("hidden")), 1.0, 0.1);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a strength that follows a tag made anew by its last value does not change continuously",
          "[audit][cheat]") {
    Draft d;  // J(t) = J(0) + tag(t)
    const SlotId tag = d.tag(d.set("J"), "anew");
    const SlotId last = d.previous(tag);
    d.hebb(tag, d.v("hidden.soma"), d.previous(d.r("hidden")), 0.0, 1.0);
    d.consolidate(d.w("J"), {}, tag, 1.0);
    d.consolidate(d.w("J"), {}, last, -1.0);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a tag that is made anew in each step and then transmits does not change continuously",
          "[audit][cheat]") {
    Draft d;
    const SlotId tag = d.tag(d.set("J"), "anew");
    d.hebb(tag, d.v("hidden.soma"), d.previous(d.r("hidden")), 0.0, 1.0);
    const SlotId sent = d.multiplied(tag, d.r("hidden"), "made_up.sent");
    d.hebb(d.w("A"), sent, d.r("hidden"), 1.0, -0.01);
    d.is_caught(Criterion::continuous_plasticity, "anew(J)");
}

TEST_CASE("a tag made anew that transmits in place of its synapses is found out",
          "[audit][cheat]") {
    Draft d;
    const SlotId tag = d.tag(d.set("J"), "anew");
    d.hebb(tag, d.v("hidden.soma"), d.previous(d.r("hidden")), 0.0, 1.0);
    d.is_caught(Criterion::continuous_plasticity, "anew(J)", [&](Program& program) {
        const SlotId J = program.find("J");
        for (Operation& op : program.operations) {  // by hand
            if (op.kind == Kind::transmit && op.operands.back().slot == J)
                op.operands.back().slot = tag;
        }
    });
}

TEST_CASE("a strength that flips its sign does not change continuously", "[audit][cheat]") {
    Draft d;
    d.hebb(d.w("J"), d.v("hidden.forecast"), d.previous(d.r("hidden")), -1.0, 0.01);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a strength that grows by itself does not change continuously", "[audit][cheat]") {
    Draft d;
    d.hebb(d.w("J"), d.v("hidden.forecast"), d.previous(d.r("hidden")), 1.05, 0.01);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a change of fifty times the product does not change a strength continuously",
          "[audit][cheat]") {
    Draft d;
    d.hebb(d.w("J"), d.v("hidden.forecast"), d.previous(d.r("hidden")), 1.0, 50.0);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

namespace {

// A change of J that a modulator scales, with another that says what is kept.
void change_J(Draft& d, SlotId keep, SlotId scale) {
    d.hebb_kept(d.w("J"), d.v("hidden.forecast"), d.previous(d.r("hidden")), keep, scale);
}

}  // namespace

TEST_CASE("a gain above one that a modulator hides is found", "[audit][cheat]") {
    Draft d;
    const SlotId keep = d.constant(1.0, "made_up.keep");
    change_J(d, keep, d.constant(1000.0, "made_up.scale"));
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a modulator of zero that says what is kept is found", "[audit][cheat]") {
    Draft d;
    change_J(d, d.constant(0.0, "made_up.keep"), d.constant(0.1, "made_up.scale"));
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("cells that all say that nothing is kept are found", "[audit][cheat]") {
    Draft d;
    const SlotId nothing = d.scaled(d.r("hidden"), 0.0, "made_up.nothing");
    d.hebb_kept(d.w("J"), d.v("hidden.forecast"), d.previous(d.r("hidden")), nothing, {}, 0.1);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a gain above one beside a modulator of one is found", "[audit][cheat]") {
    Draft d;
    const SlotId one = d.constant(1.0, "made_up.one");
    d.hebb_kept(d.w("J"), d.v("hidden.forecast"), d.previous(d.r("hidden")), one, one, 50.0);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a gain above one that stands inside the cell is found", "[audit][cheat]") {
    Draft d;
    const SlotId loud = d.scaled(d.r("hidden"), 1000.0, "made_up.loud");
    d.hebb(d.w("J"), loud, d.previous(d.r("hidden")), 1.0, 1.0);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a gain above one that stands half in a modulator and half in a rule is found",
          "[audit][cheat]") {
    Draft d;
    const SlotId tag = d.tag(d.set("J"), "trace");
    d.hebb(tag, d.v("hidden.soma"), d.previous(d.r("hidden")), 0.9, 0.1);
    d.consolidate(d.w("J"), d.constant(100.0, "made_up.hundred"), tag, 1.0);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("the inverse of a number below one that says what is kept is found", "[audit][cheat]") {
    Draft d;
    const SlotId one = d.constant(1.0, "made_up.one"), rho = d.constant(0.5, "made_up.rho");
    change_J(d, d.quotient(one, rho, "made_up.inverse"), one);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a quotient of norms that says what is kept is found", "[audit][cheat]") {
    Draft d;
    const SlotId now = d.inner(d.r("hidden"), d.r("hidden"), "made_up.now");
    const SlotId input = d.inner(d.r("input"), d.r("input"), "made_up.input");
    change_J(d, d.quotient(now, input, "made_up.keep"), d.constant(0.1, "made_up.scale"));
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a chain of products and quotients that comes to two is found", "[audit][cheat]") {
    Draft d;
    const SlotId half = d.constant(0.5, "made_up.half");
    const SlotId quarter = d.times(half, half, "made_up.quarter");
    const SlotId eighth = d.times(quarter, half, "made_up.eighth");
    change_J(d, d.quotient(quarter, eighth, "made_up.keep"), half);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a balance of norms that says what is kept is found", "[audit][cheat]") {
    Draft d;
    const SlotId now = d.inner(d.r("hidden"), d.r("hidden"), "made_up.now");
    const SlotId small = d.constant(1e-4, "made_up.small");
    change_J(d, d.balance(now, small, "made_up.keep"), d.constant(0.1, "made_up.scale"));
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a sum of rates without bound that says what is kept is found", "[audit][cheat]") {
    Draft d;
    const SlotId all = d.inner(d.r("hidden"), d.r("hidden"), "made_up.all");
    change_J(d, all, d.constant(0.1, "made_up.scale"));
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a voltage that says what is kept is found", "[audit][cheat]") {
    Draft d;
    d.hebb_kept(d.w("J"), d.v("hidden.forecast"), d.previous(d.r("hidden")), d.v("hidden.soma"), {},
                0.1);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("a rate shifted above one that says what is kept is found", "[audit][cheat]") {
    Draft d;  // 1 + 3 (1 - r)
    const SlotId rest = d.complement(d.r("hidden"), true, "made_up.rest");
    const SlotId keep = d.scaled(rest, 3.0, "made_up.keep");
    d.hebb_kept(d.w("J"), d.v("hidden.forecast"), d.previous(d.r("hidden")), keep, {}, 0.1);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("strengths that jump to another set's do not change continuously", "[audit][cheat]") {
    Draft d;
    d.every(100);
    d.assign(d.w("J"), d.w("W_rec"));
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("strengths set to the exact Jacobian do not change continuously", "[audit][cheat]") {
    Draft d;
    d.assign_jacobian(d.w("J"), d.w("W_rec"), d.slope(d.compartment("hidden.soma")), 0.5);
    d.is_caught(Criterion::continuous_plasticity, "J");
}

TEST_CASE("strengths set to zero now and then do not change continuously", "[audit][cheat]") {
    Draft d;
    d.every(10);
    d.assign_zero(d.w("J"));
    d.is_caught(Criterion::continuous_plasticity, "J");
}
