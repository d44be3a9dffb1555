#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/anatomy/circuit.hpp"
#include "circuits/program/program.hpp"
#include "circuits/text/value.hpp"
#include "learning_rules/book/rule_book.hpp"
#include "sim/hdf5/data_folder.hpp"
#include "sim/model/model_source.hpp"

namespace apical {

inline constexpr std::string_view imports_key = "rules";  // names rule files

// The rule files that a model's key "rules" named.
struct ImportedRules {
    std::vector<RuleFile> files;
    std::vector<std::string> names;        // of their rules
    std::vector<std::string> activations;  // of their activations
    bool is_whole = true;                  // false: one of the files is wrong
};

// Puts the [rule.*], [dynamics.*] and [activation.*] tables of the files that "rules" names in
// place of that key, beside the model's own, and takes "rules" itself from the overrides when they
// have it: other overrides may change what is imported. Files that were read before are not read
// again. A file that cannot be read, or has a rule that the model has too, is among the mistakes,
// at its place. Throws Error{no_such_input} for a file that is not there.
ImportedRules import_rules(Table& root, const Overrides& overrides, const DataFolder& directory,
                           const std::vector<RuleFile>& read_before, Mistakes& mistakes);

// The rules that come with Apical and those of the model's [rule.*] tables. What is wrong with
// these is added to the mistakes, and the book knows that it lacks a rule.
std::unique_ptr<const RuleBook> read_rule_book(Table& root, bool is_whole, Mistakes& mistakes);

// Notes each activation of the model's own by which no cells fire.
void note_unused(const Circuit& circuit, const ImportedRules& imported,
                 std::vector<std::string>& notes);

// Notes, of each event that stops a rule, what the rule keeps at synapses, which stays as it is.
void note_stopped(const Program& program, const Circuit& circuit, std::vector<std::string>& notes);

// Takes imported rules that no table binds out of the model, and imported activations by which no
// cells fire, so that it has what its run needs.
void leave_out_unbound(Table& root, const ImportedRules& imported,
                       const std::vector<BoundRule>& bound, const Circuit& circuit);

}  // namespace apical
