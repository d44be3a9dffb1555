// Numbers that rules keep of pairs of cells, as they are computed: against Eigen, plans against
// each other, and all that runs do with a rule's numbers.
#include "sim/run_file/stored_run.hpp"
#include "tests/learning_rules/shown_inputs.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/engine/plan/driven_model.hpp"
#include "tests/sim/runs/resumed_run.hpp"

using namespace apical;

namespace {

// P of the presynaptic cells and Q of the postsynaptic ones; no matrix is symmetric.
const std::string rule_of_pairs = R"(
[rule.mine]
parameters = { rate = 0.01, keep = 0.9 }
equations  = '''
m = keep * m + pre.r
k = dot(P, pre.r)
P = keep * P + rate * outer(k, m)
q = dot(Q, post.r)
Q += -rate * outer(q, post.r)
w += rate * q * k
'''
[rule.mine.state]
m = "pre"
P = { at = "pairs", of = "pre", init = { normal = 0.3 } }
Q = { at = "pairs", of = "post", init = { identity = 0.5 } }
)";

std::string n_cells_that_learn(int n) {
    return fmt::format(R"(
phase = [{{ name = "forward", ms = 10.0 }}]
population.cell = {{ size = {} }}
synapses.W = {{ from = "input", to = "cell.soma", during = "forward", init = {{ normal = 0.5 }} }}
plasticity.learning = {{ rule = "mine", synapses = ["W"] }}
)",
                       n) +
           rule_of_pairs;
}

// Sets of delay 0 and 1 learn, with all that a model needs to be stepped phase by phase.
std::string n_recurrent_cells(int n) {
    return common_lines + hidden_lines +
           fmt::format(R"(
population.hidden = {{ size = {}, alpha = 0.5 }}
synapses.W_rec = {{ from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = {{ normal = 0.2 }} }}
plasticity.learning = {{ rule = "mine", synapses = ["W_in", "W_rec"] }}
)",
                       n) +
           rule_of_pairs;
}

}  // namespace

TEST_CASE("dot and outer are the products of a matrix between cells", "[rules][pairs]") {
    constexpr int steps = 20;
    for (const int n : {1, 5, 33}) {
        INFO(n);
        const Matrix x = drawn_rows(steps, n, "test/pairs") / std::sqrt(n);
        SteppedModel sim(shown(n_cells_that_learn(n), x));
        Matrix P = sim.matrix("learning.P(W)"), Q = sim.matrix("learning.Q"), W = sim.matrix("W");
        CHECK(P.rows() == n);
        CHECK(P.cols() == n);
        CHECK(P.norm() > 0.0);
        CHECK(Q == Matrix(0.5 * Matrix::Identity(n, n)));
        Vector m = Vector::Zero(n);
        for (int t = 0; t < steps; ++t) {
            sim.step();
            const Vector carried = sim.vector("input.r"), r = sim.vector("cell.r");
            REQUIRE(carried == Vector(x.row(t).transpose()));
            m = 0.9 * m + carried;
            const Vector k = P * carried;
            P = 0.9 * P + 0.01 * k * m.transpose();
            const Vector q = Q * r;
            Q -= 0.01 * q * r.transpose();
            W += 0.01 * q * k.transpose();
            REQUIRE(distance(sim.vector("learning.k(W)"), k) <= form_tolerance);
            REQUIRE(distance(sim.matrix("learning.P(W)"), P) <= form_tolerance);
            REQUIRE(distance(sim.vector("learning.q"), q) <= form_tolerance);
            REQUIRE(distance(sim.matrix("learning.Q"), Q) <= form_tolerance);
            REQUIRE(distance(sim.matrix("W"), W) <= form_tolerance);
        }
    }
}

TEST_CASE("statements read a matrix as the ones before have left it", "[rules][pairs]") {
    SteppedModel sim(shown(driven_by_W("rule = \"mine\"") + R"(
[rule.mine]
state     = { P = { at = "pairs", of = "pre", init = { identity = 2.0 } } }
equations = '''
before = dot(P, pre.r)
P += outer(before, pre.r) / 8
after = dot(P, pre.r)
w += post.r * after
'''
)",
                           row({0.6, 0.8})));
    for (int t = 1; t <= 20; ++t) {
        sim.step();
        // |x| = 1: P x is multiplied by 1 + 1/8.
        const double length = 2.0 * std::pow(1.125, t);
        REQUIRE(sim.vector("learning.before(W)").norm() == near(length / 1.125));
        REQUIRE(sim.vector("learning.after(W)").norm() == near(length));
    }
}

