#pragma once

#include <string>
#include <string_view>

#include "sim/diagnosis/model_draft.hpp"

namespace apical {

// What both ways of alignment ask of a rule, and how its measures are called.

inline constexpr std::string_view alignment_key = "diagnose.alignment";

// Whether the operation is one of the rule.
bool is_asked_by(const Operation& op, const BoundRule& bound);

// The rate that the changes are divided by: the rule's, or what an optimiser's rule was bound with.
// Throws Rejected when it is 0.
double rate_of_changes(const BoundRule& bound);
// Throw Rejected where windows and distances of comparisons do not fit the rule or the run.
void check_window(const ModelDraft& model, const AlignedRule& rule);
void check_every(const ModelDraft& model, const AlignedRule& rule);

// "the estimate by the changes of W_rec, of 9 steps ago"
std::string about_changes(const AlignedRule& rule, const std::string& of);

// "/signals/alignment/W_rec/cosine". What faces the future is measured late.
class Measures {
public:
    Measures(ProgramBuilder& program, std::string name, std::string about)
        : program_(program), name_(std::move(name)), about_(std::move(about)) {}

    SlotId operator()(const std::string& measure, const std::string& long_name) const;
    AgreementSlots agreement() const;

private:
    ProgramBuilder& program_;
    std::string name_, about_;
};

}  // namespace apical
