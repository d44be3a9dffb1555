// Programs whose cells reach into other cells, and that would like not to be found out: criterion i
// of Marschall, Cho & Savin (2019).
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

TEST_CASE("a cell does not compute with another population's rate", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId effect = d.difference(d.r("hidden"), d.r("ghost"), "made_up.effect");
    d.hebb(d.w("J"), effect, d.previous(d.r("hidden")), 1.0, 0.01);
    d.is_caught(Criterion::vectors_in_cells, "made_up.effect");
}

TEST_CASE("a signal of the input's cells that holds the hidden cells' voltages is no factor",
          "[audit][cheat]") {
    Draft d;
    const SlotId smuggled = d.signal(d.cells("input"), "made_up.smuggled");
    d.set_sum(smuggled, 1.0, d.v("hidden.soma"), 1.0, d.v("hidden.feedback"));
    d.hebb(d.w("W_in"), d.v("hidden.feedback"), smuggled, 1.0, 0.01);
    d.is_caught(Criterion::vectors_in_cells, "made_up.smuggled");
}

TEST_CASE("a rate that is set to another population's is found", "[audit][cheat]") {
    Draft d(second_population);
    d.assign(d.r("ghost"), d.r("hidden"));
    d.hebb(d.w("G_in"), d.r("ghost"), d.r("input"), 0.99, 0.01);
    d.is_caught(Criterion::vectors_in_cells, "ghost.r");
}

namespace {

// What cells remember of last step is another population's voltage.
template <class Check>
void remember_other_cells(Check check) {
    Draft d(second_population);
    const SlotId last = d.previous(d.v("ghost.soma")), other = d.v("hidden.soma");
    d.hebb(d.w("G_in"), last, d.r("input"), 0.99, 0.01);
    check(d, [&](Program& program) {
        for (Operation& op : program.operations) {  // by hand
            if (op.operands[0].slot == last) op.operands[1].slot = other;
        }
    });
}

}  // namespace

TEST_CASE("a cell does not remember another cell's voltage", "[audit][cheat]") {
    remember_other_cells([](Draft& d, auto alter) {
        d.is_read(Criterion::vectors_in_cells, "previous(ghost.soma.v)", alter);
    });
}

TEST_CASE("another cell's voltage that is remembered is measured", "[audit][cheat]") {
    remember_other_cells([](Draft& d, auto alter) { d.is_measured(alter); });
}

TEST_CASE("what another cell leaves behind for the next step is measured", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId trace = d.state(d.cells("hidden"), "made_up.trace");
    const SlotId tag = d.tag(d.set("J"), "seen");
    d.hebb(tag, trace, d.previous(d.r("hidden")), 0.9, 0.1);
    d.set_sum(trace, 0.9, trace, 0.1, d.v("ghost.soma"));
    d.consolidate(d.w("J"), {}, tag, 0.01);
    d.is_caught(Criterion::vectors_in_cells, "made_up.trace");
}

TEST_CASE("a cell does not fire another cell's voltage", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId rate = d.r("ghost"), other = d.v("hidden.soma");
    d.hebb(d.w("G_in"), rate, d.r("input"), 0.99, 0.01);
    d.is_caught(Criterion::vectors_in_cells, "ghost.r", [&](Program& program) {
        for (Operation& op : program.operations) {  // by hand
            if (op.operands[0].slot == rate) op.operands[1].slot = other;
        }
    });
}

TEST_CASE("a voltage does not relax towards another cell's drive", "[audit][cheat]") {
    Draft d(second_population, {"population.ghost.tau_ms={ soma = 20.0 }"});
    const SlotId voltage = d.v("ghost.soma"), other = d.v("hidden.soma");
    d.hebb(d.w("G_in"), voltage, d.r("input"), 0.99, 0.01);
    d.is_caught(Criterion::vectors_in_cells, "ghost.soma.v", [&](Program& program) {
        for (Operation& op : program.operations) {  // by hand
            if (op.kind == Kind::relax) op.operands[1].slot = other;
        }
    });
}

TEST_CASE("a slope of another cell's voltage is found", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId slope = d.slope(d.compartment("ghost.soma")), other = d.v("hidden.soma");
    d.hebb(d.w("G_in"), slope, d.r("input"), 0.99, 0.01);
    d.is_caught(Criterion::vectors_in_cells, "slope(ghost.soma.v)", [&](Program& program) {
        for (Operation& op : program.operations) {  // by hand
            if (op.operands[0].slot == slope) op.operands[1].slot = other;
        }
    });
}

TEST_CASE("a slot that says it lives elsewhere is found", "[audit][cheat]") {
    Draft d;
    const SlotId moved = d.scaled(d.v("hidden.soma"), 1.0, "made_up.moved");
    d.hebb(d.w("W_in"), d.v("hidden.feedback"), moved, 1.0, 0.01);
    const PopulationId input = d.cells("input");
    d.is_caught(Criterion::vectors_in_cells, "made_up.moved", [&](Program& program) {
        program.slots[moved.value].cells = input;  // by hand
    });
}
