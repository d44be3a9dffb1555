// What takes the place of products with an exact Jacobian, and when it is formed after all. That
// the numbers are the same is in fuse_test.cpp.
#include "sim/engine/plan/eliminate_jacobians.hpp"

#include <Eigen/Core>
#include <algorithm>
#include <cmath>
#include <filesystem>
#include <set>

#include "sim/engine/plan/plan.hpp"
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
    // In each step, not only when somebody looks.
    bool is_formed() const {
        const Program made = eliminate_jacobians(program).program;
        const auto forms =
            std::find_if(made.operations.begin(), made.operations.end(), [&](const Operation& op) {
                return op.kind == Kind::assign && op.operands[0].slot == J;
            });
        REQUIRE(forms != made.operations.end());
        return forms->every == 1;
    }
    // What a slot holds after a step of this program, or of the one without Jacobians.
    Eigen::MatrixXd after_step(SlotId slot, bool rewritten) const {
        const Program made = rewritten ? eliminate_jacobians(program).program : program;
        State state(made);
        Plan plan = Plan::compile(made, state);
        for (const SlotId one : {s, x, y, S}) write_start(state, one);
        plan.run_phase(0, 1, false);
        return read(state, slot);
    }
    Eigen::MatrixXd start(SlotId slot) const {
        State state(program);
        write_start(state, slot);
        return read(state, slot);
    }

    Program program;
    SlotId s, x, y, S, J, T;

private:
    using RowMajor = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
    void write_start(State& state, SlotId slot) const {
        RowMajor numbers(program[slot].rows, program[slot].columns);
        for (int k = 0; k < numbers.size(); ++k)
            numbers.data()[k] = std::sin(1.0 + k + 10.0 * double(slot.value));
        state.write(slot, numbers.data());
    }
    Eigen::MatrixXd read(const State& state, SlotId slot) const {
        RowMajor numbers(program[slot].rows, program[slot].columns);
        state.read(slot, numbers.data());
        return numbers;
    }
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

TEST_CASE("what takes the place of a product with a Jacobian is that product", "[fuse]") {
    const bool reverse = GENERATE(false, true);
    for (const Access access : {Access::set, Access::increment, Access::update}) {
        AroundJacobian around;
        around.jacobian();
        const bool in_place = access == Access::update;
        if (in_place && reverse) continue;  // there is no such operation
        in_place ? around.product_in_place() : around.product(access, reverse);
        Eigen::MatrixXd J =
            0.5 * around.start(around.s).col(0).asDiagonal() * around.start(around.S);
        J += 0.5 * Eigen::MatrixXd::Identity(4, 4);
        if (reverse) J.transposeInPlace();
        Eigen::MatrixXd product = J * around.start(around.x);
        if (access == Access::increment) product += around.start(around.y);
        const SlotId out = in_place ? around.x : around.y;
        for (const bool rewritten : {false, true}) {
            INFO(rewritten << reverse << int(access));
            REQUIRE((around.after_step(out, rewritten) - product).cwiseAbs().maxCoeff() <= 1e-15);
        }
    }
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
        const EliminatedJacobians made = eliminate_jacobians(model.program);
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
