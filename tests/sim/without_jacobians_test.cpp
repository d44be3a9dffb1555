// What takes the place of products with an exact Jacobian, and when it is formed after all. That
// the numbers are the same is in fuse_test.cpp.
#include "sim/without_jacobians.hpp"

#include <filesystem>
#include <set>

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// J = 0.5 I + 0.5 diag(s) S, and whatever comes before and after.
class AroundJacobian {
public:
    AroundJacobian() {
        program.phase_names = {"forward"};
        for (SlotId* vector : {&s, &x, &y}) *vector = slot(1);
        for (SlotId* matrix : {&S, &J, &T}) *matrix = slot(4);
    }
    AroundJacobian& jacobian() {
        return add({.kind = Kind::assign,
                    .function = Function::jacobian,
                    .operands = {{J, Access::set}, {S}, {s}},
                    .retain = 0.5,
                    .gain = 0.5});
    }
    AroundJacobian& product(Access access, bool reverse) {
        return add(
            {.kind = Kind::multiply, .reverse = reverse, .operands = {{y, access}, {J}, {x}}});
    }
    AroundJacobian& product_in_place() {
        return add({.kind = Kind::multiply, .operands = {{x, Access::update}, {J}}});
    }
    AroundJacobian& write(SlotId slot) {
        const bool vector = slot == s;
        return add({.kind = Kind::assign, .operands = {{slot, Access::set}, {vector ? x : T}}});
    }
    AroundJacobian& add(Operation op) {
        op.phase = PhaseId(0);
        program.operations.push_back(op);
        return *this;
    }
    bool is_formed() const {
        for (const Operation& op : without_jacobians(program).program.operations)
            if (op.operands[0].slot == J) return op.every == 1;
        return false;
    }

    Program program;
    SlotId s, x, y, S, J, T;

private:
    SlotId slot(int columns) {
        Slot slot;
        slot.shape = columns == 1 ? Shape::per_cell : Shape::per_synapse;
        slot.rows = 4;
        slot.columns = columns;
        program.slots.push_back(slot);
        return SlotId(program.slots.size() - 1);
    }
};

}  // namespace

TEST_CASE("a Jacobian that only vectors are multiplied by is not formed unseen", "[fuse]") {
    REQUIRE_FALSE(AroundJacobian().jacobian().product(Access::set, false).is_formed());
    REQUIRE_FALSE(AroundJacobian().jacobian().product(Access::increment, true).is_formed());
    REQUIRE_FALSE(AroundJacobian().jacobian().product_in_place().is_formed());
    REQUIRE_FALSE(AroundJacobian().jacobian().is_formed());
}

TEST_CASE("a Jacobian is formed when its product would be with other strengths or slopes",
          "[fuse]") {
    AroundJacobian of_strengths, of_slopes, of_last_step, of_both, overwritten;
    of_strengths.jacobian().write(of_strengths.S).product(Access::set, false);
    of_slopes.jacobian().write(of_slopes.s).product(Access::set, true);
    of_last_step.product(Access::set, false).jacobian();
    of_both.jacobian().product_in_place().write(of_both.S).product(Access::set, true);
    overwritten.jacobian().product_in_place().write(overwritten.J);
    for (const AroundJacobian* one :
         {&of_strengths, &of_slopes, &of_last_step, &of_both, &overwritten})
        REQUIRE(one->is_formed());
    AroundJacobian after;
    after.jacobian().product(Access::set, false).write(after.S).write(after.s);
    REQUIRE_FALSE(after.is_formed());
}

TEST_CASE("a Jacobian is formed when something else than a product with a vector reads it",
          "[fuse]") {
    AroundJacobian copied, times_matrix, seldom;
    copied.jacobian().add(
        {.kind = Kind::assign, .operands = {{copied.T, Access::set}, {copied.J}}});
    times_matrix.jacobian().add(
        {.kind = Kind::multiply, .operands = {{times_matrix.T, Access::update}, {times_matrix.J}}});
    seldom.jacobian().product(Access::set, false);
    seldom.program.operations.back().every = 2;
    for (const AroundJacobian* one : {&copied, &times_matrix, &seldom}) REQUIRE(one->is_formed());
}

TEST_CASE("every operation is performed in its order and only products take several",
          "[fuse][provenance]") {
    std::set<std::string> rewritten;
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const Model model = load_model(path, {});
        const WithoutJacobians made = without_jacobians(model.program);
        REQUIRE(made.performs.size() == made.program.operations.size());
        std::vector<int> steps(model.program.operations.size());
        for (std::size_t i = 0; i < made.performs.size(); ++i) {
            REQUIRE((i == 0 || made.performs[i] >= made.performs[i - 1]));
            ++steps.at(made.performs[i]);
        }
        for (std::size_t i = 0; i < steps.size(); ++i) {
            INFO(listing_line(model.program, i));
            const Kind kind = model.program.operations[i].kind;
            const bool product = kind == Kind::multiply || kind == Kind::transmit;
            REQUIRE((steps[i] == 1 || (product && steps[i] == 3)));
            if (steps[i] == 3) rewritten.insert(std::filesystem::path(path).stem());
        }
    }
    REQUIRE(rewritten.contains("dni"));
    REQUIRE(rewritten.contains("uoro"));
    REQUIRE_FALSE(rewritten.contains("rtrl"));
}
