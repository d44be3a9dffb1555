#include "learning_rules/book/rule_keys.hpp"

#include <array>

#include "circuits/program/application.hpp"
#include "learning_rules/text_rule.hpp"

namespace apical {

namespace {

constexpr std::array common_table = {
    Key{.section = "plasticity.*",
        .name = "rule",
        .type = Type::text,
        .description = "the plasticity rule"},
    Key{.section = "plasticity.*",
        .name = "synapses",
        .type = Type::text_list,
        .names = "synapses",
        .description = "synapse sets that it changes"},
    Key{.section = "plasticity.*",
        .name = "during",
        .type = Type::text,
        .default_value = "-",
        .names = "phase",
        .description = "phase at whose end the synapses change; left out: the last"},
    Key{.section = "plasticity.*",
        .name = "in",
        .type = Type::text,
        .default_value = "-",
        .description = "window of a trial in which the strengths change; what the rule keeps goes "
                       "on in all steps. Left out: in each step"},
    Key{.section = "plasticity.*",
        .name = "apply",
        .type = Type::text,
        .default_value = "-",
        .choices = apply_names,
        .description = "when the changes reach the strengths: step (left out): as the rule asks "
                       "for them; phase, trial, batch: added up, at the end of the phase's "
                       "iterations, of the trial, of so many trials as [batch] says"},
    Key{.section = "plasticity.*",
        .name = "average",
        .type = Type::boolean,
        .default_value = "-",
        .description = "true: what is added up is divided by the steps in which the rule acted, "
                       "of a batch by its trials"},
    Key{.section = "plasticity.*",
        .name = "optimiser",
        .type = Type::table,
        .default_value = "-",
        .inner = "plasticity.*.optimiser",
        .description = "what is made of changes on their way to the strengths; left out: nothing"},
    Key{.section = "plasticity.*",
        .name = "schedule",
        .type = Type::table,
        .default_value = "-",
        .inner = "plasticity.*.schedule",
        .description = "factor of the rate in the course of the run; left out: 1"},
    Key{.section = "plasticity.*",
        .name = "each",
        .type = Type::text,
        .default_value = "-",
        .choices = "step|iteration",
        .description = "how often the rule acts in a phase with repeat: once, behind the last "
                       "iteration (left out), or in each; of rules that are equations"},
};

constexpr std::array rule_table = {
    Key{.section = "rule.*",
        .name = "summary",
        .type = Type::text,
        .default_value = "-",
        .description = "one line, with the equation"},
    Key{.section = "rule.*",
        .name = "equations",
        .type = Type::texts,
        .description =
            "a statement a line: how the strength `w` and the rule's own numbers change"},
    Key{.section = "rule.*",
        .name = "parameters",
        .type = Type::table,
        .default_value = "-",
        .inner = "rule.*.parameters.*",
        .description = "numbers that [plasticity.*] gives, by name: a default, or a table"},
    Key{.section = "rule.*",
        .name = "signals",
        .type = Type::table,
        .default_value = "-",
        .inner = "rule.*.signals.*",
        .description =
            "quantities whose addresses [plasticity.*] gives, by name: \"post\", \"pre\", "
            "\"all\" or a table"},
    Key{.section = "rule.*",
        .name = "state",
        .type = Type::table,
        .default_value = "-",
        .inner = "rule.*.state.*",
        .description = "numbers that the rule keeps from step to step, by name: \"post\", \"pre\", "
                       "\"synapse\", \"all\" or a table"},
    Key{.section = "rule.*",
        .name = "requires",
        .type = Type::text_list,
        .default_value = "-",
        .choices = requirement_names,
        .description = "what the synapse sets must be like that the rule is bound to"},
    Key{.section = "rule.*",
        .name = "facing",
        .type = Type::text,
        .default_value = "-",
        .choices = "past|future|none",
        .description = "which gradient the changes estimate, for diagnose.alignment"}};

constexpr std::array parameter_table = {
    Key{.section = "rule.*.parameters.*",
        .name = "default",
        .type = Type::number,
        .default_value = "-",
        .description = "left out: [plasticity.*] must give the parameter"},
    Key{.section = "rule.*.parameters.*",
        .name = "minimum",
        .type = Type::number,
        .default_value = "-",
        .description = "smallest value that it may have"},
    Key{.section = "rule.*.parameters.*",
        .name = "maximum",
        .type = Type::number,
        .default_value = "-",
        .description = "largest value that it may have"},
    Key{.section = "rule.*.parameters.*",
        .name = "description",
        .type = Type::text,
        .default_value = "-",
        .description = "what the parameter is"}};

constexpr std::array signal_table = {
    Key{.section = "rule.*.signals.*",
        .name = "of",
        .type = Type::text,
        .default_value = "-",
        .choices = "post|pre|all",
        .description = "whose numbers they are: of the postsynaptic cells when left out"},
    Key{.section = "rule.*.signals.*",
        .name = "list",
        .type = Type::boolean,
        .default_value = "-",
        .description = "true: [plasticity.*] gives a list of addresses, whose sum it is"},
    Key{.section = "rule.*.signals.*",
        .name = "default",
        .type = Type::text,
        .default_value = "-",
        .description = "address of a role that it has when [plasticity.*] gives none, as in "
                       "\"@error.r\""},
    Key{.section = "rule.*.signals.*",
        .name = "description",
        .type = Type::text,
        .default_value = "-",
        .description = "what the signal is"}};

constexpr std::array state_table = {
    Key{.section = "rule.*.state.*",
        .name = "at",
        .type = Type::text,
        .choices = "post|pre|synapse|all|pairs",
        .description = "where the numbers are: in each cell, at each synapse, one for all, or of "
                       "each pair of cells"},
    Key{.section = "rule.*.state.*",
        .name = "of",
        .type = Type::text,
        .default_value = "-",
        .choices = "post|pre",
        .description = "whose pairs they are, with at = \"pairs\""},
    Key{.section = "rule.*.state.*",
        .name = "init",
        .type = Type::table,
        .default_value = "-",
        .inner = "init",
        .description = "what they begin with, 0 when left out"},
    draw_key("rule.*.state.*"),
    Key{.section = "rule.*.state.*",
        .name = "symbol",
        .type = Type::text,
        .default_value = "-",
        .description = "what figures call it; its name when left out"}};

constexpr std::array file_table = {
    Key{.section = "",
        .name = "format",
        .type = Type::integer,
        .minimum = 1,
        .maximum = 1,
        .description = "version of the file's format"},
    Key{.section = "",
        .name = "rule",
        .type = Type::table,
        .inner = "rule.*",
        .description = "plasticity rules that are written as equations, by name"},
    Key{.section = "",
        .name = "activation",
        .type = Type::table,
        .default_value = "-",
        .inner = "activation.*",
        .description = "activations that are written as equations, by name"},
    Key{.section = "",
        .name = "dynamics",
        .type = Type::table,
        .default_value = "-",
        .inner = "dynamics.*",
        .description = "equations inside the cells of a population, by name"}};

}  // namespace

std::span<const Key> common_rule_keys() { return common_table; }
std::span<const Key> rule_keys() { return rule_table; }
std::span<const Key> rule_parameter_keys() { return parameter_table; }
std::span<const Key> rule_signal_keys() { return signal_table; }
std::span<const Key> rule_state_keys() { return state_table; }
std::span<const Key> rule_file_keys() { return file_table; }

}  // namespace apical
