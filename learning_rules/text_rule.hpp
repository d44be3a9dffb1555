#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/initializer.hpp"
#include "circuits/equations/syntax.hpp"
#include "learning_rules/learning_rule.hpp"
#include "learning_rules/place.hpp"

namespace apical {

// What a [plasticity.*] table may give the rule. A name in "_ms" is a time, above 0 where the rule
// says no minimum, in "_per_ms" one over a time, any other a number.
struct Parameter {
    std::string name;
    std::optional<double> default_value = {};  // none: the table must give it
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    std::string description = {};
    bool above_minimum = false;  // the minimum itself is out of range
    Where where = {};
};

// A name of the equations for quantities whose addresses a [plasticity.*] table gives.
struct SignalDeclaration {
    std::string name;
    Place of = Place::post;            // post, pre or all
    bool is_list = false;              // the table gives a list, which is summed
    std::string default_address = {};  // "@error.r": of the population of a role; empty: required
    bool is_key = true;                // false: always the default address
    std::string description = {};
    Where where = {};
};

// Whether numbers are drawn anew at the beginning of each step: from N(0, 1), or as -1 or 1.
enum class Drawn : std::uint8_t { no, normal, sign };

// Numbers that a rule keeps from step to step, or that are drawn.
struct StateDeclaration {
    std::string name;
    Place at = Place::synapse;  // all, pre, post, synapse or pairs of cells
    Initializer init = {};
    std::string symbol = {};  // in figures; empty: the name
    Where where = {};
    Drawn drawn = Drawn::no;
};

// What the synapse sets must be like that a rule is bound to, and how texts spell it, in the order
// of the values.
enum class Requirement : std::uint8_t {
    drives_the_soma,           // each set's own use ends on the soma of its cells
    alone_on_its_compartment,  // no other set ends on the compartment of the sets' own uses
    ends_on_the_output,        // and the population with role "error" has its cells
};
inline constexpr std::string_view requirement_names =
    "drives the soma|alone on its compartment|ends on the output";

// A rule as it is written in a [rule.NAME] table (docs/model-file.md).
struct TextRule {
    std::string name;
    std::string summary;
    std::vector<Parameter> parameters;
    std::vector<SignalDeclaration> signals;
    std::vector<StateDeclaration> state;
    std::vector<Requirement> needs;
    Facing facing = Facing::none;
    std::vector<Statement> equations;
    Where where;
    // Equations of [dynamics.NAME], inside the cells of one population: their names are those
    // cells', and there are no synapses.
    bool of_cells = false;

    const Parameter* find_parameter(std::string_view name) const;
    const SignalDeclaration* find_signal(std::string_view name) const;
    const StateDeclaration* find_state(std::string_view name) const;
};

}  // namespace apical
