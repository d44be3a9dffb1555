// Changes of synapses by a formula, against loops over entries: every instruction set, tiles and
// panels that are not full, pads, numbers that are none, row blocks, and passes of the plan.
#include <catch2/catch.hpp>
#include <cmath>
#include <limits>

#include "sim/engine/plan/passes.hpp"
#include "sim/engine/plan/plan.hpp"
#include "sim/engine/plan/workers.hpp"
#include "tests/formula_terms.hpp"
#include "tests/sim/engine/kernels/padded_numbers.hpp"
#include "tests/sim/engine/synaptic_loops.hpp"
#include "tests/this_build.hpp"

namespace apical::synaptic_tests {

using namespace terms;

namespace {

Slot shaped(Shape shape, int rows, int columns = 1) {
    Slot slot;
    slot.name = "slot";
    slot.shape = shape;
    slot.rows = rows;
    slot.columns = columns;
    return slot;
}

Program synaptic_program(const Formula& formula, int rows, int columns) {
    Program program;
    program.phase_names = {"only"};
    program.slots = {shaped(Shape::per_synapse, rows, columns),
                     shaped(Shape::per_cell, rows),
                     shaped(Shape::per_cell, rows),
                     shaped(Shape::per_cell, columns),
                     shaped(Shape::per_cell, columns),
                     shaped(Shape::per_synapse, rows, columns),
                     shaped(Shape::scalar, 1),
                     shaped(Shape::scalar, 1)};
    Operation op{.kind = Kind::synaptic, .phase = PhaseId(0)};
    op.formula = formula;
    for (std::size_t k = 0; k < operand_count; ++k) op.operands.push_back({SlotId(k)});
    op.operands[0].access = reads(formula, 0) ? Access::update : Access::set;
    program.operations = {op};
    return program;
}

void start(State& state, unsigned seed) {
    for (std::size_t k = 0; k < state.program().slots.size(); ++k) {
        const Slot& slot = state.program().slots[k];
        Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor> numbers =
            normal_matrix(slot.rows, slot.columns, seed + unsigned(k));
        state.write(SlotId(k), numbers.data());
    }
}

bool is_same(double a, double b) { return a == b || (std::isnan(a) && std::isnan(b)); }

void check_pads(const State& state) {
    const Slot& matrix = state.program().slots[0];
    const auto rows = std::size_t(matrix.rows), columns = std::size_t(matrix.columns);
    const auto numbers = state.numbers(SlotId(0));
    std::vector<bool> is_entry(numbers.size());
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j) is_entry[place(matrix, i, j)] = true;
    }
    std::size_t wrong = 0;
    for (std::size_t k = 0; k < numbers.size(); ++k) wrong += !is_entry[k] && numbers[k] != 0.0;
    CHECK(wrong == 0);
}

// The matrix after some steps of the plan.
std::vector<double> performed(const Program& program, const Kernels& kernels, int steps = 1) {
    State state(program);
    start(state, 3);
    const Plan plan = Plan::compile(program, state, kernels);
    for (int step = 1; step <= steps; ++step) plan.run_phase(0, step);
    check_pads(state);
    return entries(state);
}

void check_equal(const std::vector<double>& a, const std::vector<double>& b) {
    REQUIRE(a.size() == b.size());
    std::size_t different = 0;
    for (std::size_t k = 0; k < a.size(); ++k) different += !is_same(a[k], b[k]);
    CHECK(different == 0);
}

}  // namespace

