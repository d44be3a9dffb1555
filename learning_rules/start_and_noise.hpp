#pragma once

#include <vector>

#include "learning_rules/learning_rule.hpp"

namespace apical {

// The keys of `noise = { ... }`, a table of some rules.
std::span<const Key> noise_keys();

// What a rule's own numbers are before the first step, and the noise that it replays.

inline constexpr Key noise_key{.section = "plasticity.*",
                               .name = "noise",
                               .type = Type::table,
                               .default_value = "-",
                               .inner = "noise",
                               .description = "noise to replay in place of drawing it"};

// The noise that the binding replays, from this column on of so many (0: of as many as there are
// draws); its path is empty when it is drawn.
Replay replay_of(const Binding& binding, int column = 0, int columns = 0);

// The initial value that the key of this name gives.
Initializer start_of(const Binding& binding, std::string_view key);

// The initial values of each set of the binding. `start` says those of all sets beside each other,
// as in W = [W_rec, W_in, b]; a set's part of a dataset is the columns of its presynaptic cells.
std::vector<Initializer> parts_of(const Circuit& circuit, const Binding& binding,
                                  const Initializer& start);

// B at the synapses of each set, in the order of the binding.
std::vector<SlotId> tags_of(ProgramBuilder& program, const Binding& binding, std::string_view name,
                            const Initializer& start);

}  // namespace apical
