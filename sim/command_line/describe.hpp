#pragma once

#include <string>
#include <vector>

#include "sim/model/model.hpp"

namespace apical {

// The output of `apical check`: the circuit, its schedule, its recordings, and the program listing.
std::string describe_model(const Model& model);

// The circuit as a Graphviz drawing.
std::string model_dot(const Model& model);

// The output of `apical help model`: every key with type, range, default, unit and meaning, and an
// example of each section. With `topics` only those sections, rules or keys. Throws Error{usage}
// for a topic that is none, with the nearest.
std::string describe_keys(const std::vector<std::string>& topics = {});

// The sections and rules among these topics.
std::vector<std::string> topics_of_models();

// The output of `apical help sweep` on the keys of a sweep file, or of `topics` only. Throws as
// `describe_keys`.
std::string describe_sweep_keys(const std::vector<std::string>& topics = {});

// The output of `apical help rule`: what a rule does, the keys of a table that binds it, and its
// equations when it is written as some. Throws Error{usage} for a name that the book has not.
std::string describe_rule(const RuleBook& book, const std::string& name);

// The output of `apical list rules`: a line each; as JSON also the equations.
std::string list_rules(const RuleBook& book);
std::string list_rules_json(const RuleBook& book);

// JSON Schema (draft-07) of the model file, from the same table.
std::string model_schema();

}  // namespace apical
