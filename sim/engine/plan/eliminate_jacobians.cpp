#include "sim/engine/plan/eliminate_jacobians.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace apical {

namespace {

// A product with the Jacobian, in place when `out` is `vector`.
struct Product {
    SlotId out, vector;
    Access access;
    bool reverse;
};

// Goes through the operations once and writes each to the new program: as it is; or, an assignment
// of a Jacobian that need not be formed, with `every` = 0; or, a product with such a Jacobian, as
// the operations of the right-hand sides in eliminate_jacobians.hpp. The new ones stand in the
// place of the old one, in its phase and with whoever asked for it, so nothing else changes its
// order.
//
// A Jacobian need not be formed if every operation that reads it
//   - is a product with one vector, once in each step,
//   - comes after its assignment, which takes place once in each step and is the only one, and
//   - comes before anything writes S or s again: else the product would be with other numbers.
class Rewriting {
public:
    explicit Rewriting(const Program& program) : original_(program) {}

    EliminatedJacobians result() {
        result_.program = original_;
        result_.program.operations.clear();
        for (const Operation& op : original_.operations) {
            if (need_not_be_formed(op)) dissolved_.push_back(&op);
        }
        for (const Operation& op : original_.operations) {
            const Operation* jacobian = jacobian_in(op);
            if (jacobian && jacobian != &op)
                multiply(*jacobian, *product_of(op, slot(*jacobian, 0)));
            else
                add(op).every = jacobian ? 0 : op.every;
            ++present_;
        }
        return std::move(result_);
    }

private:
    static SlotId slot(const Operation& op, std::size_t operand) {
        return op.operands[operand].slot;
    }
    static bool happens_each_step(const Operation& op) {
        return op.every == 1 && op.iterations == 1 && op.phase && !waits(op);
    }

    // The three conditions above. `stale`: strengths or slopes have been written since.
    bool need_not_be_formed(const Operation& forms) const {
        if (forms.kind != Kind::assign || forms.function != Function::jacobian ||
            !happens_each_step(forms))
            return false;
        const SlotId jacobian = slot(forms, 0);
        bool formed = false, stale = false;
        for (const Operation& op : original_.operations) {
            const bool reads =
                std::any_of(op.operands.begin() + 1, op.operands.end(),
                            [&](const Operand& operand) { return operand.slot == jacobian; });
            if (reads && (!formed || stale || !product_of(op, jacobian))) return false;
            if (&op != &forms && slot(op, 0) == jacobian) return false;
            formed |= &op == &forms;
            stale |= formed && (slot(op, 0) == slot(forms, 1) || slot(op, 0) == slot(forms, 2));
        }
        return true;
    }
    // The dissolved assignment of the Jacobian that is an operand of this operation, or null. It is
    // the operation itself when that is the assignment.
    const Operation* jacobian_in(const Operation& op) const {
        for (const Operation* forms : dissolved_) {
            for (const Operand& operand : op.operands) {
                if (operand.slot == slot(*forms, 0)) return forms;
            }
        }
        return nullptr;
    }
    // The product of a matrix and a vector that an operation is, or nothing.
    std::optional<Product> product_of(const Operation& op, SlotId matrix) const {
        if (!happens_each_step(op) || original_[slot(op, 0)].shape != Shape::per_cell) return {};
        if (op.kind == Kind::multiply && op.operands.size() == 2 && !op.reverse)
            return Product{slot(op, 0), slot(op, 0), Access::update, op.reverse};
        const bool transmits = op.kind == Kind::transmit;
        if ((!transmits && op.kind != Kind::multiply) || op.operands.size() != 3) return {};
        const SlotId vector = slot(op, transmits ? 1 : 2);
        if (slot(op, transmits ? 2 : 1) != matrix || slot(op, 0) == vector) return {};
        return Product{slot(op, 0), vector, op.operands[0].access, op.reverse};
    }

    // Writes out = J x or out += J x (or with the transpose) as operations on S. In place of a
    // vector (out is x) x is read for the last time when out is written, so k x is added last.
    void multiply(const Operation& jacobian, const Product& product) {
        const SlotId strengths = slot(jacobian, 1), slopes = slot(jacobian, 2),
                     between = intermediate(slot(jacobian, 0), product.vector);
        const auto scale_by_slopes = [&](SlotId vector) {
            Operation& scaled = add(Kind::cellwise, {{between, Access::set}, {vector}, {slopes}});
            scaled.function = Function::product;
            scaled.gain = jacobian.gain;
        };
        const bool adds = product.access == Access::increment;
        if (product.reverse) {
            scale_by_slopes(product.vector);
            if (adds) sum(product.out, 1.0, product.out, jacobian.retain, product.vector);
            if (!adds) scale(product, jacobian.retain);
            add(Kind::multiply, {{product.out, Access::increment}, {strengths}, {between}})
                .reverse = true;
            return;
        }
        add(Kind::multiply, {{between, Access::set}, {strengths}, {product.vector}});
        scale_by_slopes(between);
        if (!adds)
            return sum(product.out, jacobian.retain, product.vector, 1.0, between, product.access);
        sum(between, jacobian.retain, product.vector, 1.0, between);
        sum(product.out, 1.0, product.out, 1.0, between);
    }
    void scale(const Product& product, double gain) {
        Operation& op = add(Kind::cellwise, {{product.out, product.access}, {product.vector}});
        op.function = Function::product;
        op.gain = gain;
    }
    void sum(SlotId out, double retain, SlotId a, double gain, SlotId b,
             Access access = Access::update) {
        Operation& op = add(Kind::cellwise, {{out, access}, {a}, {b}});
        op.function = Function::sum;
        op.retain = retain;
        op.gain = gain;
    }
    SlotId intermediate(SlotId jacobian, SlotId vector) {
        const Slot& matrix = original_[jacobian];
        result_.program.slots.push_back(
            {.name = fmt::format("part of {} times {}", matrix.name, original_[vector].name),
             .what = What::intermediate,
             .shape = Shape::per_cell,
             .cells = matrix.cells,
             .rows = matrix.rows,
             .where = matrix.where});
        return SlotId(result_.program.slots.size() - 1);
    }

    // Adds an operation in place of the present one.
    Operation& add(Kind kind, std::vector<Operand> operands) {
        const Operation& asked = original_.operations[present_];
        return add({.kind = kind,
                    .phase = asked.phase,
                    .operands = std::move(operands),
                    .where = asked.where,
                    .asked_by = asked.asked_by,
                    .asker = asked.asker});
    }
    Operation& add(const Operation& op) {
        result_.performs.push_back(static_cast<std::uint32_t>(present_));
        return result_.program.operations.emplace_back(op);
    }

    const Program& original_;
    std::vector<const Operation*> dissolved_;  // that form Jacobians
    EliminatedJacobians result_;
    std::size_t present_ = 0;  // the original operation that is being rewritten
};

}  // namespace

EliminatedJacobians eliminate_jacobians(const Program& program) {
    return Rewriting(program).result();
}

}  // namespace apical
