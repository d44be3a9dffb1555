// Who stands at an axon's end, who intervenes, what noise is for, and how branches lead a soma:
// programs that bend one of these, each of which the audit finds.
#include "circuits/program/formula_builder.hpp"
#include "tests/sim/engine/plan/draft_program.hpp"

using namespace apical;

namespace {

const std::string far_lines = R"(
synapses.far = { from = "hidden", to = "hidden.soma", during = "forward", delay = 3, init = { normal = 0.3 } }
rule.hebbian = { parameters = { rate = 0.01 }, equations = "w += rate * post.r * pre.r - rate * w" }
plasticity.far = { rule = "hebbian", synapses = ["far"] }
)";

// Synapses from a relay that depress, and learn with what arrives.
const std::string released_lines = R"(
population.relay = { size = 5, activation = "logistic" }
synapses.to_relay = { from = "input", to = "relay.soma", during = "forward", init = { normal = 0.5 } }
synapses.P = { from = "relay", to = "hidden.feedback", during = "forward", short_term = { U = 0.2, tau_depress_ms = 200.0 }, init = { normal = 0.3 } }
synapses.Q = { from = "relay", to = "hidden.apical", during = "forward", init = { normal = 0.3 } }
)";

const std::string noisy_lines = R"(
noise.membrane = { into = "hidden.soma", kind = "ou", tau_ms = 20.0, sd = 0.1 }
population.ghost = { size = 5, alpha = 0.5 }
synapses.G_in = { from = "input", to = "ghost.soma", during = "forward", init = { normal = 0.4 } }
noise.ghostly = { into = "ghost.r", sd = 0.1 }
)";

const std::string event_lines = R"(
event.lesion = { at = 5, lesion = "J", fraction = 0.2 }
event.silence = { at = 7, silence = "hidden", cells = [0, 1] }
)";

// Cells whose tuft and whose conductance synapses hang on a branch.
const std::string tree_lines = audited_lines + R"(
population.hidden = { size = 5, alpha = 0.5, dendrites = ["basal", "apical", "tuft", "exc", "feedback"], coupling = { leak = 0.05, basal = 0.1, apical = { conductance = 0.1, leak = 0.02 }, tuft = { to = "apical", conductance = 0.2 }, exc = { to = "apical", reversal = 1.0 }, solver = "steady" } }
gate.disinhibition = { opens = "hidden.tuft", during = "forward" }
population.other = { size = 5, activation = "logistic" }
synapses.other_in = { from = "input", to = "other.soma", during = "forward", init = { normal = 0.4 } }
synapses.W_rec = { from = "hidden", to = "hidden.basal", during = "forward", delay = 1, init = { normal = 0.5 } }
synapses.W_in = { from = "input", to = "hidden.basal", during = "forward", init = { normal = 0.5 } }
synapses.T = { from = "input", to = "hidden.tuft", during = "forward", init = { normal = 0.5 } }
synapses.E = { from = "other", to = "hidden.exc", during = "forward", init = { half_normal = 0.2 } }
synapses.B_fb = { from = "error", to = "hidden.feedback", during = "update", init = { normal = 0.5 } }
rule.lead = { parameters = { rate = 0.01 }, equations = "w += rate * tanh(post.apical.drive - post.apical.v + post.feedback.v) * pre.r" }
plasticity.tuft = { rule = "lead", synapses = ["T"] }
)";

Draft tree_draft() { return Draft(model_of_text(tree_lines)); }

Operation& writer_of(Program& program, Kind kind, const std::string& name) {
    for (Operation& op : program.operations)
        if (op.kind == kind && program[op.operands[0].slot].name == name) return op;
    FAIL("nothing writes " << name);
    return program.operations.front();
}

void is_innocent(const std::string& lines) { Draft(lines).is_innocent(); }

}  // namespace

// ---- sides of axons

TEST_CASE("a cell that squares what its axon brings is found", "[audit][axon][cheat]") {
    Draft d(far_lines);
    const SlotId late = d.axon(d.r("hidden"), 3);
    const SlotId square = d.product(late, late, "made_up.square");
    d.hebb(d.w("J"), d.v("hidden.forecast"), square, 1.0, 0.01);
    d.is_read(Criterion::local_plasticity, "arrives at synapses of other sets", [](Program&) {});
}

