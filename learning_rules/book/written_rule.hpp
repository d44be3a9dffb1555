#pragma once

#include <deque>
#include <string>
#include <vector>

#include "learning_rules/text_rule.hpp"

namespace apical {

// A rule that is written as text, beside the LearningRule that bindings see: its parameters, in
// their order, and then its signals, by name, are the keys of a [plasticity.*] table.
class WrittenRule {
public:
    explicit WrittenRule(TextRule text);
    WrittenRule(const WrittenRule&) = delete;
    WrittenRule& operator=(const WrittenRule&) = delete;

    const LearningRule& rule() const { return rule_; }

private:
    std::string_view own(std::string text);
    Key key_of(const Parameter& parameter);
    Key key_of(const SignalDeclaration& signal);

    TextRule text_;
    std::deque<std::string> texts_;  // that the keys view
    std::vector<Key> keys_;
    LearningRule rule_;
};

}  // namespace apical
