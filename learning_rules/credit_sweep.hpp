#pragma once

#include <vector>

#include "learning_rules/recurrence.hpp"

namespace apical {

inline constexpr Key window_key{.section = "plasticity.*",
                                .name = "window",
                                .type = Type::integer,
                                .minimum = 1,
                                .maximum = 10'000,
                                .unit = "steps",
                                .description = "how far back the credit is carried"};

// Backpropagation through the last `window` steps: their slopes, credits and presynaptic rates are
// kept, and a credit c is carried back from the newest to the oldest.
class CreditSweep {
public:
    // From here on each step is kept.
    CreditSweep(ProgramBuilder& program, const Binding& binding, const Recurrence& recurrence);

    int window() const { return window_; }
    // The credit carried so far times the slope of `lag` steps ago and `gain`.
    SlotId teaching(int lag, double gain);
    // c <- c J, J = (1 - alpha) I + alpha diag(slope of `lag` steps ago) W_rec with the strengths
    // of now.
    void carry_back(int lag);
    // c <- c + the credit of `lag` steps ago.
    void add_credit(int lag);
    // The credit of `lag` steps ago <- itself + c.
    void add_to_credit(int lag);
    // c <- the credit of `lag` steps ago.
    void take_credit(int lag);
    // What the set carried `lag` steps ago.
    SlotId presynaptic(SynapseSetId set, int lag);

private:
    // What a set carries, and its past; both are one slot where that is a constant rate.
    struct Carried {
        SynapseSetId set;
        SlotId now, past;
    };
    SlotId history(SlotId of);

    ProgramBuilder& program_;
    const Binding& binding_;
    const Recurrence& recurrence_;
    int window_;
    SlotId slopes_, credits_, credit_, slope_;
    std::vector<Carried> carried_;
};

}  // namespace apical
