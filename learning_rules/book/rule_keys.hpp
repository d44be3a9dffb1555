#pragma once

#include <span>
#include <string_view>

#include "circuits/text/keys.hpp"

namespace apical {

// What a state is drawn as, of a section for the states of equations at synapses or in cells.
constexpr Key draw_key(std::string_view section) {
    return {.section = section,
            .name = "draw",
            .type = Type::text,
            .default_value = "-",
            .choices = "normal|sign",
            .description =
                "drawn anew at the beginning of each step, of mean 0 and deviation 1 or "
                "as -1 or 1; left out: kept"};
}

std::span<const Key> common_rule_keys();     // [plasticity.*], those that all rules have
std::span<const Key> optimiser_keys();       // [plasticity.*.optimiser]
std::span<const Key> schedule_keys();        // [plasticity.*.schedule]
std::span<const Key> rule_keys();            // [rule.*]
std::span<const Key> rule_parameter_keys();  // [rule.*.parameters.*]
std::span<const Key> rule_signal_keys();     // [rule.*.signals.*]
std::span<const Key> rule_state_keys();      // [rule.*.state.*]
std::span<const Key> dynamics_keys();        // [dynamics.*]
std::span<const Key> dynamics_state_keys();  // [dynamics.*.state.*]
std::span<const Key> rule_file_keys();       // a rule file itself

}  // namespace apical
