#include "sim/model/model_evaluation.hpp"

#include <fmt/format.h>

#include "circuits/anatomy/loss_kind.hpp"
#include "circuits/text/error.hpp"
#include "circuits/text/keys.hpp"
#include "sim/model/model.hpp"
#include "sim/model/model_keys.hpp"

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

std::optional<EvaluationPolicy> evaluation_policy(Table& root) {
    Value* value = root.find("evaluate");
    if (!value) return {};
    const Section section{std::get<Table>(value->content), value->where, "evaluate",
                          keys_of("evaluate")};
    EvaluationPolicy policy;
    if (section.has("every")) policy.every = section.integer("every");
    if (section.has("steps")) policy.steps = section.integer("steps");
    if (section.has("settle")) policy.settle = section.integer("settle");
    policy.seed = static_cast<std::uint32_t>(section.integer("seed"));
    return policy;
}

void load_evaluation(Model& model, Table& root) {
    model.evaluation = evaluation_policy(root);
    if (!model.evaluation || model.circuit.has_loss()) return;
    reject(root.find("evaluate")->where,
           fmt::format("an evaluation measures the loss, and there is none: the circuit has {}",
                       why_no_loss(model.circuit)));
}

std::optional<EvaluatedRows> evaluated_rows(const Model& model) {
    if (!model.evaluation) return {};
    EvaluatedRows rows;
    const std::int64_t every = model.evaluation->every;
    rows.rows = 2;
    if (every > 0) rows.rows += (model.steps - 1) / every;
    rows.outputs = judged_numbers(model);
    rows.chooses = judged_by(model.circuit) == Activation::softmax;
    return rows;
}

}  // namespace apical
