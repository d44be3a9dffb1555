// Criterion iv: a synapse does O(1) products a step. Counted from shapes for each operation, and
// for each matrix over all operations of a step, so that a product of matrices is one too when it
// is split into as many products with vectors.
#include <fmt/format.h>

#include <algorithm>

#include "sim/audit/examination.hpp"

namespace apical {

namespace {

constexpr const char* mend = "send one vector through the synapses in place of a whole matrix";

// Fewer uses of a matrix than this are few, however small the matrix.
constexpr std::size_t few = 8;

double entries(const Slot& slot) { return static_cast<double>(slot.rows) * slot.columns; }

// Multiplications of one operation.
double products(const Examination& examination, const Operation& op) {
    const Slot& written = examination.slot(op, 0);
    const bool matrices = op.kind == Kind::multiply && op.operands.size() == 2;
    const bool tensors = op.kind == Kind::contract && op.function != Function::credit;
    if (matrices || tensors) return entries(written) * written.rows;
    double most = 0.0;
    for (std::size_t k = 0; k < op.operands.size(); ++k)
        most = std::max(most, entries(examination.slot(op, k)));
    return most;
}

double largest(const Examination& examination, const Operation& op) {
    double most = 0.0;
    for (std::size_t k = 0; k < op.operands.size(); ++k)
        most = std::max(most, entries(examination.slot(op, k)));
    return most;
}

// The matrix that an operation goes through once; unset when there is none.
SlotId matrix_used(const Operation& op) {
    switch (op.kind) {
        case Kind::transmit:
            return op.operands.size() == 3 ? op.operands[2].slot : SlotId{};
        case Kind::multiply:
            return op.operands[1].slot;
        case Kind::hebb:
        case Kind::consolidate:
            return op.operands[0].slot;
        default:
            return {};
    }
}

}  // namespace

void examine_products(Examination& examination) {
    const std::vector<Operation>& operations = examination.operations();
    std::vector<std::size_t> uses(examination.program().slots.size());
    for (std::size_t i = 0; i < operations.size(); ++i) {
        const Operation& op = operations[i];
        const double made = products(examination, op), places = largest(examination, op);
        if (made > places) {
            const std::string& name = examination.slot(op, 0).name;
            examination.find(
                Criterion::no_matrix_product, i, name,
                fmt::format("\"{}\" takes {} products a step for {} numbers", name, made, places),
                mend);
        }
        const SlotId matrix = matrix_used(op);
        if (!matrix) continue;
        const Slot& slot = examination.program()[matrix];
        const auto longer = static_cast<std::size_t>(std::max(slot.rows, slot.columns));
        if (++uses[matrix.value] < std::max(longer, few)) continue;
        examination.find(Criterion::no_matrix_product, i, slot.name,
                         fmt::format("\"{}\" is gone through {} times or more in a step: a product "
                                     "of matrices, column by column",
                                     slot.name, uses[matrix.value]),
                         mend);
    }
}

}  // namespace apical
