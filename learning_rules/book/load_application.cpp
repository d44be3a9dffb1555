#include "learning_rules/book/load_application.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <tuple>

#include "circuits/text/choices.hpp"
#include "learning_rules/book/rule_keys.hpp"
#include "learning_rules/text_rule.hpp"

namespace apical {

namespace {

constexpr std::string_view rate_name = "rate";

// Whether the whole expression is a product with the rate, or a sum of such products.
bool has_rate_as_factor(const Expression& e) {
    const auto reads = [&](std::size_t k) { return find_name(e.of[k], rate_name) != nullptr; };
    switch (e.symbol) {
        case Symbol::name:
            return e.name == rate_name;
        case Symbol::negative:
            return has_rate_as_factor(e.of[0]);
        case Symbol::add:
        case Symbol::subtract:
            return has_rate_as_factor(e.of[0]) && has_rate_as_factor(e.of[1]);
        case Symbol::multiply:
            return reads(0) != reads(1) && has_rate_as_factor(e.of[reads(0) ? 0 : 1]);
        case Symbol::divide:
            return !reads(1) && has_rate_as_factor(e.of[0]);
        case Symbol::number:
        case Symbol::call:
        case Symbol::power:
            break;
    }
    return false;
}

Section section_of(const Section& rule, const char* key, std::span<const Key> keys) {
    Value& value = rule.value(key);
    return {std::get<Table>(value.content), value.where, fmt::format("{}.{}", rule.name(), key),
            keys};
}

double number_or(const Section& section, std::string_view key, double otherwise) {
    return section.has(key) ? section.number(key) : otherwise;
}

// A key that one kind reads, and no other.
void check_of_kind(const Section& section, std::string_view key, bool is_read) {
    if (is_read || !section.has(key)) return;
    reject(section.where(key), fmt::format("[{}] of the kind {} has {}, which it does not read",
                                           section.name(), section.text("kind").text, key));
}

Optimiser load_optimiser(const Section& section) {
    using Of = Optimiser::Kind;
    Optimiser o;
    o.where = section.where();
    o.kind = Of(index_of_choice(optimiser_names, section.text("kind").text));
    const bool is_adam = o.kind == Of::adam, is_rmsprop = o.kind == Of::rmsprop;
    check_of_kind(section, "keep", o.kind == Of::momentum || is_rmsprop);
    check_of_kind(section, "beta", is_adam);
    check_of_kind(section, "epsilon", is_adam || is_rmsprop);
    check_of_kind(section, "epsilon_corrected", is_adam);
    constexpr double kept_squares = 0.99;
    o.keep = number_or(section, "keep", is_rmsprop ? kept_squares : o.keep);
    if (section.has("beta")) std::tie(o.beta_1, o.beta_2) = section.number_pair("beta");
    o.epsilon = number_or(section, "epsilon", o.epsilon);
    if (section.has("epsilon_corrected"))
        o.epsilon_corrected = section.boolean("epsilon_corrected");
    o.decay = number_or(section, "decay", 0.0);
    o.largest_change = number_or(section, "largest_change", 0.0);
    o.largest_norm = number_or(section, "largest_norm", 0.0);
    if (std::max(o.beta_1, o.beta_2) < 1.0) return o;
    reject(section.where("beta"),
           fmt::format("[{}] keeps all of a mean; expected beta below 1", section.name()));
}

RateSchedule load_schedule(const Section& section) {
    RateSchedule s;
    if (section.has("to") != section.has("over"))
        section.require(section.has("to") ? "over" : "to", "a rate that goes to another");
    if (section.has("shape")) {
        section.require("over", "a rate that goes to another");
        s.is_cosine = section.text("shape").text == "cosine";
    }
    s.half_every = number_or(section, "half_every", 0.0);
    s.to = number_or(section, "to", 1.0);
    s.over = number_or(section, "over", 0.0);
    s.warmup = number_or(section, "warmup", 0.0);
    if (section.has("falls")) {
        for (const std::int64_t at : section.integers("falls"))
            s.falls.push_back(static_cast<double>(at));
    }
    if (section.has("fall_by")) section.require("falls", "a rate that falls");
    s.fall_by = number_or(section, "fall_by", s.fall_by);
    constexpr std::size_t most_falls = 16;
    if (s.falls.size() > most_falls)
        reject(section.where("falls"), fmt::format("[{}] has {} falls; expected at most {}",
                                                   section.name(), s.falls.size(), most_falls));
    s.is_constant = s.half_every == 0.0 && s.over == 0.0 && s.falls.empty() && s.warmup == 0.0;
    return s;
}

// Throws unless the rule's changes are its rate times something.
void check_rate(const Section& section, const LearningRule& rule, std::string_view key) {
    if (!section.has(rate_name)) {
        reject(section.where(key),
               fmt::format("[{}] has no rate, so that no {} can follow it", section.name(), key));
    }
    if (!rule.text) return;
    for (const Statement& one : rule.text->equations) {
        if (one.target != "w") continue;
        const bool is_sum =
            one.assignment == Assignment::add || one.assignment == Assignment::subtract;
        if (is_sum && has_rate_as_factor(one.right)) continue;
        reject(section.where(key),
               fmt::format("[{}.{}] needs a statement \"w += rate * (...)\"; found \"{}\" in rule "
                           "\"{}\"",
                           section.name(), key, one.text, rule.name));
    }
}

}  // namespace

Application load_application(const Circuit& circuit, const Section& section,
                             const LearningRule& rule, std::string_view label) {
    Application how;
    how.label = label;
    if (section.has("apply"))
        how.at = ApplyAt(index_of_choice(apply_names, section.text("apply").text));
    how.average = section.has("average") && section.boolean("average");
    const bool is_late = how.at == ApplyAt::trial || how.at == ApplyAt::batch;
    if (is_late && !circuit.trials)
        reject(section.where("apply"),
               fmt::format("[{}] has apply = \"{}\", which needs trials, and there are none; "
                           "expected [trial] with its steps, or a task that has trials",
                           section.name(), section.text("apply").text));
    if (how.average && how.at == ApplyAt::step)
        reject(section.where("average"),
               fmt::format("[{}] has average, and its changes are not added up; expected apply = "
                           "\"phase\", \"trial\" or \"batch\"",
                           section.name()));
    if (section.has("optimiser")) {
        how.optimiser = load_optimiser(section_of(section, "optimiser", optimiser_keys()));
        if (how.optimiser.takes_rate()) check_rate(section, rule, "optimiser");
    }
    if (section.has("schedule")) {
        how.schedule = load_schedule(section_of(section, "schedule", schedule_keys()));
        if (!how.schedule.is_constant) check_rate(section, rule, "schedule");
    }
    if (section.has(rate_name)) how.rate = section.number(rate_name);
    return how;
}

}  // namespace apical
