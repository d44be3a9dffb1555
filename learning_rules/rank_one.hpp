#pragma once

#include <vector>

#include "learning_rules/recurrence.hpp"

namespace apical {

// What UORO, KF-RTRL and R-KF share: an influence that is the product of two tensors A and B, kept
// unbiased by random signs, with factors rho0 and rho1 that shift size from the one to the other.

inline constexpr Key start_of_A_key{.section = "plasticity.*",
                                    .name = "A",
                                    .type = Type::table,
                                    .default_value = "{ normal = 1.0 }",
                                    .inner = "init",
                                    .description = "the tensor A before the first step"};
inline constexpr Key start_of_B_key{.section = "plasticity.*",
                                    .name = "B",
                                    .type = Type::table,
                                    .default_value = "{ normal = 1.0 }",
                                    .inner = "init",
                                    .description = "the tensor B before the first step"};
inline constexpr Key rho0_key{
    .section = "plasticity.*",
    .name = "rho0",
    .type = Type::number,
    .default_value = "-",
    .minimum = 0,
    .maximum = 1e6,
    .above_minimum = true,
    .description = "constant factor of the old influence; left out: least variance in each step"};
inline constexpr Key rho1_key{
    .section = "plasticity.*",
    .name = "rho1",
    .type = Type::number,
    .default_value = "-",
    .minimum = 0,
    .maximum = 1e6,
    .above_minimum = true,
    .description =
        "constant factor of the immediate influence; left out: least variance in each step"};
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

// The part of a dataset that belongs to columns [first, first + count) of all sets beside each
// other: W = [W_rec, W_in, b].
Initializer columns_of(Initializer start, int first, int count);

// B at the synapses of each set, in the order of the binding.
std::vector<SlotId> tags_of(ProgramBuilder& program, const Binding& binding, std::string_view name,
                            const Initializer& start);

// The sum of squares of all entries of all slots, as "<label>.<name>".
SlotId square_sum(ProgramBuilder& program, const Binding& binding, const std::vector<SlotId>& slots,
                  std::string_view name);

// rho0 and rho1: the binding's constants, or those of least variance,
//   rho0 = sqrt(|B| / |A|), rho1 = sqrt(|P| / |Q|), from the squares of the four norms.
struct Factors {
    SlotId rho0, rho1;
};
struct Squares {
    std::vector<SlotId> B, A, P, Q;
    std::vector<SlotId> P_presynaptic = {};  // P = p x r^ is given by its two factors
};
Factors factors_of(ProgramBuilder& program, const Binding& binding, const Squares& squares);

// numerator / denominator, as "<label>.<name>"; without a numerator 1 / denominator.
SlotId ratio(ProgramBuilder& program, const Binding& binding, SlotId numerator, SlotId denominator,
             std::string_view name);

}  // namespace apical
