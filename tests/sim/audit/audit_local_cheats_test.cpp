// Programs whose synapses know what is not in their cells, or whose matrices are no synapses, and
// that would like not to be found out: criterion ii of Marschall, Cho & Savin (2019).
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

TEST_CASE("the circuit that the cheats are added to passes", "[audit][cheat]") {
    Draft().is_innocent();
    Draft(second_population).is_innocent();
}

TEST_CASE("the true Jacobian written over the learned one from the strengths of W is not local",
          "[audit][cheat]") {
    Draft d;
    const SlotId slope = d.slope(d.compartment("hidden.soma"));
    d.hebb(d.w("J"), slope, d.r("hidden"), 0.5, 0.0);
    d.consolidate(d.w("J"), slope, d.w("W_rec"), 0.25);
    d.is_caught(Criterion::local_plasticity, "J");
}

TEST_CASE("strengths that drift towards another set's are not local", "[audit][cheat]") {
    Draft d;
    d.consolidate(d.w("J"), {}, d.w("W_rec"), 0.01);
    d.consolidate(d.w("J"), {}, d.w("J"), -0.01);
    d.is_caught(Criterion::local_plasticity, "J");
}

TEST_CASE("strengths that drift towards another set's of last step are not local",
          "[audit][cheat]") {
    Draft d;
    d.consolidate(d.w("J"), {}, d.previous(d.w("W_rec")), 0.01);
    d.consolidate(d.w("J"), {}, d.w("J"), -0.01);
    d.is_caught(Criterion::local_plasticity, "J");
}

TEST_CASE("a tag that takes in another set's strengths is not local", "[audit][cheat]") {
    Draft d;
    const SlotId tag = d.tag(d.set("J"), "seen");
    d.hebb(tag, d.v("hidden.soma"), d.r("hidden"), 0.9, 0.0);
    d.consolidate(tag, {}, d.w("W_rec"), 0.1);
    d.consolidate(d.w("J"), {}, tag, 0.01);
    d.is_caught(Criterion::local_plasticity, "seen(J)");
}

TEST_CASE("a tag that is set to another set's strengths is not local", "[audit][cheat]") {
    Draft d;
    const SlotId tag = d.tag(d.set("J"), "seen");
    d.assign(tag, d.w("W_rec"));
    d.consolidate(d.w("J"), {}, tag, 0.01);
    d.is_caught(Criterion::local_plasticity, "seen(J)");
}

TEST_CASE("a memory of another set's strengths that says it lives here is not local",
          "[audit][cheat]") {
    Draft d;
    const SlotId last = d.previous(d.w("W_rec"));
    const SynapseSetId J = d.set("J");
    d.consolidate(d.w("J"), {}, last, 0.01);
    d.is_caught(Criterion::local_plasticity, "previous(W_rec)", [&](Program& program) {
        program.slots[last.value].synapses = J;  // by hand
    });
}

TEST_CASE("strengths that remember another set's are not local", "[audit][cheat]") {
    Draft d;
    const SlotId last = d.previous(d.w("W_rec")), J = d.w("J");
    d.is_caught(Criterion::local_plasticity, "J", [&](Program& program) {
        for (Operation& op : program.operations) {  // by hand
            if (op.operands[0].slot == last) op.operands[0].slot = J;
        }
    });
}

TEST_CASE("a change by another set's tag is not local", "[audit][cheat]") {
    Draft d;
    const SlotId tag = d.tag(d.set("W_rec"), "eligibility");
    d.consolidate(d.w("J"), d.v("hidden.feedback"), tag, 0.01);
    d.is_caught(Criterion::local_plasticity, "J");
}

TEST_CASE("a tag that goes by way of last step's tag of another set is not local",
          "[audit][cheat]") {
    Draft d;
    const SlotId tag = d.tag(d.set("W_rec"), "eligibility");
    d.consolidate(d.w("A"), {}, d.previous(tag), 0.01);
    d.is_caught(Criterion::local_plasticity, "A");
}

TEST_CASE("a postsynaptic factor of other cells is not local", "[audit][cheat]") {
    Draft d(second_population);
    d.hebb(d.w("J"), d.v("ghost.soma"), d.previous(d.r("hidden")), 1.0, 0.01);
    d.is_caught(Criterion::local_plasticity, "J");
}

TEST_CASE("a presynaptic factor of other cells is not local", "[audit][cheat]") {
    Draft d;
    d.hebb(d.w("J"), d.v("hidden.forecast"), d.r("input"), 1.0, 0.01);
    d.is_caught(Criterion::local_plasticity, "J");
}

TEST_CASE("a presynaptic factor of the postsynaptic cells is not local", "[audit][cheat]") {
    Draft d;
    d.hebb(d.w("W_in"), d.v("hidden.feedback"), d.r("hidden"), 1.0, 0.01);
    d.is_caught(Criterion::local_plasticity, "W_in");
}

