// A program in which nothing learns any more.
#include "circuits/program/freeze.hpp"

#include <set>

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

Model shipped(const std::string& name) { return load_model(path_of_shipped(name)); }

bool is_written(const Program& program, SlotId slot) {
    return std::any_of(program.operations.begin(), program.operations.end(),
                       [&](const Operation& op) { return op.operands[0].slot == slot; });
}

std::set<std::string> names(const Program& program, const std::vector<SlotId>& slots) {
    std::set<std::string> all;
    for (const SlotId slot : slots) all.insert(program[slot].name);
    return all;
}

bool has_quantity(const Program& program, const std::string& address) {
    return std::any_of(program.quantities.begin(), program.quantities.end(),
                       [&](const Quantity& one) { return one.address == address; });
}

std::vector<std::string> circuits_and_dynamics() {
    return models_in({"models/circuits", "models/dynamics"});
}

}  // namespace

TEST_CASE("frozen RFLO is the forward pass with errors and feedback and without traces",
          "[freeze]") {
    const Model model = shipped("rflo");
    const FrozenProgram frozen = freeze(model.program);
    // As docs/rules/rflo.md lists it: traces and changes are lines 15 to 22, the slope that only
    // the traces read is line 14.
    CHECK(frozen.learns == std::vector<std::size_t>{14, 15, 16, 17, 18, 19, 20, 21});
    CHECK(frozen.unneeded == std::vector<std::size_t>{13});
    std::vector<std::string> expected = listed(model.program);
    expected.erase(expected.begin() + 13, expected.begin() + 22);
    CHECK(listed(frozen.program) == expected);
    CHECK(names(frozen.program, frozen.taken) ==
          std::set<std::string>{"W_rec", "W_in", "b", "W_out", "b_out"});
    CHECK(has_quantity(frozen.program, "W_rec"));
    CHECK(has_quantity(frozen.program, "hidden.r"));
    CHECK(has_quantity(frozen.program, "loss"));
    CHECK_FALSE(has_quantity(frozen.program, "eligibility(W_rec)"));
}

TEST_CASE(
    "of every shipped model a frozen program writes no strength and reads nothing that is "
    "gone but what it takes from the run",
    "[freeze]") {
    std::vector<std::string> paths = shipped_models();
    for (const std::vector<std::string>& more : {rule_models(), circuits_and_dynamics()})
        paths.insert(paths.end(), more.begin(), more.end());
    for (const std::string& path : paths) {
        INFO(path);
        const Model model = load_model(path);
        const FrozenProgram frozen = freeze(model.program);
        CHECK(frozen.program.operations.size() + frozen.learns.size() + frozen.unneeded.size() ==
              model.program.operations.size());
        const std::set<std::string> taken = names(frozen.program, frozen.taken);
        for (const Operation& op : frozen.program.operations) {
            CHECK(frozen.program[op.operands[0].slot].what != What::strength);
            for (const Operand& operand : op.operands) {
                if (is_written(frozen.program, operand.slot) ||
                    !is_written(model.program, operand.slot))
                    continue;
                INFO(frozen.program[operand.slot].name);
                CHECK(taken.count(frozen.program[operand.slot].name) == 1);
            }
        }
        // All that changes strengths is off, and no rule of a shipped model feeds its circuit.
        for (const SlotId slot : frozen.taken) CHECK(model.program[slot].what == What::strength);
    }
}

TEST_CASE("what takes place inside cells goes on in a frozen program", "[freeze]") {
    const FrozenProgram adapting = freeze(shipped("rules/eprop_adapting").program);
    const std::vector<std::string> lines = listed(adapting.program, "dynamics.adaptation");
    REQUIRE(lines.size() == 2);
    CHECK_THAT(lines[0], Catch::Contains("hidden.a = 0.818731 hidden.a"));
    // States of short-term plasticity are numbers of cells, not of a rule.
    CHECK(listed(freeze(shipped("dynamics/short_term_plasticity").program).program,
                 "dynamics.release")
              .size() == 6);
}

TEST_CASE("bounds and sums of strengths that are kept are off in a frozen program", "[freeze]") {
    const Model model = small_model(R"(
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { constant = 0.2 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", bounds = [-3.0, 3.0], init = { constant = 1.0 } }
population.hidden = { size = 4, scale_incoming = { of = ["W_in"], to = 1.0 } }
plasticity.readout = { rule = "delta", synapses = ["W_out"], rate = 0.1 }
population.error.role = "error"
)");
    const FrozenProgram frozen = freeze(model.program);
    CHECK(frozen.learns.size() >= 3);
    for (const Operation& op : frozen.program.operations) CHECK_FALSE(keeps_strengths(op.asker));
    CHECK(names(frozen.program, frozen.taken) == std::set<std::string>{"W_in", "W_out"});
}

TEST_CASE(
    "a number of a rule that the circuit reads is taken from the run, and one that it makes "
    "anew is made",
    "[freeze]") {
    Program program;
    const auto slot = [&](const char* name, What what, bool kept) {
        program.slots.push_back({.name = name, .what = what, .kept = kept});
        return SlotId(program.slots.size() - 1);
    };
    const auto add = [&](Asker asker, std::vector<Operand> operands) {
        program.operations.push_back({.kind = Kind::modulate,
                                      .function = Function::product,
                                      .operands = std::move(operands),
                                      .asker = asker});
    };
    const SlotId input = slot("input", What::rate, false), kept = slot("kept", What::of_rule, true),
                 made = slot("made", What::of_rule, false),
                 idle = slot("idle", What::of_rule, false), rate = slot("rate", What::rate, false);
    add(Asker::rule, {{kept, Access::update}, {input}, {input}});
    add(Asker::rule, {{made, Access::set}, {input}, {kept}});
    add(Asker::rule, {{idle, Access::set}, {made}, {kept}});
    add(Asker::circuit, {{rate, Access::set}, {made}, {input}});
    const FrozenProgram frozen = freeze(program);
    CHECK(frozen.learns == std::vector<std::size_t>{0});
    CHECK(frozen.unneeded == std::vector<std::size_t>{2});
    CHECK(frozen.program.operations.size() == 2);
    CHECK(frozen.taken == std::vector<SlotId>{kept});
}
