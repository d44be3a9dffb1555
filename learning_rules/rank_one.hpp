#pragma once

#include <vector>

#include "learning_rules/recurrence.hpp"
#include "learning_rules/start_and_noise.hpp"

namespace apical {

// What UORO, KF-RTRL and R-KF share: an influence that is the product of two tensors A and B, kept
// unbiased by random signs, with factors rho0 and rho1 that shift size from the one to the other.

inline constexpr Key rank_one_keys[] = {
    learning_rate,
    credit_key,
    leave_out_alpha_key,
    {.section = "plasticity.*",
     .name = "A",
     .type = Type::table,
     .default_value = "{ normal = 1.0 }",
     .inner = "init",
     .description = "the tensor A before the first step"},
    {.section = "plasticity.*",
     .name = "B",
     .type = Type::table,
     .default_value = "{ normal = 1.0 }",
     .inner = "init",
     .description = "the tensor B before the first step"},
    {.section = "plasticity.*",
     .name = "rho0",
     .type = Type::number,
     .default_value = "-",
     .minimum = 0,
     .maximum = 1e6,
     .above_minimum = true,
     .description = "constant factor of the old influence, with rho1; left out: that of least "
                    "variance in each step"},
    {.section = "plasticity.*",
     .name = "rho1",
     .type = Type::number,
     .default_value = "-",
     .minimum = 0,
     .maximum = 1e6,
     .above_minimum = true,
     .description =
         "constant factor of the immediate influence, with rho0; left out: that of least "
         "variance in each step"},
    noise_key,
};

// Rate and credit, and rho0 and rho1 where they are constants.
RuleParts parts_of_rank_one(const Binding& binding, const Recurrence& recurrence);

struct Factors {
    SlotId rho0, rho1;
};

// What rho0 and rho1 of least variance are made of,
//   rho0 = sqrt(|B| / |A|), rho1 = sqrt(|P| / |Q|),
// with the old influence's tensors A and B after J has carried them on.
struct Balanced {
    std::vector<SlotId> B, A, P, Q;
    std::vector<SlotId> presynaptic = {};  // unless empty, P's other factor
};

// The binding's constants, or the factors of least variance from the squares of the four norms.
Factors factors_of(ProgramBuilder& program, const Binding& binding, const Balanced& tensors);

// 1 / rho0 and 1 / rho1.
Factors inverses_of(ProgramBuilder& program, const Binding& binding, const Factors& rho);

}  // namespace apical
