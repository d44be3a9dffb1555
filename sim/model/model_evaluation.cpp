#include "sim/model/model_evaluation.hpp"

#include <fmt/format.h>

#include <algorithm>

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
    if (section.has("trials")) policy.trials = section.integer("trials");
    if (section.has("data")) policy.data = section.text("data").text;
    for (const char* other : {"steps", "settle"}) {
        if (policy.trials && section.has(other))
            reject(section.where("trials"),
                   fmt::format("evaluate.trials and evaluate.{} both say how long an evaluation "
                               "is; expected one of the two",
                               other));
    }
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

void check_evaluated(Table& root, const EvaluationPolicy& policy, const Task& task) {
    const Table& table = std::get<Table>(root.find("evaluate")->content);
    const std::vector<std::string> splits = task.splits();
    if (policy.trials && !root.find("trial"))
        reject(table.find("trials")->where,
               "evaluate.trials needs a task with trials; expected evaluate.steps");
    if (policy.data.empty()) return;
    const Where& where = table.find("data")->where;
    if (splits.empty())
        reject(where,
               "evaluate.data names a split of the task's data, and the task has none; "
               "expected the key left out: other draws are shown");
    if (std::find(splits.begin(), splits.end(), policy.data) == splits.end())
        reject(where, fmt::format("the task's data have no split \"{}\"; their splits are {}.{}",
                                  shortened(policy.data), list_of(splits),
                                  did_you_mean(policy.data, splits)));
}

}  // namespace apical