TEST_CASE("a dendrite that relaxes to the end of an axon is found", "[audit][axon][cheat]") {
    Draft d(far_lines);
    const SlotId late = d.axon(d.r("hidden"), 3), apical = d.v("hidden.feedback");
    d.append({.kind = Kind::relax, .operands = {{apical, Access::update}, {late}}, .retain = 0.5});
    d.is_read(Criterion::vectors_in_cells, "is read in the cell", [](Program&) {});
}

TEST_CASE("a trace of two axons of one cell is found", "[audit][axon][cheat]") {
    Draft d(far_lines);
    const SlotId trace = d.state(d.cells("hidden"), "made_up.trace");
    d.set_sum(trace, 0.5, trace, 0.5, d.axon(d.r("hidden"), 3));
    d.set_sum(trace, 0.5, trace, 0.5, d.axon(d.r("hidden"), 4));
    d.hebb(d.w("far"), d.v("hidden.forecast"), trace, 1.0, 0.01);
    d.is_read(Criterion::vectors_in_cells, "made_up.trace", [](Program&) {});
}

TEST_CASE("an axon that skips places is found", "[audit][axon][cheat]") {
    Draft d(far_lines);
    d.is_read(Criterion::online, "stands still or jumps", [](Program& program) {
        for (Operation& op : program.operations)
            if (op.kind == Kind::conduct) op.lag = 2;
    });
}

// ---- terminals

TEST_CASE("another set that learns with what one set releases is found",
          "[audit][terminals][cheat]") {
    Draft d(released_lines);
    d.hebb(d.w("Q"), d.v("hidden.feedback"), d.so_far().find("P.arriving"), 1.0, 0.01);
    d.is_read(Criterion::rates_transmitted, "P.arriving", [](Program&) {});
}

TEST_CASE("what terminals have left is not gathered over cells", "[audit][terminals][cheat]") {
    Draft d(released_lines);
    const SlotId left = d.so_far().find("P.left");
    const SlotId all = d.inner(left, left, "made_up.all");
    d.consolidate(d.w("J"), all, d.tag(d.set("J"), "made_up"), 0.01);
    d.is_read(Criterion::rates_transmitted, "P.left", [](Program&) {});
}

TEST_CASE("terminals that release more than a rate are found", "[audit][terminals][cheat]") {
    Draft d(released_lines);
    d.is_read(Criterion::rates_transmitted, "P.arriving", [](Program& program) {
        Operation& made = writer_of(program, Kind::cellwise, "P.arriving");
        for (FormulaNode& node : made.formula)
            if (node.node == Node::multiply) node.node = Node::add;
    });
}

TEST_CASE("terminals of other cells do not release a rate", "[audit][terminals][cheat]") {
    Draft d(released_lines);
    d.is_read(Criterion::rates_transmitted, "P.arriving", [](Program& program) {
        Operation& made = writer_of(program, Kind::cellwise, "P.arriving");
        for (Operand& operand : made.operands)
            if (program[operand.slot].name == "relay.r") operand.slot = program.find("input.r");
    });
}

// ---- who intervenes

TEST_CASE("a rule that takes an event's name intervenes all the same", "[audit][events][cheat]") {
    Draft d(event_lines);
    const Intervention& lesion = d.circuit().interventions.front();
    d.begin(PhaseId(1), "event.lesion", {}, Asker::rule);
    d.intervene(d.w("A"), lesion, 0.0, 0.5);
    d.is_read(Criterion::local_plasticity, "is no change of synapses", [](Program&) {});
}

TEST_CASE("an event that does what another event says is found", "[audit][events][cheat]") {
    Draft d(event_lines);
    d.begin(PhaseId(1), "event.silence");
    d.intervene(d.r("hidden"), d.circuit().interventions.front(), 1.0, 0.5);
    d.is_read(Criterion::vectors_in_cells, "no [event.*] asks for", [](Program&) {});
}

TEST_CASE("an intervention that a number of a cell switches is found", "[audit][events][cheat]") {
    Draft d(event_lines);
    d.is_read(Criterion::local_plasticity, "is no change of synapses", [](Program& program) {
        Operation& op = writer_of(program, Kind::intervene, "J");
        op.operands[1].slot = program.loss();
    });
}

// ---- draws and noise

