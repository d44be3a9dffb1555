#include "sim/diagnosis/rule_measures.hpp"

#include <fmt/format.h>

#include "circuits/program/quantity_path.hpp"

namespace apical {

SlotId Measures::operator()(const std::string& measure, const std::string& long_name) const {
    return program_.measured(fmt::format("{}({})", measure, name_),
                             {.path = quantity_path::of_alignment(name_, measure),
                              .long_name = fmt::format("{} {}", long_name, about_),
                              .symbol = measure});
}

AgreementSlots Measures::agreement() const {
    return {(*this)("cosine", "cosine between the exact gradient and"),
            (*this)("norm_ratio", "norm, over that of the exact gradient, of"),
            (*this)("bias", "bias, over the exact gradient's root mean square, of"),
            (*this)("variance", "variance, over the exact gradient's mean square, of")};
}

std::string about_changes(const AlignedRule& rule, const std::string& of) {
    const std::string what = "the estimate by the changes of " + of;
    if (rule.lag == 0) return what;
    return fmt::format("{}, of {} step{} ago", what, rule.lag, rule.lag == 1 ? "" : "s");
}

bool is_asked_by(const Operation& op, const BoundRule& bound) {
    const std::string asker = op.asked_by.substr(op.asked_by.find('.') + 1);
    return asker == bound.label || asker.starts_with(bound.label + ' ');
}

double rate_of_changes(const BoundRule& bound) {
    const Rate rate = bound.parts.rate.value_or(Rate{0.0, bound.where});
    if (rate.value != 0.0) return bound.parts.bound_with.value_or(rate.value);
    reject(
        rate.where,
        fmt::format("{} divides the changes of [plasticity.{}] by its rate, which is 0; expected "
                    "a rate above 0, however small",
                    alignment_key, bound.label));
}

void check_window(const ModelDraft& model, const AlignedRule& rule) {
    if (rule.facing != Facing::future && rule.facing != Facing::future_late) return;
    if (rule.exact_window < rule.window) {
        reject(model.section.where("window"),
               fmt::format("the exact gradient's window is {} steps long, shorter than that of "
                           "[plasticity.{}], {}; expected at least that",
                           rule.exact_window, rule.label, rule.window));
    }
    if (rule.exact_window > model.steps) {
        reject(model.section.where("window"),
               fmt::format("the exact gradient's window is {} steps long, but the run only {}; "
                           "expected a window that fits into it",
                           rule.exact_window, model.steps));
    }
}

void check_every(const ModelDraft& model, const AlignedRule& rule) {
    const std::int64_t every = model.section.integer("every");
    if (every > model.steps) {
        reject(
            model.section.where("every"),
            fmt::format("diagnose.every is {}, but the run is {} steps long, so that nothing would "
                        "be compared; expected at most that",
                        every, model.steps));
    }
    if (rule.facing != Facing::past_window || every == 1 || every % rule.window == 0) return;
    reject(model.section.where("every"),
           fmt::format("[plasticity.{}] changes its synapses every {} steps and can be compared "
                       "only then; diagnose.every is {}, expected 1 or a multiple of {}",
                       rule.label, rule.window, every, rule.window));
}

}  // namespace apical