TEST_CASE("a formula at synapses is what a loop over entries makes of it", "[synaptic]") {
    for (unsigned seed = 1; seed <= unsigned(fewer_if_sanitized(300)); ++seed) {
        const Formula formula = RandomTerm(seed).term(1 + int(seed % 5)).formula;
        if (!check_formula(formula, operand_count)) continue;  // too long
        INFO("seed " << seed << ": " << to_text(formula, {"w", "a", "b", "x", "y", "e", "s", "t"}));
        const int sizes[] = {1, 5, 32, 33, 257};
        const int rows = sizes[seed % 5], columns = sizes[seed / 5 % 5];
        const Program program = synaptic_program(formula, rows, columns);
        State before(program);
        start(before, 3);
        const std::vector<double> expected = evaluated(before);
        for (const Kernels* kernels : kernels_that_round(Rounding::strict))
            check_equal(performed(program, *kernels), expected);
        const auto fused = kernels_that_round(Rounding::fused);
        for (const Kernels* kernels : fused)
            check_equal(performed(program, *kernels), performed(program, *fused[0]));
    }
}

TEST_CASE("parts of a formula that are made together are what a loop over entries makes of them",
          "[synaptic]") {
    const Term e = tag(tag_place), rank_one = post(1) * pre(first_pre), one = number(1.0),
               t = all(first_number), s = all(first_number + 1);
    const std::vector<Term> all_terms = {
        (one - w()) * e,
        (w() - e) * (one - w()),
        (w() - e) * (w() - e),
        w() + (one - w()) * e,
        w() + t * (w() - e),
        w() + (w() - e) * post(1),
        w() - e * (w() - e),
        clip(w() - t * (w() - e), -0.5, 0.5),
        clip(w() + (one - w()) * e, -0.5, 0.5),
        w() + rank_one * (one - w()),
        w() + rank_one * (t - w()) * e,
        e + rank_one * (one - w()),
        w() + (post(1) * (pre(first_pre) * pre(first_pre + 1))) * (one - w()),
        clip(w() + rank_one * (one - w()), -0.5, 0.5),
        clip(w() + rank_one, -0.5, 0.5),
        clip(0.5 * w() + rank_one, -0.5, 0.5) + clip(e, -0.25, 0.25),
        clip(post(2) * w() + rank_one, -0.5, 0.5),
        clip(t * w() + e * w(), -0.5, 0.5),
        minimum(maximum(w() + e * w(), t), s),
        power(w() - e, 2) + (w() - e),
        (one - w()) * (w() - e) + (w() - e),
        w() + (rank_one - t * function(Node::sign, w())),
        w() + (rank_one - function(Node::sign, e) * t),
        e + (rank_one - t * function(Node::sign, w())),
        clip(w() + (rank_one - t * function(Node::sign, w())), -0.5, 0.5),
        w() - s * function(Node::sign, w() * e)};
    for (const Term& term : all_terms) {
        INFO(to_text(term.formula, {"w", "a", "b", "x", "y", "e", "s", "t"}));
        for (const int rows : {5, 32, 71}) {
            const Program program = synaptic_program(term.formula, rows, 33);
            State before(program);
            start(before, 3);
            const std::vector<double> expected = evaluated(before);
            for (const Kernels* kernels : kernels_that_round(Rounding::strict))
                check_equal(performed(program, *kernels), expected);
            const auto fused = kernels_that_round(Rounding::fused);
            for (const Kernels* kernels : fused)
                check_equal(performed(program, *kernels), performed(program, *fused[0]));
        }
    }
}

TEST_CASE("a bound that is no number makes none of all entries", "[synaptic]") {
    const Term t = all(6), s = all(7);
    for (const Term& x : {w() + post(1) * pre(first_pre), w() + tag(tag_place)}) {
        const Program program = synaptic_program(minimum(maximum(x, t), s).formula, 33, 17);
        for (const Kernels* kernels : all_instruction_sets()) {
            for (const std::size_t bound : {6, 7}) {
                State state(program);
                start(state, 3);
                state.data(SlotId(bound))[0] = std::numeric_limits<double>::quiet_NaN();
                Plan::compile(program, state, *kernels).run_phase(0, 1);
                check_pads(state);
                std::size_t numbers = 0;
                for (const double entry : entries(state)) numbers += !std::isnan(entry);
                CHECK(numbers == 0);
            }
        }
    }
}

