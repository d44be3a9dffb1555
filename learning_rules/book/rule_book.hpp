#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "learning_rules/book/written_rule.hpp"

namespace apical {

// The rules that come with Apical, in the order of the registry.
std::span<const LearningRule* const> learning_rules();

// The rules that a model can bind: those that come with Apical, and its own beside them. What is
// bound views the book, so it must outlive the bindings; it may not move once there are some.
class RuleBook {
public:
    // Throws Rejected when a rule of that name is known, naming both places.
    void add(TextRule text);
    // Notes that a text of the book was wrong and is missing: from then on an unknown name may be
    // that rule's, and is no mistake of the table that binds it.
    void lack_a_rule() { is_whole_ = false; }
    bool is_whole() const { return is_whole_; }

    // Null when there is none of that name.
    const LearningRule* find(std::string_view name) const;
    // All rules of the book, a model's own last, in the order in which they were added.
    std::vector<const LearningRule*> rules() const;
    // Whether the rule that a [plasticity.*] table binds may be the text that is wrong.
    bool may_lack_rule_of(const Table& table) const;

private:
    std::vector<std::unique_ptr<const WrittenRule>> own_;
    bool is_whole_ = true;
};

// The rule that a [plasticity.*] table binds; `name` is its path. Throws Error{bad_model} when it
// is none.
const LearningRule& rule_of(const RuleBook& book, const Table& table, const std::string& name,
                            const Where& where);

// The keys that a [plasticity.*] table may have, which depend on its rule. `name` is its path.
// Throws Error{bad_model} when its rule is none.
std::vector<Key> keys_of_rule(const RuleBook& book, const Table& table, const std::string& name,
                              const Where& where);

// Reads and checks the [plasticity.*] tables and lets each rule append its operations. Returns what
// is bound, in the order of the file, as views of the book. Throws Error{bad_model} for an unknown
// rule or set, for two rules that change one set, and for what a rule cannot use.
std::vector<BoundRule> emit_plasticity(ProgramBuilder& program, const RuleBook& book,
                                       Table& plasticity);

}  // namespace apical
