// Sums of incoming strengths that cells keep: against Eigen, closed forms, and who is left alone.
#include "sim/command_line/describe.hpp"
#include "sim/verify/text_rules.hpp"
#include "tests/sim/engine/plan/optimised_model.hpp"
#include "tests/sim/runs/resumed_run.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// Hidden cells whose inputs and bias learn by a product of rates, and that keep a sum.
std::string scaled_cells(const std::string& scaling, const std::string& of_input = "",
                         const std::string& of_phase = "") {
    std::string text = common_lines + R"(
synapses.W_in = { from = "input", to = "hidden.soma", during = "forward", init = { normal = 1.0 })" +
                       of_input + R"( }
synapses.b = { from = "one", to = "hidden.soma", during = "forward", init = { normal = 1.0 } }
synapses.W_out = { from = "hidden", to = "output.soma", during = "forward", init = { normal = 1.0 } }
rule.plain = { parameters = { rate = 0.1 }, equations = "w += rate * post.r * pre.r" }
plasticity.inputs = { rule = "plain", synapses = ["W_in"], during = "update" }
plasticity.biases = { rule = "plain", synapses = ["b"], during = "update" }
[population.hidden]
size = 5
scale_incoming = )" + scaling +
                       "\n";
    const std::string update = "ms = 4.0";
    return text.replace(text.find(update), update.size(), update + of_phase);
}

// A linear cell that only `scaling` changes: three inputs of 0.5.
std::string resting_cell(const std::string& scaling, const std::string& phases = "",
                         const std::string& of_set = "") {
    std::string text = common_lines + R"(
population.cell = { size = 1, activation = "linear", scale_incoming = )" +
                       scaling + R"( }
synapses.W = { from = "input", to = "cell.soma", during = "forward", init = { constant = 0.5 })" +
                       of_set + R"( }
synapses.W_out = { from = "cell", to = "output.soma", during = "forward", init = { constant = 1.0 } }
)";
    const std::string update = "ms = 4.0";
    return text.replace(text.find(update), update.size(), update + phases);
}

Vector totals(const SteppedModel& sim, int norm) {
    const Matrix W = sim.matrix("W_in"), b = sim.matrix("b");
    if (norm == 1) return W.cwiseAbs().rowwise().sum() + b.cwiseAbs().rowwise().sum();
    return (W.rowwise().squaredNorm() + b.rowwise().squaredNorm()).cwiseSqrt();
}

Approx exact_form(double expected) { return Approx(expected).epsilon(0.0).margin(1e-13); }

}  // namespace

TEST_CASE("behind each change a cell's incoming strengths are scaled to the sum", "[scaling]") {
    const int norm = GENERATE(1, 2);
    SteppedModel sim(model_of_text(
        scaled_cells(fmt::format("{{ of = [\"W_in\", \"b\"], to = 2.5, norm = {} }}", norm))));
    for (int step = 0; step < 5; ++step) {
        Matrix W = sim.matrix("W_in"), b = sim.matrix("b");
        sim.step();
        const Vector hidden = sim.vector("hidden.r");
        W += 0.1 * hidden * sim.vector("input.r").transpose();
        b += 0.1 * hidden;
        const Vector sums = norm == 1
                                ? Vector(W.cwiseAbs().rowwise().sum() + b.cwiseAbs())
                                : Vector((W.rowwise().squaredNorm() + b.cwiseAbs2()).cwiseSqrt());
        const Vector factors = 2.5 * sums.cwiseInverse();
        CHECK(distance(sim.matrix("W_in"), Matrix(factors.asDiagonal() * W)) < 1e-14);
        CHECK(distance(sim.matrix("b"), Matrix(factors.asDiagonal() * b)) < 1e-14);
        CHECK(distance(totals(sim, norm), Vector::Constant(5, 2.5)) < 1e-14);
        CHECK(distance(sim.vector("hidden.scaling"), factors) < 1e-14);
    }
}

TEST_CASE("a set that is not named keeps its strengths, and is not counted", "[scaling]") {
    SteppedModel sim(model_of_text(scaled_cells("{ of = \"b\", to = 2.5 }")));
    const Matrix W = sim.matrix("W_in");
    sim.step();
    const Matrix change = sim.matrix("W_in") - W;
    CHECK(distance(change, Matrix(0.1 * sim.vector("hidden.r") *
                                  sim.vector("input.r").transpose())) < 1e-15);
    CHECK(distance(sim.matrix("b").cwiseAbs(), Matrix::Constant(5, 1, 2.5)) < 1e-15);
}

