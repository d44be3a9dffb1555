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
constexpr std::size_t few = 5;

double entries(const Slot& slot) { return static_cast<double>(slot.rows) * slot.columns; }

double largest(const Examination& examination, const Operation& op) {
    double most = 0.0;
    for (std::size_t k = 0; k < op.operands.size(); ++k)
        most = std::max(most, entries(examination.slot(op, k)));
    return most;
}

// Multiplications of one operation.
double products(const Examination& examination, const Operation& op) {
    const Slot& written = examination.slot(op, 0);
    const bool matrices = op.kind == Kind::multiply && op.operands.size() == 2;
    const bool tensors = op.kind == Kind::contract && op.function != Function::credit;
    if (matrices || tensors) return entries(written) * written.rows;
    return largest(examination, op);
}

// The matrix that something is sent through, or that changes; unset when there is none.
SlotId sent_through(const Operation& op) {
    if (op.kind == Kind::transmit && op.operands.size() == 3) return op.operands[2].slot;
    return op.kind == Kind::multiply ? op.operands[1].slot : SlotId{};
}

SlotId changed(const Operation& op) {
    const bool changes = op.kind == Kind::hebb || op.kind == Kind::consolidate;
    return changes ? op.operands[0].slot : SlotId{};
}

class Products {
public:
    explicit Products(Examination& examination)
        : e_(examination),
          sent_(examination.program().slots.size()),
          changes_(examination.program().slots.size()) {}

    void examine(std::size_t index) {
        index_ = index;
        const Operation& op = e_.operations()[index];
        const double made = products(e_, op), places = largest(e_, op);
        if (made > places) {
            const std::string& name = e_.slot(op, 0).name;
            e_.find(
                Criterion::no_matrix_product, index, name,
                fmt::format("\"{}\" takes {} products a step for {} numbers", name, made, places),
                mend);
        }
        if (const SlotId matrix = sent_through(op)) count(matrix, sent_, "vectors go through");
        if (const SlotId matrix = changed(op)) count(matrix, changes_, "products are added to");
    }

private:
    void count(SlotId matrix, std::vector<std::size_t>& uses, const char* what) {
        const Slot& slot = e_.program()[matrix];
        const auto longer = static_cast<std::size_t>(std::max(slot.rows, slot.columns));
        if (++uses[matrix.value] < std::max(longer, few)) return;
        e_.find(Criterion::no_matrix_product, index_, slot.name,
                fmt::format("{} {} \"{}\" in a step: a product of matrices, column by column",
                            uses[matrix.value], what, slot.name),
                mend);
    }

    Examination& e_;
    std::vector<std::size_t> sent_, changes_;  // by slot, in a step
    std::size_t index_ = 0;
};

}  // namespace

void examine_products(Examination& examination) {
    Products all(examination);
    for (std::size_t i = 0; i < examination.operations().size(); ++i) all.examine(i);
}

}  // namespace apical
