#pragma once

#include <span>

#include "circuits/text/keys.hpp"

namespace apical {

std::span<const Key> common_rule_keys();     // [plasticity.*], those that all rules have
std::span<const Key> rule_keys();            // [rule.*]
std::span<const Key> rule_parameter_keys();  // [rule.*.parameters.*]
std::span<const Key> rule_signal_keys();     // [rule.*.signals.*]
std::span<const Key> rule_state_keys();      // [rule.*.state.*]
std::span<const Key> dynamics_keys();        // [dynamics.*]
std::span<const Key> dynamics_state_keys();  // [dynamics.*.state.*]
std::span<const Key> rule_file_keys();       // a rule file itself

}  // namespace apical