TEST_CASE("a matrix between cells follows an outer product by its exact step",
          "[rules][pairs][closed_form]") {
    SteppedModel sim(shown(driven_by_W("rule = \"mine\"") + R"(
[rule.mine]
parameters = { tau_ms = 50.0 }
state      = { P = { at = "pairs", of = "pre" } }
equations  = '''
dP/dt = (outer(pre.r, pre.r) - P) / tau_ms
w += post.r * dot(P, pre.r)
'''
)",
                           row({0.6, -0.3})));
    const Matrix x = row({0.6, -0.3});
    for (int t = 1; t <= 50; ++t) {
        sim.step();
        const Matrix expected = -std::expm1(-t * step_ms / 50.0) * x.transpose() * x;
        REQUIRE(distance(sim.matrix("learning.P(W)"), expected) <= form_tolerance);
    }
}

TEST_CASE("every plan makes the same bits of pairs of cells", "[rules][pairs][passes]") {
    const TemporaryFolder folder;
    for (const int n : {1, 5, 33}) {
        const std::string path = folder.write(fmt::format("m{}.toml", n), n_recurrent_cells(n));
        for (const Rounding rounding : {Rounding::strict, Rounding::fused}) {
            for (const Kernels* kernels : available_kernels(rounding)) {
                INFO(n << " cells, " << kernels->instruction_set);
                Driven plain(path, {}, {}, best_kernels(rounding)), alone(path, {}, {}, *kernels),
                    fused(path, {}, passes_named({"fuse"}), *kernels),
                    all(path, {}, all_plan_passes(), *kernels);
                for (int step = 1; step <= 20; ++step) {
                    for (Driven* one : {&plain, &alone, &fused, &all}) {
                        one->step();
                        if (step % 3 == 0) one->plan.flush();
                    }
                    if (step % 3 != 0) continue;
                    for (const Driven* one : {&alone, &fused, &all}) require_same(*one, plain, 0.0);
                }
            }
        }
    }
}

TEST_CASE("a change of pairs of cells is fused with the next product", "[rules][pairs][passes]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("m.toml", n_recurrent_cells(5));
    const Driven fused(path, {}, passes_named({"fuse"}));
    const double* const Q = fused.state.data(fused.program.find("learning.Q"));
    bool changes_Q = false;
    for (std::size_t phase = 0; phase < fused.phases(); ++phase) {
        for (const Step& step : fused.plan.steps(phase)) {
            for (std::size_t k = 0; step.pass && k < step.pass->matrix_count; ++k)
                changes_Q |= step.pass->matrices[k].matrix == Q && step.due;
        }
    }
    CHECK(changes_Q);
}

TEST_CASE("a run is resumed to the same bytes with what a rule keeps of pairs of cells",
          "[checkpoint][pairs]") {
    const TemporaryFolder folder;
    const std::string path = folder / "run.h5", killed = folder / "killed.h5";
    run_model(saved_model(folder.write("m.toml", n_recurrent_cells(6)), path));
    const StoredRun run(path);
    CHECK(run.has("learning.P(W_rec)"));
    leave_killed(path, 26, killed);
    resumed(killed);
    CHECK(content_of(killed) == content_of(path));
}

TEST_CASE("check says how much memory a matrix between cells takes", "[rules][pairs]") {
    const TemporaryFolder folder;
    folder.write("m.toml", n_recurrent_cells(33));
    const Outcome outcome = apical_in(folder, {"check", "m.toml"});
    CHECK(outcome.code == 0);
    // 33 x 33 numbers of 8 bytes; the input has 3 cells.
    CHECK_THAT(outcome.out,
               Catch::Contains("\n  learning.P(W_rec)    33 x 33    pairs of hidden, joined by no "
                               "synapses: 0.00871 MB\n") &&
                   Catch::Contains("\n  learning.P(W_in)     3 x 3     pairs of input, ") &&
                   Catch::Contains("\n  learning.Q      33 x 33    pairs of hidden, "));
}

TEST_CASE("pairs of more cells than memory has room for are refused by name", "[rules][pairs]") {
    const std::optional<Error> error = error_of([] {
        const Model model = small_model(hidden_lines + R"(
population.hidden = { size = 400_000 }
plasticity.learning = { rule = "mine", synapses = ["W_out"] }
)" + rule_of_pairs);
        const State state(model.program);
    });
    REQUIRE(error);
    CHECK(error->code() == ExitCode::bad_model);
    CHECK_THAT(error->what(),
               Catch::Contains("GB of memory") && Catch::Contains("\"learning.P(W_out)\""));
}
