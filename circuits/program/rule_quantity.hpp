#pragma once

#include <concepts>
#include <string>
#include <string_view>
#include <utility>

namespace apical {

// What a rule calls numbers that it makes or keeps for itself: "A" of the rule "recurrent".
struct RuleQuantity {
    std::string rule = {};  // label of its [plasticity.*] table
    std::string quantity = {};
    std::string symbol = {};  // in figures; empty: the quantity
    bool of_cells = false;    // equations inside cells keep it: `rule` is their population

    RuleQuantity(std::string rule_is, std::string quantity_is, std::string symbol_is = {})
        : rule(std::move(rule_is)),
          quantity(std::move(quantity_is)),
          symbol(std::move(symbol_is)) {}
    // A quantity of no table's rule: the text is its address.
    template <std::convertible_to<std::string_view> Address>
    RuleQuantity(const Address& address) : quantity(std::string_view(address)) {}

    // "recurrent.A"
    std::string address() const { return rule.empty() ? quantity : rule + '.' + quantity; }
};

}  // namespace apical
