// What a run says of numbers that are no longer finite.
#include <fmt/format.h>

#include <algorithm>

#include "sim/simulation/divergence.hpp"
#include "sim/simulation/not_finite.hpp"
#include "sim/simulation/scheduler.hpp"

namespace apical {

namespace {

bool is_a_matrix(const Slot& slot) { return slot.places || !is_vector(slot.shape); }

}  // namespace

void Scheduler::fail_with(const Operation& op, SlotId bad) const {
    throw Error(ExitCode::numerical_failure,
                text_of(state_, present_step_, {&op, bad, first_not_finite(state_, bad)}));
}

// Throws the error that names the first checked operation in the program whose result is bad; or an
// operation with the same result and what it read, when that was bad and no checked operation made
// it; or the loss when no result is bad.
void Scheduler::fail(std::size_t phase) const {
    plan_.flush(phase);
    const std::vector<std::uint32_t> all = checked(phase);
    const auto is_bad = [&](SlotId slot) { return first_not_finite(state_, slot) >= 0; };
    const auto result = [&](std::uint32_t i) { return program_.operations[i].operands[0].slot; };
    const auto first =
        std::find_if(all.begin(), all.end(), [&](std::uint32_t i) { return is_bad(result(i)); });
    if (first != all.end()) {
        const auto is_made = [&](SlotId slot) {
            return std::any_of(all.begin(), all.end(),
                               [&](std::uint32_t k) { return result(k) == slot; });
        };
        // A pass that is fused changes strengths and transmits by them at once.
        const auto is_changed = [&](SlotId slot) { return is_a_matrix(program_[slot]); };
        const auto fail_by_what_is_read = [&](const auto& is_blamed) {
            for (const std::uint32_t i : all) {
                if (result(i) != result(*first)) continue;
                for (const Operand& read : program_.operations[i].operands)
                    if (is_blamed(read.slot) && is_bad(read.slot))
                        fail_with(program_.operations[i], read.slot);
            }
        };
        fail_by_what_is_read([&](SlotId slot) { return !is_made(slot); });
        fail_by_what_is_read(
            [&](SlotId slot) { return slot != result(*first) && is_changed(slot); });
        fail_with(program_.operations[*first], result(*first));
    }
    throw Error(ExitCode::numerical_failure,
                fmt::format("step {}, phase \"{}\": \"loss\" is no longer a finite number; {}",
                            present_step_, program_.phase_names[phase], why_not_finite(state_)));
}

}  // namespace apical
