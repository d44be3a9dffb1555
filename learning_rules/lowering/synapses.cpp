#include "learning_rules/lowering/synapses.hpp"

#include <fmt/format.h>

#include <cmath>

#include "learning_rules/lowering/beyond_words.hpp"

namespace apical {

namespace {

// A term without its number; the number where there is nothing else.
std::string text_of_term(const Term& term) {
    if (term.factors.empty()) return fmt::format("{:.6g}", term.number);
    return to_text(sum_of({{1.0, term.factors}}));
}

// Why what a tag or strength is multiplied by, or a term, is no product of slots at places.
std::string why_no_change(const Part& right, const std::string& target) {
    switch (right.symbol) {
        case Symbol::call:
        case Symbol::power:
        case Symbol::divide:
            return why_no_word_says(right);
        case Symbol::number:
        case Symbol::name:
        case Symbol::negative:
        case Symbol::add:
        case Symbol::subtract:
        case Symbol::multiply:
            break;
    }
    return fmt::format(
        "\"{}\" is multiplied by itself or stands within a function in "
        "\"{}\", or that has more than {} terms or {} factors, multiplied out",
        target, to_text(right), most_terms, most_factors);
}

}  // namespace

void SynapseWords::reject_beyond(const std::string& why) const {
    reject_beyond_words(rule_, *statement_, why);
}

void SynapseWords::change(const Statement& statement, const Part& right) {
    statement_ = &statement;
    const std::optional<Change> change =
        change_of(statement.assignment, right, NamesInCircuit::own, program_.circuit().step_ms());
    if (!change) reject_beyond(why_no_change(right, statement.target));
    if (change->rest.empty())
        reject_beyond(
            fmt::format("\"{}\" is only multiplied, and nothing added to it", statement.target));
    if (change->rest.size() > 1)
        reject_beyond(fmt::format("\"{}\" and \"{}\" are added at each synapse",
                                  text_of_term(change->rest[0]), text_of_term(change->rest[1])));
    if (!std::isfinite(change->keep) || !std::isfinite(change->rest.front().number))
        reject_overflow(rule_, statement);
    const Factors factors = sorted(change->rest.front());
    if (factors.synapse.empty()) {
        change_by_cells(*change, factors);
    } else {
        change_by_tag(*change, factors);
    }
}

SynapseWords::Factors SynapseWords::sorted(const Term& term) const {
    Factors factors;
    for (const Part& one : term.factors) {
        if (one.place == Place::all) reject_beyond(why_no_word_says(one));
        (one.place == Place::post  ? factors.post
         : one.place == Place::pre ? factors.pre
                                   : factors.synapse)
            .push_back(one);
    }
    return factors;
}

SlotId SynapseWords::product(const std::vector<Part>& factors, std::string_view quantity) {
    return cells_.slot_of(sum_of({{1.0, factors}}), quantity);
}

// K as a number for each postsynaptic cell, of S <- K S + ...
SlotId SynapseWords::kept(const Change& change) {
    std::vector<Term> lost = change.keeps;
    for (Term& one : lost) {
        one.number = -one.number;
        for (const Part& factor : one.factors) {
            if (factor.place != Place::post)
                reject_beyond(fmt::format("\"{}\" is multiplied by \"{}\", {}", statement_->target,
                                          to_text(factor), in_words(factor.place)));
        }
    }
    if (change.keep == 0.0) return cells_.slot_of(sum_of(change.keeps), "keep");
    if (change.keep != 1.0)
        reject_beyond(fmt::format("\"{}\" is multiplied by {} and by \"{}\"", statement_->target,
                                  change.keep, text_of_term(change.keeps.front())));
    const SlotId lost_slot = cells_.slot_of(sum_of(lost), "lost");
    const Part keep =
        made_part(Symbol::subtract, {number_part(1.0), slot_part(lost_slot, Place::post)});
    return cells_.slot_of(keep, "keep");
}

void SynapseWords::change_by_cells(const Change& change, const Factors& factors) {
    const Term& rest = change.rest.front();
    if (factors.post.empty() || factors.pre.empty())
        reject_beyond(fmt::format("\"{}\" has no factor in the {}synaptic cells",
                                  text_of_term(rest), factors.post.empty() ? "post" : "pre"));
    const SlotId keep = change.keeps.empty() ? SlotId{} : kept(change);
    const SlotId post = product(factors.post, "post"), pre = product(factors.pre, "");
    const SlotId own = names_.slot_of_own();
    if (keep) {
        program_.hebb_kept(own, post, pre, keep, {}, rest.number);
    } else {
        program_.hebb(own, post, pre, change.keep, rest.number);
    }
}

void SynapseWords::change_by_tag(const Change& change, const Factors& factors) {
    const Term& rest = change.rest.front();
    for (const Part& one : factors.synapse) {
        if (one.symbol != Symbol::name) reject_beyond(why_no_word_says(one));
    }
    const bool is_tag = factors.synapse.size() == 1 && factors.pre.empty();
    if (!is_tag)
        reject_beyond(
            fmt::format("\"{}\" is more than numbers of the postsynaptic cells times one "
                        "number at each synapse",
                        text_of_term(rest)));
    if (change.keep != 1.0 || !change.keeps.empty())
        reject_beyond(
            fmt::format("\"{0}\" is multiplied and \"{1}\" added to it; expected {0} += "
                        "...",
                        statement_->target, text_of_term(rest)));
    const SlotId factor = factors.post.empty() ? SlotId{} : product(factors.post, "post");
    program_.consolidate(names_.slot_of_own(), factor, factors.synapse.front().slot, rest.number);
}

}  // namespace apical