// From 3 x 0.5 to 1 the sum falls by exp(-h / tau); to 4 it grows by 1 + share until it is 2.
TEST_CASE("with a time constant the sum comes back exponentially", "[scaling]") {
    SteppedModel falls(model_of_text(resting_cell("{ of = \"W\", to = 1.0, tau_ms = 50.0 }")));
    for (int step = 1; step <= 20; ++step) {
        falls.step();
        CHECK(falls.matrix("W").sum() == exact_form(1.0 + 0.5 * std::exp(-10.0 * step / 50.0)));
    }
    SteppedModel grows(model_of_text(resting_cell("{ of = \"W\", to = 4.0, tau_ms = 50.0 }")));
    double total = 1.5;
    const double share = 1.0 - std::exp(-10.0 / 50.0);
    for (int step = 1; step <= 20; ++step) {
        grows.step();
        total += total < 2.0 ? share * total : share * (4.0 - total);
        CHECK(grows.matrix("W").sum() == exact_form(total));
    }
}

TEST_CASE("a sum that is kept at most is left alone below", "[scaling]") {
    SteppedModel falls(
        model_of_text(resting_cell("{ of = \"W\", to = 1.0, tau_ms = 50.0, at_most = true }"))),
        at_once(model_of_text(resting_cell("{ of = \"W\", to = 1.0, at_most = true }"))),
        below(model_of_text(resting_cell("{ of = \"W\", to = 2.0, at_most = true }"))),
        slowly(
            model_of_text(resting_cell("{ of = \"W\", to = 2.0, tau_ms = 50.0, at_most = true }")));
    for (SteppedModel* sim : {&falls, &at_once, &below, &slowly}) sim->step(5);
    CHECK(falls.matrix("W").sum() == exact_form(1.0 + 0.5 * std::exp(-1.0)));
    CHECK(at_once.matrix("W").sum() == exact_form(1.0));
    CHECK(below.matrix("W").sum() == 1.5);
    CHECK(slowly.matrix("W").sum() == 1.5);
}

TEST_CASE("a scaling with a time constant counts the time from one to the next", "[scaling]") {
    const std::string taught = R"(
rule.still = { parameters = { rate = 1e-300 }, equations = "w += rate * post.r * pre.r" }
plasticity.still = { rule = "still", synapses = ["W"], during = "update")";
    const std::string slow = "{ of = \"W\", to = 1.0, tau_ms = 50.0 }";
    SteppedModel fifth(model_of_text(resting_cell(slow, ", every = 5") + taught + " }\n"));
    fifth.step(4);
    CHECK(fifth.matrix("W").sum() == 1.5);
    fifth.step(6);
    CHECK(fifth.matrix("W").sum() == exact_form(1.0 + 0.5 * std::exp(-100.0 / 50.0)));
    SteppedModel each(
        model_of_text(resting_cell(slow, ", repeat = 6") + taught + ", each = \"iteration\" }\n"));
    each.step(2);
    CHECK(each.matrix("W").sum() == exact_form(1.0 + 0.5 * std::exp(-12 * 4.0 / 50.0)));
    rejects_text(
        resting_cell("@" + slow, ", steps = { period = 5, first = 1, last = 2 }") + taught + " }\n",
        {"[population.cell] scales with a time constant in phase \"update\"",
         "carried out in 2 of 5 steps"});
}

// 3 inputs of 0.5; what is cut off at 0.4 is not made up for, and two synapses share 1.5.
TEST_CASE("scaling keeps bounds and what is not connected", "[scaling]") {
    SteppedModel bounded(
        model_of_text(resting_cell("{ of = \"W\", to = 2.4 }", "", ", bounds = [0.0, 0.6]")));
    bounded.step();
    CHECK(bounded.matrix("W") == Matrix::Constant(1, 3, 0.6));
    SteppedModel some(model_of_text(
        resting_cell("{ of = \"W\", to = 1.5 }", "", ", connect = { in_degree = 2 }")));
    some.step(2);
    CHECK(some.matrix("W").sum() == exact_form(1.5));
    CHECK((some.matrix("W").array() != 0.0).count() == 2);
    CHECK(some.matrix("W").maxCoeff() == exact_form(0.75));
}

TEST_CASE("strengths of one sign are summed up as they are, others by their sizes", "[scaling]") {
    const std::string scaling = "{ of = \"W\", to = 1.0 }";
    const Model of_either = model_of_text(resting_cell(scaling)),
                positive = model_of_text(resting_cell(scaling, "", ", bounds = [0.0, 9.0]"));
    CHECK(of_either.program.find("magnitude(W)"));
    CHECK_FALSE(positive.program.find("magnitude(W)"));
    std::string inhibiting = resting_cell(scaling);
    inhibiting.replace(inhibiting.find("constant = 0.5"), 14, "constant = -0.5");
    const std::string role = "population.input.role = \"input\"";
    inhibiting.replace(inhibiting.find(role), role.size(),
                       "population.input = { role = \"input\", sign = \"inhibitory\" }");
    SteppedModel negative(model_of_text(inhibiting));
    CHECK_FALSE(negative.model.program.find("magnitude(W)"));
    negative.step();
    CHECK(negative.matrix("W").sum() == exact_form(-1.0));
}

