// What is on its way along an axon is no memory of its cell, and programs that would like to use it
// as one.
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

// Axons of three steps from the hidden cells to themselves, learned by what arrives.
const std::string far = R"(
synapses.far = { from = "hidden", to = "hidden.soma", during = "forward", delay = 3, init = { normal = 0.3 } }
rule.hebbian = { parameters = { rate = 0.01 }, equations = "w += rate * post.r * pre.r - rate * w" }
plasticity.far = { rule = "hebbian", synapses = ["far"] }
)";

SlotId arrived(Draft& d) { return d.axon(d.r("hidden"), 3); }

void set_vector_of(Program& program, Kind kind, SlotId written, std::size_t operand, SlotId to) {
    for (Operation& op : program.operations) {
        if (op.kind == kind && op.operands[0].slot == written) op.operands[operand].slot = to;
    }
}

}  // namespace

TEST_CASE("a cell that reads the end of its own axon is caught", "[audit][axon][cheat]") {
    Draft d(far);
    const SlotId late = d.product(arrived(d), d.v("hidden.soma"), "made_up.late");
    d.hebb(d.w("J"), late, d.previous(d.r("hidden")), 1.0, 0.01);
    d.is_read(Criterion::vectors_in_cells, "made_up.late", [](Program&) {});
}

TEST_CASE("a change that reads the postsynaptic cell's own axon is caught",
          "[audit][axon][cheat]") {
    Draft d(far);
    d.hebb(d.w("J"), arrived(d), d.previous(d.r("hidden")), 1.0, 0.01);
    d.is_read(Criterion::local_plasticity, "end of an axon", [](Program&) {});
}

TEST_CASE("synapses that learn with what arrives elsewhere are caught", "[audit][axon][cheat]") {
    Draft d(far);
    d.hebb(d.w("J"), d.v("hidden.forecast"), arrived(d), 1.0, 0.01);
    d.is_read(Criterion::local_plasticity, "arrives at synapses of other sets", [](Program&) {});
}

TEST_CASE("a second tap of the axon is caught", "[audit][axon][cheat]") {
    Draft d(far);
    d.hebb(d.w("far"), d.v("hidden.forecast"), d.axon(d.r("hidden"), 5), 1.0, 0.01);
    d.is_read(Criterion::local_plasticity, "arrives at synapses of other sets", [](Program&) {});
}

TEST_CASE("a current from the end of an axon into its own cell is caught", "[audit][axon][cheat]") {
    Draft d(far);
    d.transmit_one_to_one(arrived(d), d.compartment("hidden.feedback"), 0.1);
    d.is_read(Criterion::vectors_in_cells, "is read in the cell", [](Program&) {});
}

TEST_CASE("a number that is gathered from the ends of axons is caught", "[audit][axon][cheat]") {
    Draft d(far);
    const SlotId all = d.inner(arrived(d), arrived(d), "made_up.all");
    d.consolidate(d.w("J"), all, d.tag(d.set("J"), "made_up"), 0.01);
    d.is_read(Criterion::vectors_in_cells, "is read in the cell", [](Program&) {});
}

TEST_CASE("a trace of what arrived that the cell reads is caught", "[audit][axon][cheat]") {
    Draft d(far);
    const SlotId trace = d.state(d.cells("hidden"), "made_up.trace");
    d.set_sum(trace, 0.9, trace, 0.1, arrived(d));
    d.hebb(d.w("J"), trace, d.previous(d.r("hidden")), 1.0, 0.01);
    d.is_read(Criterion::local_plasticity, "end of an axon", [](Program&) {});
}

TEST_CASE("a number that is at an axon's end and then in the cell is caught",
          "[audit][axon][cheat]") {
    Draft d(far);
    const SlotId both = d.state(d.cells("hidden"), "made_up.both");
    d.set_sum(both, 0.5, both, 0.5, arrived(d));
    d.set_sum(both, 0.5, both, 0.5, d.v("hidden.soma"));
    d.is_read(Criterion::vectors_in_cells, "made_up.both", [](Program&) {});
}

TEST_CASE("ends of two axons that are added in the cell are caught", "[audit][axon][cheat]") {
    Draft d(far);
    const SlotId sum = d.sum(arrived(d), d.axon(d.r("hidden"), 7), "made_up.sum");
    d.hebb(d.w("far"), d.v("hidden.forecast"), sum, 1.0, 0.01);
    d.is_read(Criterion::vectors_in_cells, "made_up.sum", [](Program&) {});
}

TEST_CASE("what is written into an axon on its way is caught", "[audit][axon][cheat]") {
    Draft d(far);
    d.set_sum(arrived(d), 1.0, arrived(d), 1.0, d.v("hidden.feedback"));
    d.is_read(Criterion::online, "more than one axon", [](Program&) {});
}

TEST_CASE("an axon that stands still in most steps is caught", "[audit][axon][cheat]") {
    Draft d(far);
    d.is_read(Criterion::online, "is made every 10 steps", [](Program& program) {
        for (Operation& op : program.operations)
            if (op.kind == Kind::conduct) op.every = 10;
    });
}

TEST_CASE("an axon that moves on in a phase is caught", "[audit][axon][cheat]") {
    Draft d(far);
    d.is_read(Criterion::online, "stands still or jumps", [](Program& program) {
        for (Operation& op : program.operations)
            if (op.kind == Kind::conduct) op.phase = PhaseId(0);
    });
}

