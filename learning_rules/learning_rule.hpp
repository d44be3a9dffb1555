#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/program/program_builder.hpp"
#include "circuits/text/keys.hpp"

namespace apical {

// A learning rate, and where the model file says it.
struct Rate {
    double value = 0.0;
    Where where = {};
};

// Slots that a rule reads, by the name of the key or of the part of its equations that they are.
struct RulePart {
    std::string name = {};
    std::vector<SlotId> slots = {};
    Where where = {};
};

// A constant of a rule's equations.
struct RuleConstant {
    std::string name = {};
    double value = 0.0;
};

// The gradient of the recurrent network that the changes of a rule estimate, L(t) the loss of step
// t and W(t) the use of W in step t (Marschall, Cho & Savin 2019, arXiv:1907.02649).
enum class Facing : std::uint8_t {
    none,         // neither
    past,         // dL(t) / dW, through all steps before t: RTRL's
    past_window,  // the sum of it over `window` steps, every `window` steps
    future,       // d(sum of L(t), L(t+1), ...) / dW(t): that of future-facing BPTT
    future_late   // `future` of `window` - 1 steps ago
};

// What a rule found its equations to be made of. Verification and diagnosis read it here, so that
// they need know neither its keys nor its name. What a rule makes or keeps for itself is in the
// program, as slots of its label (`Program::of_rule`, `Program::tag_of`).
struct RuleParts {
    std::optional<Rate> rate = {};  // of the strengths; none: they are not changed in proportion
    SlotId credit = {};             // that teaches the postsynaptic cells; unset: nothing does
    int window = 1;                 // steps that one change is about or waits for
    std::vector<RulePart> slots = {};
    std::vector<RuleConstant> constants = {};
    std::optional<Facing> facing = {};  // set: in place of the rule's
    // The rate with which the rule makes the changes that an optimiser is given; unset: `rate`.
    std::optional<double> bound_with = {};

    // Null when the rule has no such part.
    const RulePart* find(std::string_view name) const;
    // Nothing when the rule has no such constant.
    std::optional<double> constant(std::string_view name) const;
};

// One [plasticity.*] table: the synapse sets that a rule changes and the rest of its options.
struct Binding {
    const Section& options;
    std::string label;  // "synthetic_gradient": names the signals that the rule makes
    std::vector<SynapseSetId> synapses;
    PopulationId cells = {};    // of [dynamics.*], which has no synapses; the label is their name
    bool is_optimised = false;  // an optimiser has the rate, and is given changes without it

    // The name of numbers that the rule makes or keeps for itself, "synthetic_gradient.error".
    // `symbol` is theirs in figures; when it is empty, the quantity is.
    RuleQuantity signal_name(std::string_view quantity, std::string_view symbol = {}) const;
    // The value of the key `learning_rate`.
    Rate rate() const;
};

// The keys that most rules have.
inline constexpr Key learning_rate{.section = "plasticity.*",
                                   .name = "rate",
                                   .type = Type::number,
                                   .minimum = 0,
                                   .maximum = 1e6,
                                   .description = "learning rate"};
inline constexpr Key credit_key{.section = "plasticity.*",
                                .name = "credit",
                                .type = Type::text,
                                .description =
                                    "voltage of the postsynaptic cells that teaches, as "
                                    "in \"hidden.feedback\" or \"hidden.apical\""};

struct TextRule;

// A plasticity rule appends operations to a program. It does no arithmetic, holds no state and
// never calls the engine. It is a function, or written as text; a rule book owns the texts.
struct LearningRule {
    std::string_view name;      // its spelling in a model file
    std::string_view summary;   // one line, with the equation
    std::span<const Key> keys;  // beside rule, synapses and during
    RuleParts (*emit)(ProgramBuilder& program, const Binding& binding);  // null: it has a text
    Facing facing = Facing::none;
    const TextRule* text = nullptr;  // null: it is a function
};

// A rule, the synapse sets that a [plasticity.*] table binds it to, and what it found there.
struct BoundRule {
    std::string label;  // of the table
    Where where;        // of the table
    const LearningRule* rule = nullptr;
    std::vector<SynapseSetId> synapses;
    RuleParts parts;
    bool is_direct = true;         // its changes are made when and as its equations say
    Application application = {};  // else how they are made

    // The name of what the rule makes or keeps for itself, "recurrent.A".
    RuleQuantity signal_name(std::string_view quantity) const;
    Facing facing() const { return parts.facing.value_or(rule->facing); }
    // Whether the set is one of those that it is bound to.
    bool changes(SynapseSetId set) const;
};

// ---- what rules need of their bindings

// The population whose cells all sets of the binding end on. Throws when they end on several.
PopulationId postsynaptic(const ProgramBuilder& program, const Binding& binding,
                          std::string_view rule);

// Throws unless the set's own use ends on the soma of its cells, for rules that hold the slope at
// the soma responsible.
void check_drives_soma(const Circuit& circuit, const Binding& binding, std::string_view rule);

// The rate that each set of the binding carries, in its order.
std::vector<SlotId> presynaptic_of(ProgramBuilder& program, const Binding& binding);

// The signal at `address`, of the postsynaptic cells. Throws Error{bad_model} when it is none.
SlotId postsynaptic_signal(ProgramBuilder& program, const Binding& binding, const Text& address,
                           std::string_view rule);

}  // namespace apical
