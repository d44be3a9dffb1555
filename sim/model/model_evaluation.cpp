#include "sim/model/model_evaluation.hpp"

#include <fmt/format.h>

#include "circuits/anatomy/loss_kind.hpp"
#include "circuits/text/error.hpp"
#include "circuits/text/keys.hpp"
#include "sim/model/model_keys.hpp"

namespace apical {

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

std::optional<EvaluationPolicy> evaluation_policy(Table& root, const Circuit& circuit) {
    std::optional<EvaluationPolicy> policy = evaluation_policy(root);
    if (!policy || circuit.has_loss()) return policy;
    reject(root.find("evaluate")->where,
           fmt::format("an evaluation measures the loss, and there is none: the circuit has {}",
                       why_no_loss(circuit)));
}

}  // namespace apical
