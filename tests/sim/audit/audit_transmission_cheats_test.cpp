// Programs that transmit what no axon carries, and would like not to be found out: criterion iii of
// Marschall, Cho & Savin (2019).
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

TEST_CASE("a voltage sent one to one to other cells is no rate", "[audit][cheat]") {
    Draft d(second_population);
    d.transmit_one_to_one(d.v("ghost.soma"), d.compartment("hidden.feedback"), 1.0);
    d.is_caught(Criterion::rates_transmitted, "ghost.soma.v");
}

TEST_CASE("a voltage that a synapse set carries is no rate", "[audit][cheat]") {
    Draft d;
    SynapseUse use = d.use_of("J", "hidden", "hidden.feedback");
    use.source_voltage = d.compartment("hidden.soma");
    d.transmit(use);
    d.is_caught(Criterion::rates_transmitted, "hidden.soma.v");
}

TEST_CASE("a voltage that a synapse set carries a step later is no rate", "[audit][cheat]") {
    Draft d;
    SynapseUse use = d.use_of("J", "hidden", "hidden.feedback");
    use.source_voltage = d.compartment("hidden.soma");
    use.delay = 1;
    d.transmit(use);
    d.is_caught(Criterion::rates_transmitted, "hidden.soma.v");
}

TEST_CASE("a voltage that is remembered and then sent is no rate", "[audit][cheat]") {
    Draft d(second_population);
    d.transmit_one_to_one(d.previous(d.v("ghost.soma")), d.compartment("hidden.feedback"), 1.0);
    d.is_caught(Criterion::rates_transmitted, "ghost.soma.v");
}

TEST_CASE("a rate that is scaled after firing and then sent is no rate", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId louder = d.scaled(d.r("ghost"), 5.0, "made_up.louder");
    d.transmit_one_to_one(louder, d.compartment("hidden.feedback"), 1.0);
    d.is_caught(Criterion::rates_transmitted, "made_up.louder");
}

TEST_CASE("a rate that is shifted after firing and then sent is no rate", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId rest = d.complement(d.r("ghost"), false, "made_up.rest");
    d.transmit_one_to_one(rest, d.compartment("hidden.feedback"), 1.0);
    d.is_caught(Criterion::rates_transmitted, "made_up.rest");
}

TEST_CASE("a voltage added to a rate in its own cells makes it no rate", "[audit][cheat]") {
    Draft d;  // W_rec carries it in the next step
    d.set_sum(d.r("hidden"), 1.0, d.r("hidden"), 1.0, d.v("hidden.feedback"));
    d.is_caught(Criterion::rates_transmitted, "hidden.r");
}

TEST_CASE("a rate made louder in its own cells is no rate", "[audit][cheat]") {
    Draft d;
    d.scale(d.r("hidden"), 5.0);
    d.is_caught(Criterion::rates_transmitted, "hidden.r");
}

TEST_CASE("a voltage that random signs disguise as noise makes a rate no rate", "[audit][cheat]") {
    Draft d;  // nu nu v = v
    const SlotId nu = d.noise(d.cells("hidden"), "made_up.nu", {});
    const SlotId noisy = d.product(nu, d.v("hidden.feedback"), "made_up.noisy");
    const SlotId plain = d.product(nu, noisy, "made_up.plain");
    d.set_sum(d.r("hidden"), 1.0, d.r("hidden"), 1.0, plain);
    d.is_caught(Criterion::rates_transmitted, "hidden.r");
}

TEST_CASE("a cell that fires what another quantity of its name holds fires no rate",
          "[audit][cheat]") {
    Draft d;
    d.product(d.v("hidden.feedback"), d.v("hidden.soma"), "made_up.product");
    d.is_caught(Criterion::rates_transmitted, "hidden.r", [](Program& program) {
        const SlotId made = program.find("made_up.product");  // by hand
        for (Operation& op : program.operations) {
            if (op.operands[0].slot == made) op.operands[0].slot = program.find("hidden.r");
        }
    });
}

TEST_CASE("an intracellular variable multiplied by strengths is no rate", "[audit][cheat]") {
    Draft d;
    const SlotId slope = d.slope(d.compartment("hidden.soma"));
    const SlotId sent = d.multiplied(d.w("A"), slope, "made_up.sent");
    d.hebb(d.w("J"), sent, d.previous(d.r("hidden")), 1.0, 0.01);
    d.is_caught(Criterion::rates_transmitted, "slope(hidden.soma.v)");
}

TEST_CASE("an intracellular variable that a synapse set carries is no rate", "[audit][cheat]") {
    Draft d;
    const SlotId slope = d.slope(d.compartment("hidden.soma"));
    d.transmit(d.use_of("J", "hidden", "hidden.feedback"));
    d.is_caught(Criterion::rates_transmitted, "slope(hidden.soma.v)", [&](Program& program) {
        for (Operation& op : program.operations) {  // by hand
            const bool ours =
                op.kind == Kind::transmit && op.asked_by.find("made_up") != std::string::npos;
            if (ours) op.operands[1].slot = slope;
        }
    });
}

TEST_CASE("noise that is sent to other cells is no rate", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId nu = d.noise(d.cells("ghost"), "made_up.nu", {});
    d.transmit_one_to_one(nu, d.compartment("hidden.feedback"), 1.0);
    d.is_caught(Criterion::rates_transmitted, "made_up.nu");
}

