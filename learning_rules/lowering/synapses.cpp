#include "learning_rules/lowering/synapses.hpp"

#include <algorithm>
#include <cmath>

#include "learning_rules/lowering/beyond_words.hpp"

namespace apical {

namespace {

Index index_at(Place place) {
    switch (place) {
        case Place::post:
            return Index::post;
        case Place::pre:
            return Index::pre;
        case Place::synapse:
            return Index::synapse;
        case Place::all:
        case Place::number:
        case Place::pairs_of_pre:  // read by dot alone, which is in cells
        case Place::pairs_of_post:
            break;
    }
    return Index::all;
}

bool is_finite(const LinearChange& change) {
    return std::isfinite(change.keep) &&
           std::all_of(change.rest.begin(), change.rest.end(),
                       [](const Term& one) { return std::isfinite(one.number); });
}

}  // namespace

void SynapseWords::reject_beyond(const std::string& why) const {
    reject_beyond_words(rule_, *statement_, why);
}

void SynapseWords::change(const Statement& statement, const Part& right) {
    statement_ = &statement;
    const std::optional<LinearChange> change =
        change_of(statement.assignment, right, NamesInCircuit::own, program_.step_ms());
    if (change && !is_finite(*change)) reject_overflow(rule_, statement);
    const bool is_one_term = change && change->rest.size() == 1;
    const Factors factors = is_one_term ? sorted(change->rest.front()) : Factors{};
    if (is_one_term && is_hebb(*change, factors)) {
        change_by_cells(*change, factors);
    } else if (is_one_term && is_consolidated(*change, factors)) {
        change_by_tag(*change, factors);
    } else {
        change_by_formula(change, right);
    }
}

SynapseWords::Factors SynapseWords::sorted(const Term& term) {
    Factors factors;
    for (const Part& one : term.factors) {
        (one.place == Place::post  ? factors.post
         : one.place == Place::pre ? factors.pre
         : one.place == Place::all ? factors.all
                                   : factors.synapse)
            .push_back(one);
    }
    return factors;
}

SlotId SynapseWords::product(const std::vector<Part>& factors, std::string_view quantity) {
    return cells_.slot_of(sum_of({{1.0, factors}}), quantity);
}

// ---- normal forms

// Whether S <- K S + ... has a K that is one number, one for all or one for each postsynaptic cell.
bool SynapseWords::is_kept_by_cells(const LinearChange& change) {
    return std::all_of(change.keeps.begin(), change.keeps.end(), [](const Term& term) {
        return std::all_of(term.factors.begin(), term.factors.end(), [](const Part& factor) {
            return factor.place == Place::post || factor.place == Place::all;
        });
    });
}

bool SynapseWords::is_hebb(const LinearChange& change, const Factors& factors) {
    return factors.synapse.empty() && !factors.post.empty() && !factors.pre.empty() &&
           is_kept_by_cells(change);
}

bool SynapseWords::is_consolidated(const LinearChange& change, const Factors& factors) {
    return factors.synapse.size() == 1 && factors.synapse.front().symbol == Symbol::name &&
           factors.pre.empty() && change.keep == 1.0 && change.keeps.empty();
}

SlotId SynapseWords::kept(const LinearChange& change) {
    std::vector<Term> keeps = change.keeps;
    if (change.keep == 0.0) return cells_.slot_of(sum_of(keeps), "keep");
    if (change.keep != 1.0) {
        keeps.insert(keeps.begin(), Term{.number = change.keep});
        return cells_.slot_of(sum_of(keeps), "keep");
    }
    for (Term& one : keeps) one.number = -one.number;
    const Part lost = sum_of(keeps);
    const Part lost_by = slot_part(cells_.slot_of(lost, "lost"), lost.place);
    return cells_.slot_of(made_part(Symbol::subtract, {number_part(1.0), lost_by}), "keep");
}

// A number for all scales what is added, with a keep that is one for all too; beside a keep of each
// cell it is a factor of the postsynaptic cells.
void SynapseWords::change_by_cells(const LinearChange& change, const Factors& factors) {
    const double gain = change.rest.front().number;
    const bool by_cells = !change.keeps.empty() && sum_of(change.keeps).place == Place::post;
    std::vector<Part> of_post = factors.post;
    if (by_cells) of_post.insert(of_post.end(), factors.all.begin(), factors.all.end());
    SlotId keep = change.keeps.empty() ? SlotId{} : kept(change), scale;
    if (!by_cells && !factors.all.empty()) {
        scale = product(factors.all, "scale");
        if (!keep) keep = cells_.number(change.keep, "keep");
    }
    const SlotId post = product(of_post, "post"), pre = product(factors.pre, "");
    const SlotId own = names_.slot_of_own();
    if (keep) {
        program_.hebb_kept(own, post, pre, keep, scale, gain);
    } else {
        program_.hebb(own, post, pre, change.keep, gain);
    }
}

void SynapseWords::change_by_tag(const LinearChange& change, const Factors& factors) {
    std::vector<Part> all = factors.post;
    all.insert(all.end(), factors.all.begin(), factors.all.end());
    const SlotId factor = all.empty() ? SlotId{} : product(all, "post");
    program_.consolidate(names_.slot_of_own(), factor, factors.synapse.front().slot,
                         change.rest.front().number);
}

// ---- formulas

// Parts at one place are made before, each once.
std::optional<ReadOperand> SynapseWords::read(const Part& part) {
    if (part.symbol == Symbol::name && part.slot == NamesInCircuit::own)
        return ReadOperand{{}, Index::synapse, true};
    if (part.place == Place::synapse && part.symbol != Symbol::name) return std::nullopt;
    return ReadOperand{cells_.slot_of(part), index_at(part.place)};
}

// What is only multiplied is so once: by a number, or by one of each postsynaptic cell.
std::optional<Part> SynapseWords::whole_of(const std::optional<LinearChange>& change,
                                           const Part& right) {
    const bool is_product = change && change->rest.empty() && is_kept_by_cells(*change);
    if (!is_product)
        return changed(statement_->assignment, change, right, NamesInCircuit::own, Place::synapse);
    const Part own = slot_part(NamesInCircuit::own, Place::synapse);
    const Place at = change->keeps.empty() ? Place::number : sum_of(change->keeps).place;
    const Part keep =
        change->keeps.empty() ? number_part(change->keep) : slot_part(kept(*change), at);
    return made_part(Symbol::multiply, {keep, own});
}

void SynapseWords::change_by_formula(const std::optional<LinearChange>& change, const Part& right) {
    const std::optional<Part> whole = whole_of(change, right);
    if (!whole) reject_beyond(why_no_terms(right, statement_->target));
    FormulaOfPart formula(rule_.name,
                          {this, Place::synapse,
                           [](void* words, const Part& part, Place) {
                               return static_cast<SynapseWords*>(words)->read(part);
                           },
                           [](void* words, const Part& part) {
                               return static_cast<SynapseWords*>(words)->cells_.activation_at(part);
                           }});
    formula.write(ordered_by_place(*whole));
    const std::optional<std::string> limit =
        why_no_formula(formula.formula(), formula.operands().size(), true);
    if (limit) reject_beyond(*limit);
    program_.synaptic(names_.slot_of_own(), formula.formula(), formula.operands());
}

}  // namespace apical
