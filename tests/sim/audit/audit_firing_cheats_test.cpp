// Programs whose cells fire twice a phase or past their gates, and that would like not to be found
// out: criterion iii of Marschall, Cho & Savin (2019).
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

// ---- one rate a phase

TEST_CASE("a held rate is not transmitted while its cells fire another", "[audit][cheat]") {
    Draft d(second_population);
    d.transmit_one_to_one(d.r("hidden"), d.compartment("ghost.soma"), 1.0);
    d.is_caught(Criterion::one_rate_a_phase, "hidden.r");
}

TEST_CASE("a held rate is not carried by synapses while its cells fire another", "[audit][cheat]") {
    Draft d;
    SynapseUse use = d.use_of("J", "hidden", "hidden.feedback");
    use.phase = d.circuit().find_phase("forward");  // of which the rate is taken
    d.transmit(use);
    d.is_caught(Criterion::one_rate_a_phase, "hidden.r");
}

TEST_CASE("cells do not send two rates in one phase", "[audit][cheat]") {
    Draft d(second_population);
    d.transmit_one_to_one(d.fired("hidden"), d.compartment("ghost.soma"), 1.0);
    d.transmit_one_to_one(d.r("hidden"), d.compartment("ghost.soma"), 1.0);
    d.is_caught(Criterion::one_rate_a_phase, "hidden.r");
}

TEST_CASE("a delayed rate is not transmitted while its cells fire something else",
          "[audit][cheat]") {
    Draft d(second_population);
    d.transmit_one_to_one(d.previous(d.r("hidden")), d.compartment("ghost.soma"), 1.0);
    d.is_caught(Criterion::one_rate_a_phase, "hidden.r");
}

TEST_CASE("the output's rate is not sent while the same cells fire the error", "[audit][cheat]") {
    Draft d;
    const SlotId output = d.r("output");
    d.transmit(d.use_of("B_fb", "error", "hidden.feedback"));
    d.is_caught(Criterion::one_rate_a_phase, "output.r", [&](Program& program) {
        for (Operation& op : program.operations) {  // by hand
            const bool ours =
                op.kind == Kind::transmit && op.asked_by.find("made_up") != std::string::npos;
            if (ours) op.operands[1].slot = output;
        }
    });
}

TEST_CASE("cells do not fire their dendrite and their soma in one phase", "[audit][cheat]") {
    Draft d;
    d.transmit_one_to_one(d.fired("hidden"), d.compartment("hidden.feedback"), 1.0);
    d.is_caught(Criterion::one_rate_a_phase, "hidden", [](Program& program) {
        Operation again = firing(program, "hidden.r");  // by hand
        again.phase = firing(program, "hidden.apical.r").phase;
        again.operands.pop_back();
        again.gated = {false};
        program.operations.insert(
            std::find_if(program.operations.begin(), program.operations.end(),
                         [&](const Operation& op) { return op.phase == again.phase; }),
            again);
    });
}

// ---- gates are obeyed

TEST_CASE("a dendrite that drives firing without its gate is found", "[audit][cheat]") {
    Draft d;
    d.is_caught(Criterion::gates_obeyed, "hidden.apical", [](Program& program) {
        Operation& op = firing(program, "hidden.apical.r");  // by hand
        op.operands.pop_back();
        op.gated = {false};
    });
}

TEST_CASE("a dendrite that no gate opens and that drives firing is found", "[audit][cheat]") {
    Draft d;
    const SlotId forecast = d.v("hidden.forecast");
    d.is_caught(Criterion::gates_obeyed, "hidden.forecast", [&](Program& program) {
        Operation& op = firing(program, "hidden.apical.r");  // by hand
        op.operands.pop_back();
        op.operands[1].slot = forecast;
        op.gated = {false};
    });
}

TEST_CASE("a dendrite that fires through another's gate is found", "[audit][cheat]") {
    Draft d;
    const SlotId forecast = d.v("hidden.forecast");
    d.is_caught(Criterion::gates_obeyed, "hidden.forecast", [&](Program& program) {
        firing(program, "hidden.apical.r").operands[1].slot = forecast;  // by hand
    });
}

TEST_CASE("a gate that nothing opens lets nothing fire", "[audit][cheat]") {
    Draft d;
    d.is_caught(Criterion::gates_obeyed, "disinhibition", [](Program& program) {
        const SlotId gate = program.find("gate.disinhibition");  // by hand
        std::erase_if(program.operations, [&](const Operation& op) {
            return op.kind == Kind::gate && op.operands[0].slot == gate;
        });
    });
}

TEST_CASE("a gate that opens in another phase than the firing lets nothing fire",
          "[audit][cheat]") {
    Draft d;
    d.is_caught(Criterion::gates_obeyed, "disinhibition", [](Program& program) {
        const SlotId gate = program.find("gate.disinhibition");  // by hand
        for (Operation& op : program.operations) {
            if (op.kind == Kind::gate && op.operands[0].slot == gate) op.gain = 1.0 - op.gain;
        }
    });
}

TEST_CASE("a number that takes the name of a gate is refused", "[audit][cheat]") {
    Draft d;
    CHECK_THROWS_WITH(d.constant(1.0, "gate.perisomatic"),
                      Catch::Contains("makes a second quantity named \"gate.perisomatic\""));
}

TEST_CASE("a gate that a modulator opens is found", "[audit][cheat]") {
    Draft d;
    d.constant(1.0, "made_up.open");
    d.is_caught(Criterion::gates_obeyed, "perisomatic", [](Program& program) {
        Operation again = firing(program, "hidden.r");  // by hand
        const auto opened =
            std::find_if(program.operations.begin(), program.operations.end(),
                         [](const Operation& op) { return op.function == Function::constant; });
        opened->operands[0].slot = program.find("gate.perisomatic");
        again.phase = opened->phase;
        program.operations.insert(opened + 1, again);
    });
}

TEST_CASE("a soma that drives firing while its gate is shut is found", "[audit][cheat]") {
    Draft d;
    d.is_caught(Criterion::gates_obeyed, "hidden.soma", [](Program& program) {
        const SlotId soma = program.find("hidden.soma.v");  // by hand
        Operation& op = firing(program, "hidden.apical.r");
        op.operands.push_back({soma});
        op.gated = {true, false};
    });
}

TEST_CASE("cells whose every gate is shut send nothing", "[audit][cheat]") {
    Draft d(second_population,
            {"phase=[{ name = \"forward\", ms = 6.0 }, { name = \"update\", ms = 4.0 }, { name = "
             "\"sleep\", ms = 2.0 }]"});
    d.during("sleep");
    d.transmit_one_to_one(d.r("hidden"), d.compartment("ghost.soma"), 1.0);
    d.is_caught(Criterion::gates_obeyed, "hidden.r");
}

TEST_CASE("the error is not sent while the same cells fire the output", "[audit][cheat]") {
    Draft d;
    SynapseUse use = d.use_of("B_fb", "error", "hidden.feedback");
    use.delay = 1;
    d.during("forward");
    d.transmit(use);
    d.is_caught(Criterion::one_rate_a_phase, "previous(error.r)");
}