TEST_CASE("functions at synapses are those of the C library up to rounding", "[synaptic]") {
    for (const Node node : {Node::exponential, Node::logarithm, Node::tanh, Node::logistic}) {
        const Term x = 3.0 * w();
        const Program program = synaptic_program(function(node, x).formula, 33, 5);
        State before(program);
        start(before, 3);
        const std::vector<double> expected = evaluated(before),
                                  found = performed(program, best_kernels(Rounding::strict));
        for (std::size_t k = 0; k < expected.size(); ++k) {
            if (std::isnan(expected[k])) {
                CHECK(std::isnan(found[k]));
            } else {
                CHECK(found[k] == Approx(expected[k]).epsilon(1e-13).margin(1e-15));
            }
        }
    }
}

TEST_CASE("a set whose two ends are one population reads its vector at both", "[synaptic]") {
    for (const int n : {1, 5, 33}) {
        Program program = synaptic_program(
            (w() + post(first_post) * pre(first_pre) * (post(first_post) - pre(first_pre))).formula,
            n, n);
        program.operations[0].operands[first_pre].slot =
            program.operations[0].operands[first_post].slot;
        State state(program);
        start(state, 3);
        const std::vector<double> expected = evaluated(state);
        for (int i = 0; i < n; ++i) {
            const std::size_t diagonal = std::size_t(i) * std::size_t(n) + std::size_t(i);
            CHECK(expected[diagonal] == entries(state)[diagonal]);
        }
        check_equal(performed(program, best_kernels(Rounding::strict)), expected);
    }
}

TEST_CASE("a Hebbian change has the bits of its own kernel when it is written as a formula",
          "[synaptic]") {
    const Term rank_one = (-0.4 * post(1)) * pre(2);
    for (const double keep : {1.0, 0.5}) {
        const Term formula = keep == 1.0 ? w() + rank_one : keep * w() + rank_one;
        Program written = synaptic_program(formula.formula, 33, 33), hebb = written;
        for (Program* program : {&written, &hebb}) {
            auto& operands = program->operations[0].operands;
            operands.resize(3);
            operands[2].slot = SlotId(first_pre);
        }
        hebb.operations[0].kind = Kind::hebb;
        hebb.operations[0].retain = keep;
        hebb.operations[0].gain = -0.4;
        for (const Kernels* kernels : all_instruction_sets())
            check_equal(performed(written, *kernels, 3), performed(hebb, *kernels, 3));
    }
}

TEST_CASE("what is no number at an entry is none in the result, whatever bounds it", "[synaptic]") {
    const double none = std::numeric_limits<double>::quiet_NaN();
    const Term x = tag(tag_place);
    const std::vector<Term> all_terms = {clip(x, 0.0, 1.0),
                                         minimum(x, number(0.0)),
                                         minimum(number(0.0), x),
                                         maximum(x, post(1)),
                                         maximum(pre(first_pre), x),
                                         select(x, w(), w() + w()),
                                         function(Node::sign, x),
                                         function(Node::step, x),
                                         function(Node::rectified, x),
                                         function(Node::absolute, x),
                                         function(Node::root, x),
                                         function(Node::exponential, x),
                                         function(Node::logarithm, x),
                                         function(Node::tanh, x),
                                         function(Node::logistic, x),
                                         0.0 * x,
                                         power(x, 2),
                                         w() - w() * x};
    for (const Term& term : all_terms) {
        const Program program = synaptic_program(term.formula, 5, 3);
        INFO(to_text(term.formula, {"w", "a", "b", "x", "y", "e", "s", "t"}));
        for (const Kernels* kernels : all_instruction_sets()) {
            State state(program);
            start(state, 3);
            state.data(SlotId(tag_place))[place(program.slots[tag_place], 2, 1)] = none;
            Plan::compile(program, state, *kernels).run_phase(0, 1);
            CHECK(std::isnan(entries(state)[2 * 3 + 1]));
        }
    }
}

