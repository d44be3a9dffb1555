// A sum over each cell's own synapses: which operands it may have, and what its line says.
#include <catch2/catch.hpp>

#include "circuits/program/operands.hpp"

namespace apical::gather_kind_tests {

namespace {

constexpr int rows = 3, columns = 4;

Slot slot_of(const char* name, Shape shape, int slot_rows, int slot_columns = 1) {
    Slot slot;
    slot.name = name;
    slot.shape = shape;
    slot.rows = slot_rows;
    slot.columns = slot_columns;
    return slot;
}

const Slot total = slot_of("total", Shape::per_cell, rows),
           strengths = slot_of("W", Shape::per_synapse, rows, columns);

Program program_of(const std::vector<Slot>& operands, Access access = Access::set) {
    Program program;
    program.phase_names = {"update"};
    program.slots = operands;
    Operation op{.kind = Kind::gather, .phase = PhaseId(0), .asked_by = "someone"};
    for (std::size_t k = 0; k < operands.size(); ++k) op.operands.push_back({SlotId(k)});
    op.operands[0].access = access;
    program.operations = {op};
    return program;
}

bool fits(const Program& program) {
    return traits(Kind::gather).fits({program, program.operations[0]});
}

}  // namespace

TEST_CASE("the line of a sum over a cell's synapses says what is gathered", "[operation]") {
    const Program program = program_of({total, strengths});
    CHECK(traits(Kind::gather).equation({program, program.operations[0]}) == "total = gather(W)");
}

TEST_CASE("a sum over a cell's synapses is a number in each postsynaptic cell", "[operation]") {
    CHECK(fits(program_of({total, strengths})));
    CHECK(fits(program_of({total, slot_of("P", Shape::per_pair, rows, rows)})));
    CHECK_FALSE(fits(program_of({total, strengths}, Access::increment)));
    CHECK_FALSE(fits(program_of({total, strengths}, Access::update)));
    CHECK_FALSE(fits(program_of({total})));
    CHECK_FALSE(fits(program_of({total, total})));
    CHECK_FALSE(fits(program_of({total, strengths, strengths})));
    CHECK_FALSE(fits(program_of({slot_of("x", Shape::per_cell, columns), strengths})));
    CHECK_FALSE(fits(program_of({slot_of("loss", Shape::scalar, 1), strengths})));
    CHECK_FALSE(fits(program_of({total, slot_of("M", Shape::tensor, rows, columns)})));
}

}  // namespace apical::gather_kind_tests
