// A change of synapses by a formula: which operands it may have, and what its line says.
#include <catch2/catch.hpp>

#include "circuits/program/operands.hpp"
#include "tests/formula_terms.hpp"

namespace apical::synaptic_kind_tests {

using namespace terms;

namespace {

constexpr int rows = 3, columns = 4;

Slot slot_of(const char* name, Shape shape, int slot_rows = 1, int slot_columns = 1) {
    Slot slot;
    slot.name = name;
    slot.shape = shape;
    slot.rows = slot_rows;
    slot.columns = slot_columns;
    return slot;
}

Slot matrix(const char* name) { return slot_of(name, Shape::per_synapse, rows, columns); }
Slot vector(const char* name, int cells) { return slot_of(name, Shape::per_cell, cells); }

// Operand 0 is W_in, the others these.
Program program_of(const Term& term, const std::vector<Slot>& operands) {
    Program program;
    program.phase_names = {"update"};
    program.slots = {matrix("W_in")};
    program.slots.insert(program.slots.end(), operands.begin(), operands.end());
    Operation op{.kind = Kind::synaptic, .phase = PhaseId(0), .asked_by = "someone"};
    op.formula = term.formula;
    for (std::size_t k = 0; k < program.slots.size(); ++k) op.operands.push_back({SlotId(k)});
    op.operands[0].access = reads(op.formula, 0) ? Access::update : Access::set;
    program.operations = {op};
    return program;
}

bool fits(const Program& program) {
    return traits(Kind::synaptic).fits({program, program.operations[0]});
}
bool fits(const Term& term, const std::vector<Slot>& operands) {
    return fits(program_of(term, operands));
}
std::string equation(const Term& term, const std::vector<Slot>& operands) {
    const Program program = program_of(term, operands);
    return traits(Kind::synaptic).equation({program, program.operations[0]});
}

const Slot hidden = vector("hidden.r", rows), input = vector("input.r", columns),
           loss = slot_of("loss", Shape::scalar);

}  // namespace

TEST_CASE("the line of a change by a formula is the formula", "[operation][formula]") {
    const Term hebb = w() + 0.01 * post(1) * pre(2);
    CHECK(equation(clip(hebb, 0.0, 1.0), {hidden, input}) ==
          "W_in = clip(W_in + 0.01 hidden.r x input.r, 0, 1)");
    CHECK(equation(tag(1) * all(2), {matrix("trace(W_in)"), loss}) == "W_in = trace(W_in) loss");
}

TEST_CASE("a formula reads operands where they are", "[operation][formula]") {
    CHECK(fits(w() + post(1) * pre(2), {hidden, input}));
    CHECK_FALSE(fits(w() + pre(1) * pre(2), {hidden, input}));
    CHECK_FALSE(fits(w() + post(1) * post(2), {hidden, input}));
    CHECK(fits(w() + tag(1) * all(2), {matrix("trace(W_in)"), loss}));
    CHECK_FALSE(fits(w() + tag(1) * post(2), {matrix("trace(W_in)"), loss}));
    CHECK_FALSE(fits(w() + all(1), {hidden}));
    CHECK_FALSE(fits(w() + tag(1), {slot_of("other", Shape::per_synapse, columns, rows)}));
    // The two ends of a set may be one population.
    const Slot cells = vector("hidden.r", rows);
    Program recurrent = program_of(w() + post(1) * pre(1), {cells});
    CHECK_FALSE(fits(recurrent));
    recurrent.slots[0].columns = rows;
    CHECK(fits(recurrent));
}

TEST_CASE("a formula has operands that it reads, and a matrix that it reads or sets",
          "[operation][formula]") {
    CHECK_FALSE(fits(w() + post(1), {hidden, input}));
    CHECK_FALSE(fits(w() + post(1) * pre(3), {hidden, input}));
    CHECK_FALSE(fits(program_of({}, {})));
    for (const Term& term : {w() + post(1), post(1) + number(1.0)}) {
        Program program = program_of(term, {hidden});
        CHECK(fits(program));
        Access& access = program.operations[0].operands[0].access;
        access = access == Access::set ? Access::update : Access::set;
        CHECK_FALSE(fits(program));
    }
    Program vector_written = program_of(post(0) + post(1), {hidden});
    vector_written.slots[0] = vector("hidden.x", rows);
    CHECK_FALSE(fits(vector_written));
}

TEST_CASE("a formula has 16 operands at most and 16 values that wait for others",
          "[operation][formula]") {
    Term sum = w(), nested = function(Node::tanh, w());
    std::vector<Slot> operands;
    for (std::uint16_t k = 1; k <= 15; ++k) {
        operands.push_back(hidden);
        sum = sum + post(k);
        nested = function(Node::tanh, w()) + nested;
    }
    CHECK(fits(sum, operands));
    operands.push_back(hidden);
    CHECK_FALSE(fits(sum + post(16), operands));
    CHECK(fits(nested, {}));
    CHECK_FALSE(fits(function(Node::tanh, w()) + nested, {}));
}

}  // namespace apical::synaptic_kind_tests
