// Changes by formulas, decays and consolidations that a pass makes by register programs, against
// the operations one by one: the same bits, and as few ways through a matrix as there can be.
#include <cmath>
#include <limits>

#include "sim/engine/plan/fuse.hpp"
#include "sim/engine/plan/workers.hpp"
#include "tests/sim/engine/kernels/padded_numbers.hpp"
#include "tests/sim/engine/plan/driven_model.hpp"
#include "tests/sim/engine/synaptic_loops.hpp"

namespace apical::formula_pass_tests {

using namespace terms;
using synaptic_tests::RandomTerm;

namespace {

// Slots in the places of synaptic_tests::RandomTerm: a matrix, two vectors of post, two of pre, a
// tag, two numbers; then the voltage and a rate that it is multiplied by, and a second set of these
// postsynaptic cells with its vector.
enum Place : std::size_t { W, a, b, x, y, tag_of_W, s, t, voltage, rate, V, z, place_count };

Slot a_slot(Shape shape, int rows, int columns) {
    Slot slot;
    slot.name = "slot";
    slot.shape = shape;
    slot.rows = rows;
    slot.columns = columns;
    return slot;
}

Program empty_program(int rows, int columns) {
    Program program;
    program.phase_names = {"first", "second"};
    const auto cells = [](int n) { return a_slot(Shape::per_cell, n, 1); };
    program.slots = {a_slot(Shape::per_synapse, rows, columns),
                     cells(rows),
                     cells(rows),
                     cells(columns),
                     cells(columns),
                     a_slot(Shape::per_synapse, rows, columns),
                     a_slot(Shape::scalar, 1, 1),
                     a_slot(Shape::scalar, 1, 1),
                     cells(rows),
                     cells(columns),
                     a_slot(Shape::per_synapse, rows, columns + 2),
                     cells(columns + 2)};
    return program;
}

Operand at(Place place, Access access = Access::read) { return {SlotId(place), access}; }

Operation transmit(Place into, Access access, Place rates, Place matrix, std::size_t phase = 0) {
    return {.kind = Kind::transmit,
            .phase = PhaseId(phase),
            .operands = {at(into, access), at(rates), at(matrix)}};
}
// W, or its tag, by a formula of all operands of these places.
Operation formula_of(Place written, const Term& term, std::size_t phase = 1) {
    Operation op{.kind = Kind::synaptic, .phase = PhaseId(phase)};
    op.formula = term.formula;
    for (const Place place : {W, a, b, x, y, tag_of_W, s, t}) op.operands.push_back(at(place));
    if (written == tag_of_W) std::swap(op.operands[0], op.operands[tag_of_W]);
    op.operands[0].access = reads(op.formula, 0) ? Access::update : Access::set;
    return op;
}
Operation hebb(Place written, std::vector<Operand> more = {}, double retain = 0.5) {
    Operation op{.kind = Kind::hebb,
                 .phase = PhaseId(1),
                 .operands = {at(written, Access::update), at(a), at(x)},
                 .retain = retain,
                 .gain = -0.25};
    op.operands.insert(op.operands.end(), more.begin(), more.end());
    return op;
}
Operation consolidate(const std::vector<Operand>& factors) {
    Operation op{.kind = Kind::consolidate,
                 .phase = PhaseId(1),
                 .operands = {at(W, Access::increment)},
                 .gain = 0.125};
    op.operands.insert(op.operands.end(), factors.begin(), factors.end());
    op.operands.push_back(at(tag_of_W));
    return op;
}
// Changes of vectors and numbers, so that what a deferred change reads is gone when it is made.
std::vector<Operation> drift() {
    std::vector<Operation> all;
    for (const Place place : {a, b, x, y, rate, z}) {
        all.push_back({.kind = Kind::cellwise,
                       .phase = PhaseId(1),
                       .function = Function::product,
                       .operands = {at(place, Access::set), at(place)},
                       .gain = -0.875});
    }
    all.push_back({.kind = Kind::modulate,
                   .phase = PhaseId(1),
                   .function = Function::product,
                   .operands = {at(s, Access::set), at(s), at(t)}});
    return all;
}

Program program_of(const std::vector<Operation>& changes, int rows, int columns) {
    Program program = empty_program(rows, columns);
    program.operations = {transmit(voltage, Access::set, rate, W)};
    program.operations.insert(program.operations.end(), changes.begin(), changes.end());
    for (const Operation& op : drift()) program.operations.push_back(op);
    return program;
}

void start(State& state) {
    for (std::size_t k = 0; k < state.program().slots.size(); ++k) {
        const Slot& slot = state.program().slots[k];
        std::vector<double> numbers(std::size_t(slot.rows) * std::size_t(slot.columns));
        for (std::size_t i = 0; i < numbers.size(); ++i)
            numbers[i] = std::sin(1.3 * double(i) + double(k));
        state.write(SlotId(k), numbers.data());
    }
}

std::vector<double> all_numbers(const State& state) {
    std::vector<double> all;
    for (std::size_t k = 0; k < state.program().slots.size(); ++k) {
        for (const double number : state.numbers(SlotId(k))) all.push_back(number);
    }
    return all;
}

// The numbers that the steps make, flushed after every so many.
std::vector<double> made_by(const Program& program, const PlanPasses& passes, int flush_every,
                            const Kernels& kernels = best_kernels(), Workers* workers = nullptr) {
    State state(program);
    start(state);
    const Plan plan = optimised_plan(state, passes, kernels, workers);
    std::vector<double> all;
    for (int step = 1; step <= 6; ++step) {
        for (std::size_t phase = 0; phase < 2; ++phase) plan.run_phase(phase, step);
        plan.run_step_end(step);
        if (step % flush_every != 0) continue;
        plan.flush();
        const std::vector<double> now = all_numbers(state);
        all.insert(all.end(), now.begin(), now.end());
    }
    return all;
}

bool equal_bits(const std::vector<double>& p, const std::vector<double>& q) {
    REQUIRE(p.size() == q.size());
    std::size_t different = 0;
    for (std::size_t k = 0; k < p.size(); ++k)
        different += !(p[k] == q[k] || (std::isnan(p[k]) && std::isnan(q[k])));
    return different == 0;
}

void require_same_fused(const Program& program) {
    for (const Kernels* kernels : all_instruction_sets()) {
        INFO(kernels->instruction_set);
        for (const int every : {1, 3}) {
            CHECK(equal_bits(made_by(program, passes_named({"fuse"}), every, *kernels),
                             made_by(program, {}, every, *kernels)));
        }
    }
}

// The steps of the plan that go through W or its tag.
std::size_t ways_through(const Program& program) {
    State state(program);
    const Plan plan = fuse(program, state);
    std::size_t count = 0;
    for (std::size_t phase = 0; phase < 2; ++phase) {
        for (const Step& step : plan.steps(phase)) {
            bool has = false;
            for (const std::uint32_t i : plan.operations(step)) {
                for (const Operand& one : program.operations[i].operands)
                    has |= one.slot == SlotId(W) || one.slot == SlotId(tag_of_W);
            }
            count += has;
        }
    }
    return count;
}

const Term bounded = clip(0.5 * w() + post(a) * pre(x), -0.5, 0.75);
const Term shrinking = w() + (post(a) * pre(x) - 0.125 * function(Node::sign, w()));
const Term trace = w() + 0.25 * (post(a) * pre(x) - w());

std::vector<std::vector<Operation>> chains_of_changes() {
    return {{formula_of(W, bounded)},
            {formula_of(W, w() + post(a) * pre(x) * (number(1.0) - w()))},
            {formula_of(W, clip(w() - all(s) * (w() - tag(tag_of_W)), -0.5, 0.5))},
            {formula_of(W, shrinking)},
            {formula_of(W, clip(shrinking, -0.5, 0.75))},
            {hebb(W)},
            {hebb(W, {at(b)})},
            {hebb(W, {at(s), at(t)})},
            {hebb(W, {}, 1.0), formula_of(W, bounded)},
            {formula_of(tag_of_W, trace), formula_of(W, clip(w() + all(s) * tag(tag_of_W), -1, 1))},
            {formula_of(tag_of_W, trace), consolidate({at(b)})},
            {formula_of(tag_of_W, trace), consolidate({at(s)})},
            {formula_of(tag_of_W, trace), consolidate({})},
            {hebb(tag_of_W), formula_of(W, w() + 0.5 * power(tag(tag_of_W), 2))},
            {hebb(tag_of_W, {at(b)}), formula_of(W, w() / (number(2.0) + tag(tag_of_W)))}};
}

}  // namespace

TEST_CASE("changes by formulas and decays go through their matrix with its product", "[fuse]") {
    for (const std::vector<Operation>& changes : chains_of_changes()) {
        for (const auto& [rows, columns] : std::vector<std::pair<int, int>>{
                 {1, 1}, {5, 7}, {13, 33}, {32, 32}, {40, 16}, {71, 50}}) {
            const Program program = program_of(changes, rows, columns);
            INFO(listing(program) << rows << " x " << columns);
            CHECK(ways_through(program) == 1);
            require_same_fused(program);
        }
    }
}

TEST_CASE("random formulas have the same bits fused with a product and alone", "[fuse]") {
    int compared = 0;
    for (unsigned seed = 1; seed <= 300; ++seed) {
        const Term of_tag = RandomTerm(seed).term(1 + int(seed % 3)),
                   of_W = RandomTerm(seed + 1000).term(1 + int(seed % 4));
        if (!check_formula(of_tag.formula, 8) || !check_formula(of_W.formula, 8)) continue;  // long
        const int sizes[] = {1, 5, 32, 33, 64};
        const Program program = program_of({formula_of(tag_of_W, of_tag), formula_of(W, of_W)},
                                           sizes[seed % 5], sizes[seed / 5 % 5]);
        INFO("seed " << seed << "\n" << listing(program));
        CHECK(equal_bits(made_by(program, passes_named({"fuse"}), 2), made_by(program, {}, 2)));
        ++compared;
    }
    CHECK(compared >= 250);
}

TEST_CASE("two sets that drive one voltage are changed in one pass, or one of them alone",
          "[fuse]") {
    for (const bool both : {false, true}) {
        Program program = program_of({formula_of(W, bounded)}, 37, 21);
        program.operations.insert(program.operations.begin() + 1,
                                  transmit(voltage, Access::increment, z, V));
        if (both) {
            Operation other = hebb(V);
            other.operands[2] = at(z);
            program.operations.insert(program.operations.begin() + 3, other);
        }
        INFO(listing(program));
        CHECK(ways_through(program) == 1);
        require_same_fused(program);
    }
}

TEST_CASE("a change between two products with its matrix stays where it is", "[fuse]") {
    Program program = program_of({formula_of(W, bounded)}, 37, 21);
    program.operations.push_back(transmit(b, Access::set, y, W, 1));
    require_same_fused(program);
    program.operations.insert(program.operations.begin() + 1, formula_of(W, trace, 0));
    require_same_fused(program);
}

TEST_CASE("a tag that somebody else reads is changed where it is", "[fuse]") {
    Program program = program_of({formula_of(tag_of_W, trace), formula_of(W, bounded)}, 37, 21);
    program.operations.push_back({.kind = Kind::modulate,
                                  .phase = PhaseId(1),
                                  .function = Function::inner,
                                  .operands = {at(t, Access::set), at(tag_of_W), at(tag_of_W)}});
    require_same_fused(program);
    CHECK(ways_through(program) >= 2);
}

TEST_CASE("a fused formula has the same bits in blocks of rows, on any number of threads",
          "[fuse][threads]") {
    const Program program = program_of(
        {formula_of(tag_of_W, trace), formula_of(W, clip(w() + all(s) * tag(tag_of_W), -1, 1))},
        1031, 515);
    const std::vector<double> plain = made_by(program, passes_named({"split"}), 3);
    CHECK(equal_bits(made_by(program, passes_named({"fuse"}), 3), made_by(program, {}, 3)));
    for (const int threads : {1, 2}) {
        Workers workers(threads);
        CHECK(equal_bits(
            made_by(program, passes_named({"fuse", "split"}), 3, best_kernels(), &workers), plain));
    }
}

TEST_CASE("what is no number stays none in a fused bound, and pads stay zero", "[fuse]") {
    const Program program =
        program_of({formula_of(W, clip(w() + number(1.0) / post(a), -1.0, 1.0))}, 5, 17);
    for (const Kernels* kernels : all_instruction_sets()) {
        State state(program);
        start(state);
        std::fill_n(state.data(SlotId(a)), 5, 0.0);
        state.data(SlotId(W))[place(2, 3, 5, 17)] = std::numeric_limits<double>::quiet_NaN();
        const Plan plan = fuse(program, state, *kernels);
        // The first step's change is made in the second one, by 1 / 0; the second one's by 1 / -0.
        for (std::size_t phase = 0; phase < 2; ++phase) plan.run_phase(phase, 1);
        plan.run_phase(0, 2);
        for (std::size_t i = 0; i < 8; ++i) {
            for (std::size_t j = 0; j < 17; ++j) {
                const double entry = state.data(SlotId(W))[j * 8 + i];
                if (i >= 5) CHECK(entry == 0.0);
                if (i < 5 && !(i == 2 && j == 3)) CHECK(entry == 1.0);
                if (i == 2 && j == 3) CHECK(std::isnan(entry));
            }
        }
        for (std::size_t i = 5; i < 8; ++i) CHECK(state.data(SlotId(voltage))[i] == 0.0);
    }
}

}  // namespace apical::formula_pass_tests
