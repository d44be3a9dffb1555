#include "learning_rules/rank_one.hpp"

#include <fmt/format.h>

namespace apical {

namespace {

// The sum of squares of all entries of all slots, as "<label>.<name>".
SlotId square_sum(ProgramBuilder& program, const Binding& binding, const std::vector<SlotId>& slots,
                  std::string_view name) {
    const SlotId sum = program.inner(slots.front(), slots.front(), binding.signal_name(name));
    for (std::size_t k = 1; k < slots.size(); ++k) program.add_inner(sum, slots[k], slots[k]);
    return sum;
}

Factors constant_factors(ProgramBuilder& program, const Binding& binding) {
    for (const std::string_view key : {"rho0", "rho1"}) {
        if (binding.options.has(key)) continue;
        reject(binding.options.where(key == "rho0" ? "rho1" : "rho0"),
               fmt::format("[{}] has one of \"rho0\" and \"rho1\"; expected both, or none for "
                           "those of least variance",
                           binding.options.name()));
    }
    const auto constant = [&](const char* key) {
        return program.constant(binding.options.number(key), binding.signal_name(key));
    };
    return {constant("rho0"), constant("rho1")};
}

}  // namespace

RuleParts parts_of_rank_one(const Binding& binding, const Recurrence& recurrence) {
    RuleParts parts{.rate = binding.rate(), .credit = recurrence.credit};
    for (const char* key : {"rho0", "rho1"})
        if (binding.options.has(key)) parts.constants.push_back({key, binding.options.number(key)});
    return parts;
}

Factors factors_of(ProgramBuilder& program, const Binding& binding, const Balanced& tensors) {
    if (binding.options.has("rho0") || binding.options.has("rho1"))
        return constant_factors(program, binding);
    const auto square = [&](const std::vector<SlotId>& slots, std::string_view name) {
        return square_sum(program, binding, slots, name);
    };
    const SlotId B = square(tensors.B, "rho0_numerator"), A = square(tensors.A, "rho0_denominator"),
                 Q = square(tensors.Q, "rho1_denominator");
    SlotId P;
    if (tensors.presynaptic.empty()) {
        P = square(tensors.P, "rho1_numerator");
    } else {
        P = program.times(square(tensors.P, "square_of_P"),
                          square(tensors.presynaptic, "square_of_presynaptic"),
                          binding.signal_name("rho1_numerator"));
    }
    return {program.balance(B, A, binding.signal_name("rho0")),
            program.balance(P, Q, binding.signal_name("rho1"))};
}

Factors inverses_of(ProgramBuilder& program, const Binding& binding, const Factors& rho) {
    const SlotId one = program.constant(1.0, binding.signal_name("one"));
    return {program.quotient(one, rho.rho0, binding.signal_name("inverse_of_rho0")),
            program.quotient(one, rho.rho1, binding.signal_name("inverse_of_rho1"))};
}

}  // namespace apical
