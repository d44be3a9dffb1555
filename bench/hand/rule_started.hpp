#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "bench/hand/numbers.hpp"
#include "bench/hand/rule_loops.hpp"
#include "sim/engine/state.hpp"
#include "sim/model/model.hpp"

namespace hand {

// A rule of bench/rules.toml with the parameters of its loop by hand; `cells` cells and inputs.
apical::Model model_of_rule(std::string_view rule, std::int64_t cells);

// A rule's loop with its numbers, which begins as the engine does: `state` is that of model_of_rule
// before the first step, of cells in whole panels.
class StartedRule {
public:
    StartedRule(const RuleSteps& steps, std::string_view rule, const apical::State& state);

    void step(const double* x) { step_(loop_, x); }
    const double* product() const { return loop_.product; }

private:
    double* room(std::size_t count) { return memory_.emplace_back(count).data(); }

    std::vector<Numbers> memory_;
    RuleLoop loop_ = {};
    void (*step_)(RuleLoop&, const double*) = nullptr;
};

}  // namespace hand
