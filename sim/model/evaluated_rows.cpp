#include "sim/model/evaluated_rows.hpp"

#include "circuits/anatomy/loss_kind.hpp"

namespace apical {

namespace {

// How many numbers the loss compares.
std::size_t judged_numbers(const Model& model) {
    const Circuit& circuit = model.circuit;
    const Program& program = model.program;
    const SlotId judged = circuit.loss
                              ? program.judged(circuit)
                              : program.voltage_of(circuit.soma(circuit.find_role(Role::output)));
    return static_cast<std::size_t>(program[judged].rows);
}

}  // namespace

std::optional<EvaluatedRows> evaluated_rows(const Model& model) {
    if (!model.evaluation) return {};
    EvaluatedRows rows;
    const std::int64_t every = model.evaluation->every;
    rows.rows = 2;
    if (every > 0) rows.rows += (model.steps - 1) / every;
    rows.outputs = judged_numbers(model);
    rows.compares = judged_by(model.circuit) != Activation::softmax;
    rows.by_trial = model.circuit.trials && model.task && model.task->asks_once();
    const bool by_sign = rows.by_trial && model.task->asks_sign();
    rows.chooses = !rows.compares || (rows.by_trial && model.task->asks_class()) || by_sign;
    constexpr std::size_t signs = 2;
    rows.classes = by_sign ? signs : rows.outputs;
    return rows;
}

}  // namespace apical
