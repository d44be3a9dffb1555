// Steps that are led to another matrix, and those that cannot be.
#include "sim/engine/plan/matrix_operands.hpp"

#include <catch2/catch.hpp>

#include "sim/engine/plan/plan.hpp"
#include "tests/formula_terms.hpp"
#include "tests/sim/engine/kernels/padded_numbers.hpp"

using namespace apical;
using namespace apical::terms;

namespace {

constexpr int rows = 5, columns = 7;
enum Place : std::size_t { W, other, v, x, y };

Slot shaped(Shape shape, int slot_rows, int slot_columns = 1) {
    Slot slot;
    slot.name = "slot";
    slot.shape = shape;
    slot.rows = slot_rows;
    slot.columns = slot_columns;
    return slot;
}

// v = W x, then what is given; y has as many entries as v.
Program program_with(const std::vector<Operation>& more) {
    Program program;
    program.phase_names = {"only"};
    program.slots = {shaped(Shape::per_synapse, rows, columns),
                     shaped(Shape::per_synapse, rows, columns), shaped(Shape::per_cell, rows),
                     shaped(Shape::per_cell, columns), shaped(Shape::per_cell, rows)};
    program.operations = {{.kind = Kind::transmit,
                           .phase = PhaseId(0),
                           .operands = {{SlotId(v), Access::set}, {SlotId(x)}, {SlotId(W)}}}};
    program.operations.insert(program.operations.end(), more.begin(), more.end());
    return program;
}

Operation formula(const Term& term) {
    Operation op{.kind = Kind::synaptic, .phase = PhaseId(0)};
    op.formula = term.formula;
    op.operands = {{SlotId(other), Access::set}, {SlotId(W)}};
    return op;
}
Operation hebb(Place written) {
    return {.kind = Kind::hebb,
            .phase = PhaseId(0),
            .operands = {{SlotId(written), Access::update}, {SlotId(y)}, {SlotId(x)}}};
}

bool can_be_moved(const std::vector<Operation>& more) {
    const Program program = program_with(more);
    State state(program);
    return Plan::compile(program, state).operands_of(state.numbers(SlotId(W))).has_value();
}

}  // namespace

TEST_CASE("steps read the matrix that their operands are set to", "[plan]") {
    const Program program = program_with({hebb(other)});
    State state(program);
    std::fill_n(state.data(SlotId(x)), columns, 1.0);
    Plan plan = Plan::compile(program, state);
    const auto operands = plan.operands_of(state.numbers(SlotId(W)));
    REQUIRE(operands);
    REQUIRE(operands->size() == 1);
    PaddedNumbers elsewhere(state.numbers(SlotId(W)).size());
    for (std::size_t i = 0; i < rows; ++i) {
        for (std::size_t j = 0; j < columns; ++j)
            elsewhere.data()[panel_index(i, j, rows, columns)] = double(10 * i + 1);
    }
    *operands->front() = elsewhere.data();
    plan.run_phase(0, 1);
    for (std::size_t i = 0; i < rows; ++i)
        CHECK(state.data(SlotId(v))[i] == columns * double(10 * i + 1));
}

TEST_CASE("a matrix that is written, or read by a formula, stays where it is", "[plan]") {
    CHECK(can_be_moved({}));
    CHECK(can_be_moved({hebb(other)}));
    CHECK(!can_be_moved({hebb(W)}));
    CHECK(!can_be_moved({formula(2.0 * tag(1))}));
}
