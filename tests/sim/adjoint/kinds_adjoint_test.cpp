// The derivative of each kind of operation, in small programs, against differences.
#include "tests/sim/adjoint/differentiated_program.hpp"

using namespace apical;
using namespace apical::lone;

namespace {

constexpr double tolerance = 1e-10;

bool is_in_history(const LoneOperation& lone) {
    for (const Slot& slot : lone.program.slots)
        if (slot.shape == Shape::history || slot.shape == Shape::tensor) return true;
    return false;
}

// Strengths are the operands of the operation, and what it writes is one before; the loss is of
// its result.
DifferentiatedProgram around(const LoneOperation& lone) {
    DifferentiatedProgram made;
    Operation op = lone.program.operations.front();
    for (std::size_t k = 0; lone.is_operand(k); ++k) {
        const Slot& slot = lone.program.slots[k];
        if (k > 0) {
            op.operands[k].slot = made.slot(slot, lone.start(k), What::strength);
            continue;
        }
        const SlotId before = made.slot(slot, lone.start(k), What::strength);
        op.operands[k].slot = made.slot(slot);
        made.add(
            {.kind = Kind::remember, .operands = {{op.operands[k].slot, Access::set}, {before}}});
    }
    made.add(op);
    const SlotId result = op.operands[0].slot;
    const Slot whole = made.program[result];
    if (whole.shape == Shape::per_cell) {
        made.judge(result);
        return made;
    }
    const SlotId judged = made.slot(vector(whole.shape == Shape::scalar ? n : whole.rows));
    const SlotId by = made.slot(vector(whole.shape == Shape::scalar ? n : whole.columns));
    if (whole.shape == Shape::scalar) {
        using namespace terms;
        made.add({.kind = Kind::cellwise,
                  .function = Function::formula,
                  .operands = {{judged, Access::set}, {result}, {by}},
                  .formula = (all(1) * post(2)).formula});
    } else {
        made.add({.kind = Kind::multiply, .operands = {{judged, Access::set}, {result}, {by}}});
    }
    made.judge(judged);
    return made;
}

std::string listed(const DifferentiatedProgram& made, std::size_t operation) {
    return listing_line(made.program, operation);
}

bool has_no_derivative(const Operation& op) {
    const bool is_given =
        op.kind == Kind::gate || op.function == Function::constant || op.function == Function::zero;
    return is_given;
}

}  // namespace

TEST_CASE("each kind of operation has the derivative that differences have", "[adjoint]") {
    int seen = 0;
    for (const LoneOperation& lone : every_kind()) {
        const Operation& op = lone.program.operations.front();
        const bool of_matrices = op.kind == Kind::multiply && op.operands.size() == 2 &&
                                 lone.program.slots[0].shape != Shape::per_cell;
        if (is_in_history(lone) || of_matrices) continue;
        DifferentiatedProgram made = around(lone);
        if (op.kind == Kind::reset || has_no_derivative(op)) continue;
        INFO(listed(made, 1));
        const std::map<std::string, double> errors = made.errors();
        for (const auto& [name, error] : errors) {
            INFO(name);
            CHECK(error <= tolerance);
            ++seen;
        }
        CHECK_FALSE(errors.empty());
    }
    REQUIRE(seen > 100);
}

TEST_CASE("a gradient that should not be 0 is not", "[adjoint]") {
    for (const LoneOperation& lone : every_kind()) {
        const Operation& op = lone.program.operations.front();
        if (is_in_history(lone) || has_no_derivative(op) || op.kind == Kind::reset) continue;
        if (op.kind == Kind::multiply && op.operands.size() == 2 &&
            lone.program.slots[0].shape != Shape::per_cell)
            continue;
        // The slope of a linear or rectified cell has no slope.
        DifferentiatedProgram made = around(lone);
        INFO(listed(made, 1));
        made.errors();
        double largest = 0.0;
        for (const auto& [name, entry] : made.largest_entry) largest = std::max(largest, entry);
        CHECK(largest > 1e-3);
    }
}