TEST_CASE("a trace of a rate that is sent is no rate", "[audit][cheat]") {
    Draft d(second_population);
    const SlotId trace = d.state(d.cells("ghost"), "made_up.trace");
    d.set_sum(trace, 0.9, trace, 0.1, d.r("ghost"));
    d.transmit_one_to_one(trace, d.compartment("hidden.feedback"), 1.0);
    d.is_caught(Criterion::rates_transmitted, "made_up.trace");
}

TEST_CASE("a voltage carried back against a synapse is no rate", "[audit][cheat]") {
    Draft d;
    SynapseUse use = d.use_of("J", "hidden", "hidden.feedback");
    use.source_voltage = d.compartment("hidden.apical");
    use.reverse = true;
    d.transmit(use);
    d.is_caught(Criterion::rates_transmitted, "hidden.apical.v");
}

TEST_CASE("a modulator that sums up voltages is told of no rates", "[audit][cheat]") {
    Draft d;
    const SlotId sum = d.inner(d.v("hidden.feedback"), d.v("hidden.soma"), "made_up.sum");
    const SlotId tag = d.tag(d.set("W_rec"), "eligibility");
    d.consolidate(d.w("W_rec"), sum, tag, -0.01);
    d.is_caught(Criterion::rates_transmitted, "made_up.sum");
}

TEST_CASE("a modulator that sums up products inside cells is told of no rates", "[audit][cheat]") {
    Draft d;
    const SlotId trace = d.state(d.cells("hidden"), "made_up.A");
    d.set_sum(trace, 0.9, trace, 0.1, d.v("hidden.soma"));
    const SlotId sum = d.inner(d.r("hidden"), trace, "made_up.sum");
    d.consolidate(d.w("W_rec"), sum, d.tag(d.set("W_rec"), "eligibility"), -0.01);
    d.is_caught(Criterion::rates_transmitted, "made_up.sum");
}

TEST_CASE("a voltage remembered under the name of a rate is no rate", "[audit][cheat]") {
    Draft d;
    const SlotId last = d.previous(d.r("hidden")), voltage = d.v("hidden.soma");
    d.is_caught(Criterion::rates_transmitted, "previous(hidden.r)", [&](Program& program) {
        for (Operation& op : program.operations) {  // by hand
            if (op.operands[0].slot == last) op.operands[1].slot = voltage;
        }
    });
}

TEST_CASE("a cell that fires its voltage as it is fires no rate", "[audit][cheat]") {
    Draft d;
    d.is_caught(Criterion::rates_transmitted, "hidden.r", [](Program& program) {
        firing(program, "hidden.r").activation = Activation::linear;  // by hand
    });
}

TEST_CASE("a cell that fires five times what its activation says fires no rate", "[audit][cheat]") {
    Draft d;
    d.is_caught(Criterion::rates_transmitted, "hidden.r", [](Program& program) {
        firing(program, "hidden.r").gain = 5.0;  // by hand
    });
}

TEST_CASE("a voltage added to a rate in the name of its population makes it no rate",
          "[audit][cheat]") {
    Draft d;
    d.begin(d.circuit().find_phase("forward"), "population.hidden");
    d.set_sum(d.r("hidden"), 1.0, d.r("hidden"), 1.0, d.v("hidden.soma"));
    d.is_caught(Criterion::rates_transmitted, "hidden.r");
}

TEST_CASE("noise that is overwritten by a voltage makes a rate no rate", "[audit][cheat]") {
    Draft d;
    const SlotId nu = d.noise(d.cells("hidden"), "made_up.nu", {});
    d.set_sum(nu, 0.0, nu, 1.0, d.v("hidden.feedback"));
    d.set_sum(d.r("hidden"), 1.0, d.r("hidden"), 1.0, nu);
    d.is_caught(Criterion::rates_transmitted, "hidden.r");
}

TEST_CASE("a rate made louder while noise is added is no rate", "[audit][cheat]") {
    Draft d;
    const SlotId nu = d.noise(d.cells("hidden"), "made_up.nu", {});
    d.set_sum(d.r("hidden"), 5.0, d.r("hidden"), 1e-9, nu);
    d.is_caught(Criterion::rates_transmitted, "hidden.r");
}

TEST_CASE("a rate added to itself is no rate", "[audit][cheat]") {
    Draft d;
    d.set_sum(d.r("hidden"), 1.0, d.r("hidden"), 1.0, d.r("hidden"));
    d.is_caught(Criterion::rates_transmitted, "hidden.r");
}

TEST_CASE("a rate that noise takes the place of is no rate", "[audit][cheat]") {
    Draft d;
    const SlotId nu = d.noise(d.cells("hidden"), "made_up.nu", {});
    d.set_sum(d.r("hidden"), 0.0, d.r("hidden"), 1.0, nu);
    d.is_caught(Criterion::rates_transmitted, "hidden.r");
}

TEST_CASE("an input that a rule changes is no rate", "[audit][cheat]") {
    Draft d;
    d.begin(d.circuit().find_phase("forward"), "population.input");
    d.scale(d.r("input"), 3.0);
    d.transmit(d.use_of("W_in", "input", "hidden.feedback"));
    d.is_caught(Criterion::rates_transmitted, "input.r");
}
