// Operands that do not fit are found before anything runs, for every kind of operation.
#include "circuits/program/check_shapes.hpp"

#include <stdexcept>

#include "tests/sim/engine/plan/lone_operation.hpp"

using namespace apical;
using namespace apical::lone;

TEST_CASE("every kind of operation accepts operands that fit", "[shapes]") {
    for (const LoneOperation& op : every_kind()) {
        INFO(listing_line(op.program, 0));
        REQUIRE_NOTHROW(check_shapes(op.program));
    }
}

// One operand at a time gets another size; where operands have to be alike, that is an error.
TEST_CASE("every kind of operation rejects an operand of another size", "[shapes]") {
    for (const LoneOperation& op : every_kind()) {
        const Operation& operation = op.program.operations[0];
        const bool has_others = operation.operands.size() > 1;
        for (std::size_t k = 0; op.is_operand(k) && has_others; ++k) {
            Program changed = op.program;
            Slot& slot = changed.slots[k];
            slot.rows += 1;
            // What may be of any shape may be larger too.
            if (slot.shape == Shape::scalar) slot.shape = Shape::per_cell;
            INFO(listing_line(changed, 0) << ", operand " << k);
            REQUIRE_THROWS_AS(check_shapes(changed), std::logic_error);
        }
    }
}

TEST_CASE("a missing operand is found", "[shapes]") {
    for (const LoneOperation& op : every_kind()) {
        const std::size_t count = op.program.operations[0].operands.size();
        if (count == 1) continue;
        Program changed = op.program;
        changed.operations[0].operands.resize(1);
        INFO(traits(changed.operations[0].kind).verb);
        REQUIRE_THROWS_AS(check_shapes(changed), std::logic_error);
    }
}

TEST_CASE("a recall beyond the history is found", "[shapes]") {
    LoneOperation op = recall();
    op.program.operations[0].lag = 4;
    REQUIRE_THROWS_AS(check_shapes(op.program), std::logic_error);
}

// What the listing does not show must not be an operand, and what it shows must be there.
TEST_CASE("a formula that reads other operands than the operation has is found", "[shapes]") {
    const LoneOperation lone = formula_of_cells();
    const auto rejects = [&](auto change) {
        Program changed = lone.program;
        change(changed.operations[0]);
        REQUIRE_THROWS_AS(check_shapes(changed), std::logic_error);
    };
    rejects([](Operation& op) { op.operands.pop_back(); });
    rejects([](Operation& op) { op.operands.push_back(op.operands.back()); });
    rejects([](Operation& op) { op.formula[0].a = 0; });
    rejects([](Operation& op) { op.formula[0].index = Index::pre; });
    rejects([](Operation& op) { op.formula[2].index = Index::post; });
    rejects([](Operation& op) { op.formula.clear(); });
}
