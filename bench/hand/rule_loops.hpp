// A step of one set of n x n synapses under the rules of bench/rules.toml, as somebody would write
// it by hand for one instruction set: W and what the rule keeps at synapses are gone through once,
// in which the change of the step before is made and W multiplied by this step's input.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

namespace hand {

// Numbers of a loop: matrices in panels of RuleLoops::panel_rows rows, column by column inside a
// panel; n, the number of rows and columns, is a multiple of a panel.
struct RuleLoop {
    std::size_t n;
    double *W, *tag, *slow;  // n x n; a tag and a slow copy or a mean square, at first 0
    double *x_before, *drive, *rate, *product;  // n: drive is what the cells fire, product W x
    double *theta, *post, *second;  // n: a threshold; what the change is multiplied by in a row
    bool is_due;                    // whether the step before has left a change
};

struct RuleSteps {
    std::string_view instruction_set;
    std::size_t panel_rows;
    struct Named {
        std::string_view name;
        void (*step)(RuleLoop&, const double* x);
    };
    std::span<const Named> rules;
};

// The sets of loops that this processor can run.
std::span<const RuleSteps* const> available_rule_steps();

// A rule and what plasticity.learning of bench/rules.toml gives it.
struct RuleTable {
    std::string_view name, parameters;
};
std::span<const RuleTable> rule_tables();

}  // namespace hand
