#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "learning_rules/lowering/names.hpp"

namespace apical {

// What is known of a part of an equation in any circuit.
struct Fact {
    Place place = Place::number;
    double unit = 0.0;  // a power of ms
};

// ' Did you mean "w"?' for the known name that has the same letters, small or large, or else the
// nearest; empty when none is near.
std::string did_you_mean_name(std::string_view name, const std::vector<std::string>& known);

// Finds out places and units of expressions, and tells what is wrong with them.
class Facts {
public:
    // The arguments must outlive this.
    Facts(const TextRule& rule, const Names& names) : rule_(rule), names_(names) {}

    // Place and unit of the expression; nothing when a mistake in it has been told.
    std::optional<Fact> of(const Expression& expression);

    // The statement whose parts are looked at from now on. It must outlive this.
    void begin(const Statement& statement) { statement_ = &statement; }
    // Adds a mistake whose sentence begins with the rule: `rule "oja": ...`.
    void tell(const Where& where, const std::string& sentence);
    void add(const Mistake& mistake) { mistakes_.add({mistake}); }
    const Mistakes& mistakes() const { return mistakes_; }
    // Whether one of the expressions has read the name.
    bool has_read(std::string_view name) const;
    // The expressions have an unknown name that is near this one.
    bool has_misspelt(const std::string& name) const;

private:
    std::optional<Fact> of_name(const Expression& name);
    std::string made_by(const std::string& name) const;
    std::optional<Fact> of_sum(const Expression& sum);
    std::optional<Fact> of_product(const Expression& product);
    std::optional<Fact> of_power(const Expression& power);
    std::optional<Fact> of_call(const Expression& call);
    std::optional<Fact> of_arguments(const Expression& call, const std::vector<Fact>& arguments);
    std::optional<Fact> of_activation(const Expression& call, const Fact& argument);
    std::optional<Fact> of_previous(const Expression& call, const Fact& argument);
    std::optional<Fact> of_dot(const Expression& call, const Fact& matrix, const Fact& vector);
    std::optional<Fact> of_outer(const Expression& call, const Fact& a, const Fact& b);
    bool take_no_pairs(const Expression& call, const std::vector<Fact>& arguments);
    bool can_be_joined(const Expression& of, const Fact& a, const Fact& b);
    bool have_one_unit(const Expression& of, const Expression& a, Fact of_a, const Expression& b,
                       Fact of_b);
    std::optional<Fact> failed(const Where& where, const std::string& sentence);

    const TextRule& rule_;
    const Names& names_;
    const Statement* statement_ = nullptr;
    Mistakes mistakes_;
    std::vector<std::string> read_, unknown_;
};

}  // namespace apical
