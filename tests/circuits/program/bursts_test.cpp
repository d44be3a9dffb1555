// Cells whose axons carry bursts beside their rate, and synapses that facilitate and depress.
#include "sim/audit/audit.hpp"
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

// Two cells that burst as the text says, and a reader of their bursts.
std::string bursting(const std::string& share, const std::string& reads = "reads = \"bursts\", ") {
    return R"(
phase = [{ name = "step", ms = 1.0 }]
population.cell = { size = 2, activation = "logistic", dendrites = ["apical"], bursts = ")" +
           share + R"(" }
population.reader = { size = 1, activation = "linear" }
synapses.W = { from = "input", to = "cell.soma", during = "step", init = { normal = 1.0 } }
synapses.A = { from = "input", to = "cell.apical", during = "step", init = { normal = 1.0 } }
synapses.B = { from = "cell", to = "reader.soma", during = "step", )" +
           reads + R"(init = { constant = 1.0 } }
)";
}

bool fails_iii(const Audit& found) { return !found.meets("iii"); }

bool has(const Audit& found, Criterion criterion, const std::string& subject) {
    const auto is_it = [&](const Finding& one) {
        return one.criterion == criterion && one.subject == subject;
    };
    return std::any_of(found.findings.begin(), found.findings.end(), is_it) ||
           std::any_of(found.beyond.begin(), found.beyond.end(), is_it);
}

}  // namespace

TEST_CASE("axons carry the share of a rate that comes in bursts", "[bursts][closed_form]") {
    SteppedModel sim(shown(bursting("logistic(2 * apical.v - r)"), row({0.3, -0.8})));
    sim.step();
    const Vector r = sim.vector("cell.r"), v = sim.vector("cell.apical.v");
    const Vector p = 1.0 / (1.0 + (r - 2.0 * v).array().exp());
    CHECK(distance(sim.vector("cell.burst_probability"), p) <= form_tolerance);
    CHECK(distance(sim.vector("cell.burst"), p.cwiseProduct(r)) <= form_tolerance);
    CHECK(sim.vector("reader.r")[0] == near(p.dot(r)));
}

TEST_CASE("two numbers a phase pass criterion iii as a rate and its share", "[bursts][audit]") {
    const Model honest = shown(bursting("logistic(apical.v)"), row({1.0}));
    CHECK(audit(honest).passes());
    CHECK(has(audit(honest), Criterion::second_channel, "cell.burst"));
    CHECK(audit(shown(bursting("clip(apical.v, 0, 1)"), row({1.0}))).passes());
    // A share that may be above 1, or below 0, is none.
    for (const char* share : {"1.2 * logistic(apical.v)", "apical.v", "tanh(apical.v)"}) {
        INFO(share);
        const Audit found = audit(shown(bursting(share), row({1.0})));
        CHECK(fails_iii(found));
        CHECK(has(found, Criterion::one_rate_a_phase, "cell.burst"));
    }
}

TEST_CASE("bursts of what the cells do not fire, by others' shares, or a third channel, are found",
          "[bursts][audit][cheat]") {
    const auto cheat = [](auto change) {
        Model model = shown(bursting("logistic(apical.v)"), row({1.0}));
        change(model.program);
        return audit(model);
    };
    const auto burst = [](Program& program) -> Operation& {
        return *std::find_if(program.operations.begin(), program.operations.end(),
                             [](const Operation& op) { return op.function == Function::burst; });
    };
    const Audit of_voltage = cheat(
        [&](Program& program) { burst(program).operands[2].slot = program.find("cell.apical.v"); });
    CHECK(has(of_voltage, Criterion::one_rate_a_phase, "cell.burst"));
    const Audit by_others = cheat(
        [&](Program& program) { burst(program).operands[1].slot = program.find("reader.r"); });
    CHECK(has(by_others, Criterion::one_rate_a_phase, "cell.burst"));
    const Audit third = cheat([&](Program& program) {
        Slot slot = program[program.find("cell.burst")];
        slot.name = "cell.third";
        slot.quantity = "third";
        program.slots.push_back(slot);
        Operation again = burst(program);
        again.operands[0].slot = SlotId(program.slots.size() - 1);
        const auto at =
            std::find_if(program.operations.begin(), program.operations.end(),
                         [](const Operation& op) { return op.function == Function::burst; });
        program.operations.insert(at + 1, again);
    });
    CHECK(has(third, Criterion::one_rate_a_phase, "cell.third"));
}

TEST_CASE("what cannot burst or be read says so", "[bursts][errors]") {
    using Catch::Contains;
    CHECK_THAT(refusal_of(bursting("logistic(apicl.v)")),
               Contains("population.cell.bursts") && Contains("apical.v"));
    CHECK_THAT(refusal_of(bursting("logistic(apical.v)", "reads = \"burst\", ")),
               Contains("bursts"));
    CHECK_THAT(refusal_of(R"(
phase = [{ name = "step", ms = 1.0 }]
population.cell = { size = 2, activation = "logistic" }
synapses.W = { from = "input", to = "cell.soma", during = "step", reads = "bursts", init = { normal = 1.0 } }
)"),
               Contains("has reads = \"bursts\", but \"input\" has none"));
}

// ---- short-term plasticity

namespace {

std::string short_term(const std::string& keys, double ms = 1.0) {
    return fmt::format(R"(
phase = [{{ name = "step", ms = {} }}]
population.cell = {{ size = 1, activation = "linear" }}
synapses.W = {{ from = "input", to = "cell.soma", during = "step", short_term = {{ {} }}, init = {{ constant = 1.0 }} }}
)",
                       ms, keys);
}

}  // namespace

