#include "sim/engine/plan/matrix_operands.hpp"

#include <algorithm>
#include <functional>

namespace apical {

namespace {

class MatrixOperands {
public:
    explicit MatrixOperands(std::span<const double> matrix) : matrix_(matrix) {}

    // Adds the step's operands; false when it has the matrix in another place.
    bool add(Step& step) {
        if (is_in(step.out) || is_elsewhere(step)) return false;
        for (const double** operand : {&step.a, &step.b, &step.c, &step.d}) {
            if (!is_in(*operand)) continue;
            if (*operand != matrix_.data()) return false;
            found_.push_back(operand);
        }
        return true;
    }
    std::vector<const double**> found() { return std::move(found_); }

private:
    bool is_in(const double* at) const {
        const std::less<const double*> before;
        return at && !before(at, matrix_.data()) && before(at, matrix_.data() + matrix_.size());
    }
    bool is_elsewhere(const Step& step) const {
        if (step.pass || step.blocks || step.conditional) return true;
        return (step.formula && is_in_formula(*step.formula)) ||
               (step.tiles && is_in_program(*step.tiles));
    }
    bool is_in_formula(const FormulaSteps& all) const {
        const auto is_in_part = [&](const FormulaPart& one) {
            return is_in(one.out.at) || is_in(one.a.at) || is_in(one.b.at) || is_in(one.c.at);
        };
        return std::any_of(all.spread, all.spread + all.spread_count,
                           [&](const SpreadNumber& one) { return is_in(one.from); }) ||
               std::any_of(all.before, all.before + all.before_count, is_in_part) ||
               std::any_of(all.parts, all.parts + all.part_count, is_in_part);
    }
    bool is_in_program(const TileProgram& program) const {
        const auto is_in_instruction = [&](const TileInstruction& one) {
            return is_in(one.out.numbers) ||
                   std::any_of(one.in, one.in + one.count,
                               [&](const TileOperand& of) { return is_in(of.numbers); });
        };
        return std::any_of(program.instructions, program.instructions + program.count,
                           is_in_instruction) ||
               std::any_of(program.collected, program.collected + program.collected_count,
                           [&](const CollectedOperand& one) { return is_in(one.vector); });
    }

    std::span<const double> matrix_;
    std::vector<const double**> found_;
};

}  // namespace

std::optional<std::vector<const double**>> matrix_operands(std::span<Step> steps,
                                                           std::span<const double> matrix) {
    MatrixOperands operands(matrix);
    for (Step& step : steps) {
        if (!operands.add(step)) return {};
    }
    return operands.found();
}

}  // namespace apical