TEST_CASE("a draw for all that cells read is found", "[audit][noise][cheat]") {
    Draft d;
    const SlotId draw = d.noise({}, "made_up.draw", {.function = Function::normal});
    d.during("update");
    FormulaBuilder b;
    const Formula shaken =
        b.formula(b.made(Node::multiply, b.operand(1, Index::post), b.operand(2, Index::all)));
    d.hebb(d.w("A"),
           d.formula(d.cells("hidden"), "made_up.shaken", shaken, {d.v("hidden.feedback"), draw}),
           d.r("hidden"), 1.0, 0.01);
    d.is_read(Criterion::independent_noise, "one draw for all cells", [](Program&) {});
}

TEST_CASE("a draw that moves two gates is found", "[audit][noise][cheat]") {
    Draft d("", {"gate.perisomatic.jitter_ms=0.3", "gate.disinhibition.jitter_ms=0.3"});
    d.is_read(Criterion::independent_noise, "one draw for all cells", [](Program& program) {
        const SlotId other = program.find("gate.perisomatic.delay");
        REQUIRE(other);
        for (Operation& op : program.operations) {
            if (op.kind != Kind::gate || op.function == Function::delay) continue;
            for (Operand& one : op.operands)
                if (program[one.slot].name == "gate.disinhibition.delay") one.slot = other;
        }
    });
}

TEST_CASE("noise of one population that another fires is found", "[audit][noise][cheat]") {
    Draft d(noisy_lines);
    d.is_read(Criterion::independent_noise, "knows the same draws", [](Program& program) {
        for (Operation& op : program.operations) {
            if (op.kind != Kind::cellwise || program[op.operands[0].slot].name != "ghost.r")
                continue;
            for (Operand& one : op.operands)
                if (program[one.slot].name == "noise.ghostly")
                    one.slot = program.find("noise.membrane.draw");
        }
    });
}

TEST_CASE("noise that remembers what the soma was is a memory", "[audit][noise][cheat]") {
    Draft d(noisy_lines);
    const SlotId noise = d.so_far().find("noise.membrane");
    const SlotId was = d.previous(d.scaled(noise, 1.0, "made_up.was"));
    const SlotId older =
        d.scaled(d.previous(d.scaled(was, 1.0, "made_up.older")), 1.0, "made_up.oldest");
    d.hebb(d.w("A"), older, d.r("hidden"), 1.0, 0.01);
    d.is_read(Criterion::online, "made_up", [](Program&) {});
}

TEST_CASE("an Ornstein-Uhlenbeck process that grows is found", "[audit][noise][cheat]") {
    Draft d(noisy_lines);
    d.hebb(d.w("A"), d.so_far().find("noise.membrane"), d.r("hidden"), 1.0, 0.01);
    d.is_read(Criterion::continuous_plasticity, "A", [](Program& program) {
        Operation& ou = writer_of(program, Kind::cellwise, "noise.membrane");
        ou.retain = 1.5;
    });
}

// ---- trees

TEST_CASE("a branch that leads by another conductance than its own is found",
          "[audit][tree][cheat]") {
    Draft d = tree_draft();
    d.is_read(Criterion::gates_obeyed, "hidden.apical_drive", [](Program& program) {
        writer_of(program, Kind::relax, "hidden.apical_drive").weights[1] = 0.7;
    });
}

TEST_CASE("a tuft that leads its branch past its gate is found", "[audit][tree][cheat]") {
    Draft d = tree_draft();
    d.is_read(Criterion::gates_obeyed, "hidden.apical_drive", [](Program& program) {
        Operation& op = writer_of(program, Kind::relax, "hidden.apical_drive");
        op.operands.erase(op.operands.begin() + 2);
        op.gated[0] = false;
    });
}

TEST_CASE("a soma that a tuft leads past its branch is found", "[audit][tree][cheat]") {
    Draft d = tree_draft();
    d.is_read(Criterion::gates_obeyed, "hidden.soma.v", [](Program& program) {
        Operation& op = writer_of(program, Kind::relax, "hidden.soma.v");
        for (Operand& one : op.operands)
            if (program[one.slot].name == "hidden.apical_drive")
                one.slot = program.find("hidden.tuft.v");
    });
}

TEST_CASE("a conductance that is another population's rate is found", "[audit][tree][cheat]") {
    Draft d = tree_draft();
    d.is_read(Criterion::gates_obeyed, "hidden.apical_conductance", [](Program& program) {
        Operation& op = writer_of(program, Kind::cellwise, "hidden.apical_conductance");
        op.operands.back().slot = program.find("other.r");
    });
}