TEST_CASE("a cell without strengths is left alone", "[scaling]") {
    std::string text = resting_cell("{ of = \"W\", to = 1.0 }");
    text.replace(text.find("constant = 0.5"), 14, "constant = 0.0");
    SteppedModel sim(model_of_text(text));
    sim.step(3);
    CHECK(sim.matrix("W").isZero(0.0));
}

TEST_CASE("a step's last operations on strengths scale them, and check says so", "[scaling]") {
    const Model model = model_of_text(scaled_cells("{ of = [\"W_in\", \"b\"], to = 2.5 }"));
    std::vector<std::pair<Kind, std::string>> scaling,
        expected = {{Kind::synaptic, "magnitude(W_in)"},
                    {Kind::gather, "hidden.incoming_W_in"},
                    {Kind::synaptic, "magnitude(b)"},
                    {Kind::gather, "hidden.incoming_b"},
                    {Kind::cellwise, "hidden.scaling"},
                    {Kind::synaptic, "W_in"},
                    {Kind::synaptic, "b"}};
    bool has_begun = false;
    for (const Operation& op : model.program.operations) {
        const bool is_scaling = op.asker == Asker::scaling;
        CHECK((is_scaling || !has_begun));
        has_begun |= is_scaling;
        if (is_scaling) scaling.emplace_back(op.kind, model.program[op.operands[0].slot].name);
    }
    CHECK(scaling == expected);
    CHECK_THAT(describe_model(model),
               Catch::Contains("soma; strengths of W_in, b sum up to 2.5, at once\n"));
    CHECK_THAT(describe_model(model_of_text(resting_cell(
                   "{ of = \"W\", to = 1.0, norm = 2, tau_ms = 50.0, at_most = true }"))),
               Catch::Contains("squared strengths of W have the root at most 1, tau 50 ms\n") &&
                   Catch::Contains("ms scale the scaling of cell\n"));
}

TEST_CASE("rules whose strengths are scaled are held to their text, fused and resumed",
          "[scaling][verify][fuse][checkpoint]") {
    const std::string scaling = GENERATE(
        "{ of = [\"W_in\", \"b\"], to = 2.5 }", "{ of = [\"W_in\", \"b\"], to = 2.5, norm = 2 }",
        "{ of = [\"W_in\", \"b\"], to = 2.5, tau_ms = 100.0 }",
        "{ of = [\"W_in\", \"b\"], to = 2.5, tau_ms = 100.0, at_most = true }");
    const std::string of_input = GENERATE("", ", connect = { probability = 0.6 }");
    const std::string text = scaled_cells(scaling, of_input);
    CHECK_FALSE(verify_text_rules(model_of_text(text), 15, 1e-12).first());
    const TemporaryFolder folder;
    const Model model = saved_model(folder.write("scaled.toml", text), folder / "whole.h5");
    SteppedModel plain(load_model(folder / "scaled.toml", {"population.hidden.size=6"}));
    same_by_passes(model, plain, 12, 12);
    run_model(model);
    const std::string killed = folder / "killed.h5";
    leave_killed(model.output, 26, killed);
    resumed(killed, 2);
    CHECK(content_of(killed) == content_of(model.output));
}

TEST_CASE("a wrong scaling is rejected at its place", "[scaling]") {
    rejects_text(scaled_cells("{ of = [\"W_in\", @\"c\"], to = 1.0 }"),
                 {"there is no synapse set \"c\""});
    rejects_text(
        scaled_cells("{ of = [\"W_in\", @\"W_out\"], to = 1.0 }"),
        {"synapses \"W_out\" end on \"output\"; the incoming ones of \"hidden\" are expected"});
    rejects_text(scaled_cells("{ of = [\"b\", @\"b\"], to = 1.0 }"), {"\"b\" is summed up twice"});
    rejects_text(scaled_cells("{ of = @[], to = 1.0 }"), {"sums up no synapse set"});
    rejects_text(scaled_cells("{ of = \"b\", to = @0.0 }"), {"expected a number above 0"});
    rejects_text(scaled_cells("{ of = \"b\", to = 1.0, norm = @3 }"),
                 {"expected a whole number from 1 to 2"});
    rejects_text(scaled_cells("{ of = \"b\", to = 1.0, @taums = 3 }"),
                 {"unknown key \"taums\"", "Did you mean \"tau_ms\"?"});
    rejects_text(scaled_cells("@{ to = 1.0 }"), {"is missing its key \"of\""});
}