TEST_CASE("a set that says it comes from the cells of its presynaptic factor is not believed",
          "[audit][cheat]") {
    Draft d;
    d.hebb(d.w("W_in"), d.v("hidden.feedback"), d.r("hidden"), 1.0, 0.01);
    const PopulationId hidden = d.cells("hidden");
    d.is_caught(Criterion::no_copy_of_network, "W_in", [&](Program& program) {
        program.slots[program.find("W_in").value].pre = hidden;  // by hand
    });
}

TEST_CASE("what a synapse keeps by the word of other cells is not local", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId keep = d.complement(d.r("ghost"), true, "made_up.keep");
    d.hebb_kept(d.w("J"), d.v("hidden.forecast"), d.previous(d.r("hidden")), keep, {}, 0.01);
    d.is_caught(Criterion::local_plasticity, "J");
}

TEST_CASE("a third factor of other cells is not local", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId tag = d.tag(d.set("J"), "trace");
    d.hebb(tag, d.v("hidden.soma"), d.previous(d.r("hidden")), 0.9, 0.1);
    d.consolidate(d.w("J"), d.v("ghost.soma"), tag, 0.01);
    d.is_caught(Criterion::local_plasticity, "J");
}

TEST_CASE("a third factor of the presynaptic cells in place of the postsynaptic is not local",
          "[audit][cheat]") {
    Draft d;
    const SlotId tag = d.tag(d.set("W_in"), "trace");
    d.hebb(tag, d.v("hidden.soma"), d.r("input"), 0.9, 0.1);
    d.consolidate(d.w("W_in"), d.r("input"), tag, 0.01);
    d.is_caught(Criterion::local_plasticity, "W_in");
}

TEST_CASE("a modulator that sums up strengths is not local", "[audit][cheat]") {
    Draft d;
    const SlotId norm = d.inner(d.w("W_rec"), d.w("W_rec"), "made_up.norm");
    const SlotId keep = d.constant(1.0, "made_up.keep");
    const SlotId small = d.constant(1e-3, "made_up.small");
    d.hebb_kept(d.w("J"), d.v("hidden.forecast"), d.previous(d.r("hidden")), keep,
                d.times(norm, small, "made_up.scale"));
    d.is_caught(Criterion::local_plasticity, "made_up.norm");
}

TEST_CASE("a modulator that sums up tags is not local", "[audit][cheat]") {
    Draft d;
    const SlotId tag = d.tag(d.set("W_rec"), "eligibility");
    const SlotId norm = d.inner(tag, d.w("W_rec"), "made_up.overlap");
    d.consolidate(d.w("W_rec"), norm, tag, 1e-3);
    d.is_caught(Criterion::local_plasticity, "made_up.overlap");
}

TEST_CASE("a copy of the weights that follows them learns from what is not in its cells",
          "[audit][cheat]") {
    Draft d(second_population);
    d.consolidate(d.w("G_rec"), {}, d.w("W_rec"), 0.1);
    d.consolidate(d.w("G_rec"), {}, d.w("G_rec"), -0.1);
    d.is_caught(Criterion::local_plasticity, "G_rec");
}

TEST_CASE("a matrix between cells that no synapses join is found", "[audit][cheat]") {
    Draft d;
    const SlotId B = d.pairs(d.cells("hidden"), "made_up.B");
    d.hebb(B, d.v("hidden.soma"), d.r("hidden"), 0.9, 0.1);
    d.consolidate(d.w("J"), {}, B, 0.01);
    d.is_caught(Criterion::matrices_in_synapses, "made_up.B");
}

TEST_CASE("a matrix of no synapses that transmits is found", "[audit][cheat]") {
    Draft d;
    const SlotId B = d.pairs(d.cells("hidden"), "made_up.B");
    d.hebb(B, d.v("hidden.soma"), d.r("hidden"), 0.9, 0.1);
    d.is_caught(Criterion::matrices_in_synapses, "made_up.B", [&](Program& program) {
        const SlotId J = program.find("J");
        for (Operation& op : program.operations) {  // by hand
            if (op.kind == Kind::transmit && op.operands.back().slot == J)
                op.operands.back().slot = B;
        }
    });
}

TEST_CASE("a tensor is found", "[audit][cheat]") {
    Draft d;
    const SlotId M = d.tensor(d.set("W_rec"), "influence");
    const SlotId slope = d.slope(d.compartment("hidden.soma"));
    d.contract(M, d.w("J"), slope, d.previous(d.r("hidden")), 0.5);
    const SlotId gradient = d.tag(d.set("W_rec"), "gradient");
    d.contract_credit(gradient, M, d.v("hidden.feedback"));
    d.consolidate(d.w("W_rec"), {}, gradient, -0.01);
    d.is_caught(Criterion::matrices_in_synapses, "influence(W_rec)");
}