TEST_CASE("a branch that holds what its drive was is found", "[audit][tree][cheat]") {
    Draft d = tree_draft();
    const SlotId was = d.previous(d.so_far().find("hidden.apical_drive"));
    d.is_read(Criterion::gates_obeyed, "hidden.apical.v", [&](Program& program) {
        Operation& op = writer_of(program, Kind::relax, "hidden.apical.v");
        op.operands[1].slot = was;
    });
}

TEST_CASE("a rule that makes a branch's conductance is found", "[audit][tree][cheat]") {
    Draft d = tree_draft();
    d.set_product(d.so_far().find("hidden.apical_conductance"), d.v("hidden.feedback"),
                  d.v("hidden.feedback"));
    d.is_read(Criterion::gates_obeyed, "hidden.apical_conductance", [](Program&) {});
}

// ---- honest circuits

TEST_CASE("a tree of branches with conductance synapses passes", "[audit][tree][innocent]") {
    tree_draft().is_innocent();
}

TEST_CASE("a tree that is solved exactly passes", "[audit][tree][innocent]") {
    std::string lines = tree_lines;
    const auto without = [&](const std::string& begin) {
        const std::size_t at = lines.find(begin);
        REQUIRE(at != std::string::npos);
        lines.erase(at, lines.find('\n', at) - at);
    };
    without("gate.disinhibition");
    without("synapses.E ");
    const auto replaced = [&](const std::string& what, const std::string& by) {
        const std::size_t at = lines.find(what);
        REQUIRE(at != std::string::npos);
        lines.replace(at, what.size(), by);
    };
    replaced(", exc = { to = \"apical\", reversal = 1.0 }, solver = \"steady\"", "");
    replaced("\"exc\", ", "");
    Draft(model_of_text(lines)).is_innocent();
}

TEST_CASE("a tree that goes by Euler's steps passes", "[audit][tree][innocent]") {
    std::string lines = tree_lines;
    lines.replace(lines.find("\"steady\""), 8, "\"euler\"");
    const std::string phases =
        "phase = [{ name = \"forward\", ms = 1.0 }, { name = \"update\", ms = 1.0 }]";
    Draft(model_of_text(with_phases(lines, phases))).is_innocent();
}

TEST_CASE("synapses that depress and learn with what they release pass",
          "[audit][terminals][innocent]") {
    is_innocent(
        released_lines +
        "plasticity.released = { rule = \"hebb_decay\", synapses = [\"P\"], rate = 0.01, decay = "
        "0.02 }\n");
}

TEST_CASE("noise in somata and in rates passes", "[audit][noise][innocent]") {
    is_innocent(noisy_lines);
}

TEST_CASE("events beside axons and noise pass", "[audit][events][innocent]") {
    is_innocent(event_lines + far_lines + noisy_lines +
                "event.hold = { at = 9, for = 3, set = { \"hidden.r\" = 0.5, \"A\" = 0.0, "
                "\"hidden.feedback\" = 0.1 } }\n");
}

TEST_CASE("wires of several steps pass", "[audit][axon][innocent]") {
    is_innocent(R"(
population.partner = { size = 5 }
wire.late = { from = "hidden", to = "partner.soma", during = "forward", delay = 4 }
synapses.back = { from = "partner", to = "hidden.feedback", during = "update", delay = 2, init = { normal = 0.2 } }
)");
}

TEST_CASE("a trace of what a set carries is at its terminals and no variable of the cell",
          "[audit][axon][innocent]") {
    const std::string traced = R"(
rule.traced = { state = { f = "pre" }, parameters = { rate = 0.01 }, equations = ["f = 0.8 * f + 0.2 * pre.r", "w += rate * tanh(post.r) * f - rate * w"] }
plasticity.traced = { rule = "traced", synapses = ["A"] }
)";
    is_innocent(traced);
    for (const bool elsewhere : {false, true}) {
        // Another set that reads the trace makes it a number of the cell.
        Draft d(traced);
        if (elsewhere)
            d.hebb(d.w("J"), d.v("hidden.forecast"), d.so_far().find("traced.f(A)"), 0.99, 0.01);
        const Audit found = std::move(d).audited();
        CHECK(elsewhere ==
              std::any_of(found.beyond.begin(), found.beyond.end(), [](const Finding& one) {
                  return one.criterion == Criterion::presynaptic_variable;
              }));
    }
}
