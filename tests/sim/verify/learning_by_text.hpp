#pragma once

#include "sim/verify/text_rules.hpp"
#include "tests/small_circuit.hpp"

namespace apical {

inline constexpr std::int64_t text_steps = 30;
inline constexpr double text_tolerance = 1e-12;
inline const std::string nine_cells = "population.hidden.size=9";

// Five cells that the input and their own rates of last step drive.
inline const std::string recurrent_cells = R"(
population.hidden = { size = 5, activation = "tanh", alpha = 0.5, init = { activated_normal = 1.0 } }
synapses.W_rec = { from = "hidden", to = "hidden.soma", during = "forward", delay = 1, init = { normal = 0.4 } }
)" + hidden_lines;

// A model whose hidden cells learn by a rule of its own.
inline Model learning_by(const std::string& rule, const std::string& keys = "rate = 0.02") {
    return small_model(recurrent_cells + "rule.mine = { " + rule +
                       " }\nplasticity.learning = { rule = \"mine\", synapses = [\"W_in\", "
                       "\"W_rec\"], " +
                       keys + " }\n");
}

inline const std::string oja_rule =
    "parameters = { rate = 1e-3 }, "
    "equations = \"w += rate * post.r * (pre.r - post.r * w)\"";
inline const std::string decay_rule =
    "parameters = { rate = 1e-3, decay = 0.01 }, "
    "equations = \"w += rate * post.r * pre.r - decay * w\"";
inline const std::string covariance_rule =
    "parameters = { rate = 1e-3, tau_ms = 50.0 }, "
    "state = { post_mean = \"post\", pre_mean = \"pre\" }, "
    "equations = [\"dpost_mean/dt = (post.r - post_mean) / tau_ms\", "
    "\"dpre_mean/dt = (pre.r - pre_mean) / tau_ms\", "
    "\"w += rate * (post.r - post_mean) * (pre.r - pre_mean)\"]";
inline const std::string traced_rule =
    "parameters = { rate = 1e-3, tau_ms = 50.0 }, state = { trace = \"synapse\" }, "
    "equations = [\"dtrace/dt = (slope(post.soma.v) * previous(post.r) * pre.r - trace) / "
    "tau_ms\", \"w += rate * post.r * trace\"]";

inline const std::string* const own_rules[] = {&oja_rule, &decay_rule, &covariance_rule,
                                               &traced_rule};

// What is the first to be off; "" when nothing is.
inline std::string first_off(const Model& model) {
    const Differences found = verify_text_rules(model, text_steps, text_tolerance);
    const Difference* first = found.first();
    return first ? first->symbol : "";
}

// The operations of phases that a rule in text asked for, by index.
inline std::vector<std::size_t> of_texts(const Model& model) {
    std::vector<std::size_t> all;
    for (std::size_t i = 0; i < model.program.operations.size(); ++i) {
        const Operation& op = model.program.operations[i];
        for (const BoundRule& bound : model.rules) {
            const std::string by = fmt::format("{} ({})", bound.label, bound.rule->name);
            const bool asked = op.asker == Asker::rule && op.asked_by.ends_with(by);
            if (bound.rule->text && asked && op.phase) all.push_back(i);
        }
    }
    return all;
}

}  // namespace apical