TEST_CASE("an axon of an axon is read in between", "[audit][axon][cheat]") {
    Draft d(far);
    const SlotId later = d.axon(arrived(d), 4);
    d.hebb(d.w("far"), d.v("hidden.forecast"), later, 1.0, 0.01);
    d.is_read(Criterion::vectors_in_cells, "is read in the cell", [](Program&) {});
}

TEST_CASE("an axon that carries a voltage is caught", "[audit][axon][cheat]") {
    Draft d(far);
    const SlotId soma = d.v("hidden.soma"), late = d.axon(soma, 3);
    d.is_read(Criterion::rates_transmitted, "axon(hidden.soma.v, 3)", [&](Program& program) {
        for (Operation& op : program.operations) {
            const bool is_far = op.kind == Kind::transmit && op.operands.size() == 3 &&
                                program[op.operands[2].slot].name == "far";
            if (is_far) op.operands[1].slot = late;
        }
    });
}

TEST_CASE("cells that fire what is at the end of their axons are caught", "[audit][axon][cheat]") {
    Draft d(far);
    const SlotId late = arrived(d), rate = d.r("hidden");
    d.is_read(Criterion::vectors_in_cells, "is read in the cell",
              [&](Program& program) { set_vector_of(program, Kind::fire, rate, 1, late); });
}

TEST_CASE("a gate that is made of what arrived is caught", "[audit][axon][cheat]") {
    Draft d(far);
    const SlotId late = arrived(d);
    d.is_read(Criterion::vectors_in_cells, "is read in the cell", [&](Program& program) {
        for (Operation& op : program.operations) {
            if (op.kind == Kind::gate) op.operands.push_back({late});
        }
    });
}

TEST_CASE("a chain of memories at the end of an axon is old", "[audit][axon][cheat]") {
    Draft d(far);
    const SlotId held = d.scaled(d.previous(arrived(d)), 1.0, "made_up.held");
    d.hebb(d.w("far"), d.v("hidden.forecast"), d.previous(held), 1.0, 0.01);
    d.is_read(Criterion::online, "made_up.held", [](Program&) {});
}

TEST_CASE("what the cell fires now has yet to arrive at far synapses", "[audit][axon]") {
    Draft d(far);
    d.hebb(d.w("far"), d.v("hidden.forecast"), d.r("hidden"), 1.0, 0.01);
    const Audit verdict = std::move(d).audited();
    CHECK(std::any_of(verdict.beyond.begin(), verdict.beyond.end(), [](const Finding& one) {
        return one.criterion == Criterion::presynaptic_variable &&
               one.because.find("has yet to arrive") != std::string::npos;
    }));
}

TEST_CASE("long axons are told beyond the paper", "[audit][axon]") {
    const auto told = [](const std::string& delay) {
        const Audit verdict =
            audit(model_of_text(honest_lines +
                                "synapses.far = { from = \"hidden\", to = "
                                "\"hidden.soma\", during = \"forward\", delay = " +
                                delay + ", init = { normal = 0.3 } }\n"));
        CHECK(verdict.passes());
        std::string sentences;
        for (const Finding& one : verdict.beyond)
            if (one.criterion == Criterion::long_axon) sentences += one.because + '\n';
        return sentences;
    };
    CHECK(told("1").empty());
    CHECK(told("3") == "an axon holds \"hidden.r\" for 3 steps (30 ms)\n");
    CHECK(told("11") ==
          "an axon holds \"hidden.r\" for 11 steps (110 ms); no such axon is known\n");
}

// ---- honest circuits

TEST_CASE("axons of three steps whose synapses learn by what arrives pass",
          "[audit][axon][innocent]") {
    Draft(far).is_innocent();
}

TEST_CASE("a trace at the ends of axons passes and is no variable of the presynaptic cell",
          "[audit][axon][innocent]") {
    const std::string traced = R"(
synapses.far = { from = "hidden", to = "hidden.feedback", during = "forward", delay = 4, init = { normal = 0.3 } }
rule.traced = { state = { f = "pre" }, parameters = { rate = 0.01 }, equations = ["f = 0.8 * f + 0.2 * pre.r", "w += rate * post.r * f - rate * w"] }
plasticity.far = { rule = "traced", synapses = ["far"] }
)";
    Draft(traced).is_innocent();
    const Audit verdict = audit(model_of_text(honest_lines + traced));
    for (const Finding& one : verdict.beyond) {
        INFO(one.because);
        CHECK((one.criterion != Criterion::presynaptic_variable || one.subject.find("far") > 99));
    }
}

TEST_CASE("tags of what arrives pass", "[audit][axon][innocent]") {
    Draft(R"(
synapses.far = { from = "input", to = "hidden.soma", during = "forward", delay_ms = 50.0, init = { normal = 0.3 } }
plasticity.far = { rule = "eligibility", synapses = ["far"], credit = "hidden.feedback", rate = 0.01 }
)")
        .is_innocent();
}

TEST_CASE("a late wire between two populations passes", "[audit][axon][innocent]") {
    Draft(R"(
population.ghost = { size = 5, alpha = 0.5 }
wire.late = { from = "hidden", to = "ghost.soma", during = "forward", delay = 6 }
synapses.G = { from = "ghost", to = "hidden.feedback", during = "forward", delay = 2, init = { normal = 0.3 } }
)")
        .is_innocent();
}