TEST_CASE("a constant rate leads terminals to where release and recovery are even",
          "[short_term][closed_form]") {
    SteppedModel sim(shown(short_term("U = 0.2, tau_facilitate_ms = 500.0, tau_depress_ms = 200.0"),
                           row({0.01})));
    CHECK(sim.vector("W.released")[0] == 0.2);
    CHECK(sim.vector("W.left")[0] == 1.0);
    sim.step(20'000);
    CHECK(sim.vector("W.released")[0] == near(0.6));
    CHECK(sim.vector("W.left")[0] == near(5.0 / 11.0));
    CHECK(sim.vector("cell.r")[0] == near(0.01 * 0.6 * 5.0 / 11.0));
}

TEST_CASE("what terminals release follows its solution under a constant rate at any step",
          "[short_term][closed_form]") {
    for (const double ms : {1.0, 5.0, 20.0}) {
        SteppedModel facilitates(
            shown(short_term("U = 0.2, tau_facilitate_ms = 500.0", ms), row({0.01})));
        SteppedModel depresses(
            shown(short_term("U = 0.5, tau_depress_ms = 200.0", ms), row({0.01})));
        const auto steps = static_cast<int>(100.0 / ms);
        facilitates.step(steps);
        depresses.step(steps);
        // u' = (U - u) / 500 + U (1 - u) r from U, x' = (1 - x) / 200 - U x r from 1, at 100 ms.
        CHECK(facilitates.vector("W.released")[0] ==
              near(0.6 + (0.2 - 0.6) * std::exp(-100.0 * (1.0 / 500.0 + 0.2 * 0.01))));
        CHECK(depresses.vector("W.left")[0] ==
              near(0.5 + (1.0 - 0.5) * std::exp(-100.0 * (1.0 / 200.0 + 0.5 * 0.01))));
    }
}

TEST_CASE("each spike releases a share of what a terminal has left", "[short_term][closed_form]") {
    SteppedModel sim(shown(R"(
phase = [{ name = "step", ms = 1.0 }]
population.pre = { size = 1, spikes = { threshold = 1.0, reset = 0.0 } }
population.cell = { size = 1, activation = "linear" }
synapses.W_in = { from = "input", to = "pre.soma", during = "step", init = { constant = 1.0 } }
synapses.W = { from = "pre", to = "cell.soma", during = "step", short_term = { U = 0.3, tau_facilitate_ms = 50.0, tau_depress_ms = 20.0 }, init = { constant = 1.0 } }
)",
                           [] {
                               Matrix x = Matrix::Zero(7, 1);
                               x(0, 0) = x(2, 0) = x(3, 0) = 2.0;
                               return x;
                           }()));
    double u = 0.3, left = 1.0;
    for (int t = 0; t < 70; ++t) {
        const double z = t % 7 == 0 || t % 7 == 2 || t % 7 == 3 ? 1.0 : 0.0;
        u = 0.3 + (u - 0.3) * std::exp(-1.0 / 50.0);
        left = 1.0 + (left - 1.0) * std::exp(-1.0 / 20.0);
        u += 0.3 * (1.0 - u) * z;
        const double arrives = u * left * z;
        left -= arrives;
        sim.step();
        REQUIRE(sim.vector("cell.r")[0] == near(arrives));
        REQUIRE(sim.vector("W.released")[0] == near(u));
        REQUIRE(sim.vector("W.left")[0] == near(left));
    }
}

TEST_CASE("what arrives at terminals is a rate that only their synapses read",
          "[short_term][audit]") {
    const std::string lines =
        short_term("U = 0.2, tau_facilitate_ms = 500.0, tau_depress_ms = 200.0") +
        "population.relay = { size = 1, activation = \"linear\" }\n"
        "synapses.V = { from = \"relay\", to = \"cell.soma\", during = \"step\", short_term = { U "
        "= "
        "0.2, tau_facilitate_ms = 500.0, tau_depress_ms = 200.0 }, init = { constant = 1.0 } }\n"
        "synapses.R = { from = \"input\", to = \"relay.soma\", during = \"step\", init = { "
        "constant "
        "= 1.0 } }\n"
        "plasticity.x = { rule = \"hebb_decay\", synapses = [\"V\"], rate = 0.01, decay = 0.02 }\n";
    const Model honest = shown(lines, row({1.0}));
    CHECK(honest.program.find("V.arriving"));
    const Audit found = audit(honest);
    CHECK(found.meets("iii"));
    CHECK_FALSE(has(found, Criterion::presynaptic_variable, "V.arriving"));
    // The cell itself reads what is at its terminals, or something else makes it.
    Model cheat = shown(lines, row({1.0}));
    for (Operation& op : cheat.program.operations)
        if (op.kind == Kind::fire && cheat.program[op.operands[0].slot].name == "relay.r")
            op.operands[1].slot = cheat.program.find("V.left");
    CHECK(fails_iii(audit(cheat)));
    Model foreign = shown(lines, row({1.0}));
    for (Operation& op : foreign.program.operations)
        if (op.kind == Kind::cellwise && foreign.program[op.operands[0].slot].name == "V.released")
            op.operands[2].slot = foreign.program.find("relay.soma.v");
    CHECK(fails_iii(audit(foreign)));
}