TEST_CASE("pads stay zero where a formula divides by rates that are zero", "[synaptic]") {
    const Program program =
        synaptic_program((number(1.0) / post(1) + post(2) * pre(first_pre)).formula, 5, 17);
    for (const Kernels* kernels : all_instruction_sets()) {
        State state(program);
        start(state, 3);
        std::fill_n(state.data(SlotId(1)), 5, 0.0);
        Plan::compile(program, state, *kernels).run_phase(0, 1);
        CHECK(std::isinf(entries(state)[0]));
        check_pads(state);
    }
}

TEST_CASE("a formula has the same bits in blocks of rows, on any number of threads",
          "[synaptic][threads]") {
    const Term formula = clip(0.99 * w() + post(1) * pre(first_pre), -0.5, 0.5) + tag(tag_place);
    const Program program = synaptic_program(formula.formula, 1031, 515);
    const Kernels& kernels = best_kernels();
    const std::vector<double> whole = performed(program, kernels, 2);
    for (const int threads : {1, 2}) {
        State state(program);
        start(state, 3);
        Workers workers(threads);
        Plan plan = Plan::compile(program, state, kernels);
        plan.split(kernels, &workers);
        for (int step = 1; step <= 2; ++step) plan.run_phase(0, step);
        check_pads(state);
        check_equal(entries(state), whole);
    }
}

TEST_CASE("deferred changes are made before a formula reads what they change", "[synaptic][plan]") {
    // v = W x; W += 0.1 v x; the formula reads W, then writes it, or has it as a tag.
    for (const bool writes : {false, true}) {
        for (const int formula_phase : {0, 1, 2}) {
            Program program = synaptic_program((w() + 0.5 * tag(1)).formula, 33, 33);
            program.phase_names = {"first", "second", "third"};
            Operation& formula = program.operations[0];
            formula.phase = PhaseId(std::size_t(formula_phase));
            const SlotId W(0), other(tag_place), v(1), x(first_pre);
            formula.operands = writes ? std::vector<Operand>{{W, Access::update}, {other}}
                                      : std::vector<Operand>{{other, Access::update}, {W}};
            const Operation transmit{.kind = Kind::transmit,
                                     .phase = PhaseId(0),
                                     .operands = {{v, Access::set}, {x}, {W}}},
                hebb{.kind = Kind::hebb,
                     .phase = PhaseId(1),
                     .operands = {{W, Access::update}, {v}, {x}},
                     .gain = 0.1};
            const Operation written = formula;
            program.operations = {transmit, hebb};
            const auto at =
                formula_phase == 0 ? program.operations.begin() + 1 : program.operations.end();
            program.operations.insert(at, written);
            const auto run = [&](const PlanPasses& passes) {
                State state(program);
                start(state, 3);
                const Plan plan = optimised_plan(state, passes, best_kernels(), nullptr);
                for (int step = 1; step <= 4; ++step) {
                    for (std::size_t phase = 0; phase < 3; ++phase) plan.run_phase(phase, step);
                    plan.run_step_end(step);
                }
                plan.flush();
                std::vector<double> all = entries(state, W), tags = entries(state, other);
                all.insert(all.end(), tags.begin(), tags.end());
                return all;
            };
            INFO("writes " << writes << ", phase " << formula_phase);
            check_equal(run(all_plan_passes()), run({}));
        }
    }
}

TEST_CASE("a formula of many values takes registers for all of them", "[synaptic]") {
    Term nested = function(Node::absolute, w());
    for (int k = 0; k < 15; ++k) nested = function(Node::absolute, w() - number(k)) + nested;
    const Program program = synaptic_program(nested.formula, 9, 33);
    State before(program);
    start(before, 3);
    check_equal(performed(program, best_kernels(Rounding::strict)), evaluated(before));
}

}  // namespace apical::synaptic_tests
