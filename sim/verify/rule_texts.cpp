#include "sim/verify/rule_texts.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/engine/state_matrices.hpp"
#include "sim/verify/kept_by_hold.hpp"
#include "sim/verify/phi_of.hpp"

namespace apical {

namespace {

using algebra::Home;
using Means = TextName::Means;

algebra::CellsOfEnd end_of(const Circuit& circuit, PopulationId cells) {
    return {circuit[cells].size, phi_of(circuit, circuit[cells])};
}

algebra::LiteralEquations equations_of(const Model& model, const BoundRule& bound) {
    const Circuit& circuit = model.circuit;
    std::vector<algebra::CellsOfEnd> pre;
    for (const SynapseSetId set : bound.synapses) pre.push_back(end_of(circuit, circuit[set].pre));
    return {bound.rule->text->equations, end_of(circuit, circuit[bound.synapses.front()].post),
            std::move(pre)};
}

algebra::Matrix numbers_if(const State& state, SlotId slot) {
    return slot ? numbers_of(state, slot) : algebra::Matrix();
}

algebra::FewSynapses few(const SynapseRows& rows) {
    return {{rows.start.begin(), rows.start.end()}, {rows.column.begin(), rows.column.end()}};
}

// The numbers of several sets behind each other, row by row.
algebra::Matrix in_a_column(const std::vector<algebra::Matrix>& numbers) {
    algebra::Index size = 0, first = 0;
    for (const algebra::Matrix& one : numbers) size += one.size();
    algebra::Matrix all(size, 1);
    for (const algebra::Matrix& one : numbers) {
        all.middleRows(first, one.size()) =
            Eigen::Map<const algebra::Vector>(one.data(), one.size());
        first += one.size();
    }
    return all;
}

// The numbers of several sets beside each other, as `beside` reads their slots.
algebra::Matrix joined(const std::vector<algebra::Matrix>& numbers) {
    algebra::Index columns = 0, first = 0;
    for (const algebra::Matrix& one : numbers) columns += one.cols();
    algebra::Matrix all(numbers.front().rows(), columns);
    for (const algebra::Matrix& one : numbers) {
        all.middleCols(first, one.cols()) = one;
        first += one.cols();
    }
    return all;
}

}  // namespace

RuleBesideText::RuleBesideText(const Model& model, const BoundRule& bound)
    : circuit_(model.circuit),
      program_(model.program),
      bound_(bound),
      names_(model, bound),
      equations_(equations_of(model, bound)),
      first_(first_of_rule(program_, bound)),
      first_of_strengths_(first_change(program_, bound)),
      kept_(model),
      applied_(model, bound) {
    check_strengths();
    for (const SynapseSetId set : bound.synapses) {
        const std::size_t by = own_transmission(model, bound, set);
        carried_.push_back({by, by < program_.operations.size()
                                    ? program_.operations[by].operands[1].slot
                                    : SlotId{}});
    }
}

void RuleBesideText::start(const State& state) {
    remember(state);
    for (Carried& one : carried_) one.now = numbers_if(state, one.slot);
    give_synapses(state);
    give_activations(state);
}

// Sets that are stored by rows are computed by rows, so that few synapses take little memory.
void RuleBesideText::give_synapses(const State& state) {
    std::vector<algebra::Matrix> exist(bound_.synapses.size());
    for (std::size_t k = 0; k < exist.size(); ++k) {
        const SlotId strength = program_.strength_of(bound_.synapses[k]);
        if (strength && program_[strength].places) {
            equations_.give_synapses(k, few(*program_[strength].places));
        } else {
            exist[k] = existing_synapses(state, bound_.synapses[k]);
        }
    }
    equations_.leave_out(std::move(exist));
}

void RuleBesideText::give_activations(const State& state) {
    const auto of = [&](PopulationId cells) {
        return phi_of_cells(circuit_, cells, state, texts_);
    };
    equations_.give_activations(Home::post, 0, of(circuit_[bound_.synapses.front()].post));
    for (std::size_t k = 0; k < bound_.synapses.size(); ++k)
        equations_.give_activations(Home::pre, k, of(circuit_[bound_.synapses[k]].pre));
}

void RuleBesideText::begin_step(double loss) {
    loss_before_ = loss_;
    loss_ = loss;
    has_taken_place_ = false;
    for (Carried& one : carried_) {
        one.before = one.now;
        one.is_seen = false;
    }
    kept_.begin_step();
    applied_.begin_step();
}

void RuleBesideText::before(std::size_t operation, const State& state) {
    for (Carried& one : carried_) {
        if (one.by != operation) continue;
        one.now = numbers_of(state, one.slot);
        one.is_seen = true;
    }
    kept_.before(operation, state);
    applied_.before(operation, first_of_strengths_, state);
    if (operation == first_) begin_rule(state);
    if (operation == first_of_strengths_) {
        read_outside(state);
        take(true);
    }
}

void RuleBesideText::compare(const State& state, Comparison& comparison) const {
    if (!has_taken_place_) return;
    const algebra::LiteralEquations& all = equations_;
    for (std::size_t k = 0; k < all.count(); ++k) {
        const std::string& name = all.statement(k).target;
        compare(name, all[name], state, comparison);
    }
}

void RuleBesideText::check_strengths() const {
    const std::vector<Statement>& all = bound_.rule->text->equations;
    const bool changes =
        std::any_of(all.begin(), all.end(), [](const Statement& one) { return one.target == "w"; });
    if (!changes || first_of_strengths_ < program_.operations.size()) return;
    throw Error(ExitCode::verification_failed,
                fmt::format("{}: rule \"{}\" changes w, but no operation changes a strength",
                            text(bound_.where), bound_.rule->name));
}

void RuleBesideText::begin_rule(const State& state) {
    for (Carried& one : carried_) {
        if (!one.is_seen) one.now = numbers_if(state, one.slot);
    }
    for (const TextName& name : names_.read()) give(name, state);
    for (const TextName& name : names_.read_previous())
        equations_.give_previous(name.name, before_step(name, state));
    take(false);
    // Strengths may stay, in a step outside of the rule's window.
    if (first_of_strengths_ < program_.operations.size()) w_before_ = equations_["w"].numbers;
    has_taken_place_ = true;
}

void RuleBesideText::read_outside(const State& state) {
    for (const TextName& name : names_.read()) {
        if (name.means == Means::outside) give(name, state);
    }
}

void RuleBesideText::take(bool of_strengths) {
    for (std::size_t k = 0; k < equations_.count(); ++k) {
        const bool changes_strengths = equations_.statement(k).target == "w";
        if (changes_strengths && of_strengths) w_before_ = equations_["w"].numbers;
        if (changes_strengths == of_strengths) equations_.take(k);
    }
}

void RuleBesideText::give(const TextName& name, const State& state) {
    algebra::Quantity quantity{name.home, {}};
    if (name.means == Means::number) {
        for (const double one : name.constants)
            quantity.numbers.push_back(algebra::Matrix::Constant(1, 1, one));
    }
    if (name.means == Means::loss) quantity.numbers = {algebra::Matrix::Constant(1, 1, loss_)};
    if (name.means == Means::carried) {
        for (const Carried& one : carried_) quantity.numbers.push_back(one.now);
    }
    for (std::size_t k = 0; k < name.summands.size(); ++k)
        quantity.numbers.push_back(outside_of_set(name, k, state));
    equations_.give(name.name, std::move(quantity));
}

algebra::Matrix RuleBesideText::outside_of_set(const TextName& name, std::size_t k,
                                               const State& state) const {
    if (!name.summands[k].empty()) return sum_of(name.summands[k], state);
    const int cells = circuit_[circuit_[bound_.synapses.front()].post].size;
    return algebra::Matrix::Constant(cells, 1, name.constants[k]);
}

// The sum of slots; of one that is remembered, what it was remembered of.
algebra::Matrix RuleBesideText::sum_of(const std::vector<SlotId>& slots, const State& state) const {
    algebra::Matrix sum = numbers_now(slots.front(), state);
    for (std::size_t k = 1; k < slots.size(); ++k) sum += numbers_now(slots[k], state);
    return sum;
}

algebra::Matrix RuleBesideText::numbers_now(SlotId slot, const State& state) const {
    const Slot& what = program_[slot];
    const bool is_last = what.what == What::previous && !is_beginning(state);
    return is_last ? ends_.at(what.of) : kept_numbers_of(state, slot);
}

// What is remembered begins with the trial, too.
bool RuleBesideText::is_beginning(const State& state) const {
    const SlotId begins = program_.clock_of(clock_name::begins);
    return begins && *state.data(begins) > 0.0;
}

algebra::Quantity RuleBesideText::before_step(const TextName& name, const State& state) const {
    algebra::Quantity quantity{name.home, {}};
    if (name.means == Means::loss)
        quantity.numbers = {algebra::Matrix::Constant(1, 1, loss_before_)};
    if (name.means == Means::carried) {
        for (const Carried& one : carried_) quantity.numbers.push_back(one.before);
    }
    for (const std::vector<SlotId>& slots : name.summands) {
        const auto before = [&](SlotId slot) {
            const SlotId last = program_.previous_of(slot);
            return last && is_beginning(state) ? kept_numbers_of(state, last) : ends_.at(slot);
        };
        if (slots.empty()) {
            quantity.numbers.push_back(outside_of_set(name, quantity.numbers.size(), state));
            continue;
        }
        algebra::Matrix sum = before(slots.front());
        for (std::size_t k = 1; k < slots.size(); ++k) sum += before(slots[k]);
        quantity.numbers.push_back(std::move(sum));
    }
    return quantity;
}

// What previous(...) of the text, or of an address, will ask for in the next step.
void RuleBesideText::remember(const State& state) {
    for (const TextName& name : names_.read_previous()) {
        for (const std::vector<SlotId>& slots : name.summands) {
            for (const SlotId slot : slots)
                ends_[slot] = kept_by_hold(program_, slot) * kept_numbers_of(state, slot);
        }
    }
    for (const TextName& name : names_.read()) {
        for (const std::vector<SlotId>& slots : name.summands) {
            for (const SlotId slot : slots) {
                const Slot& what = program_[slot];
                if (what.what != What::previous) continue;
                ends_[what.of] = kept_by_hold(program_, what.of) * kept_numbers_of(state, what.of);
            }
        }
    }
}

void RuleBesideText::compare(const std::string& name, const algebra::Quantity& expected,
                             const State& state, Comparison& comparison) const {
    const std::vector<SlotId> slots = names_.results(name, expected.home);
    if (expected.home == Home::number || !slots.front()) return;
    const std::string symbol = fmt::format("{}.{}", bound_.label, name);
    if (expected.home == Home::pre || expected.home == Home::pre_pairs) {
        for (std::size_t set = 0; set < slots.size(); ++set) {
            const std::string of_set = program_[slots[set]].name;
            comparison.same(of_set, {slots[set]}, numbers_of(state, slots[set]),
                            expected.numbers[set]);
        }
        return;
    }
    if (name == "w") return compare_strengths(expected.numbers, state, comparison);
    compare_beside(symbol, slots, numbers_of_all(slots, state), expected.numbers, comparison);
}

std::vector<algebra::Matrix> RuleBesideText::numbers_of_all(const std::vector<SlotId>& slots,
                                                            const State& state) const {
    std::vector<algebra::Matrix> numbers;
    for (const SlotId slot : slots) numbers.push_back(kept_numbers_of(state, slot));
    return numbers;
}

// Numbers of several sets, compared as one.
void RuleBesideText::compare_beside(const std::string& symbol, const std::vector<SlotId>& slots,
                                    const std::vector<algebra::Matrix>& found,
                                    const std::vector<algebra::Matrix>& expected,
                                    Comparison& comparison) const {
    const bool by_rows = std::any_of(slots.begin(), slots.end(),
                                     [&](SlotId slot) { return program_[slot].places != nullptr; });
    if (by_rows)
        comparison.same_kept(symbol, slots, in_a_column(found), in_a_column(expected));
    else
        comparison.same(symbol, slots, joined(found), joined(expected));
}

// Strengths, and how they have changed; of changes that wait their sums, and both where these are
// added to the strengths.
void RuleBesideText::compare_strengths(std::vector<algebra::Matrix> by_text, const State& state,
                                       Comparison& comparison) const {
    const auto less = [](std::vector<algebra::Matrix> a, const std::vector<algebra::Matrix>& b) {
        for (std::size_t k = 0; k < a.size(); ++k) a[k] -= b[k];
        return a;
    };
    if (applied_.are_late()) {
        const std::vector<algebra::Matrix> changes = less(by_text, w_before_);
        const std::vector<SlotId> sums = applied_.sums();
        const std::vector<algebra::Matrix> added_up = numbers_of_all(sums, state);
        const bool are_left = std::any_of(added_up.begin(), added_up.end(),
                                          [](const auto& sum) { return !sum.isZero(0.0); });
        if (applied_.has_sums() || (applied_.is_applied() && are_left))
            compare_beside(fmt::format("{}.pending", bound_.label), sums, added_up,
                           applied_.expected_sums(changes), comparison);
        if (!applied_.is_applied()) return;
        by_text = applied_.expected_strengths(changes);
    }
    by_text = kept_.kept(bound_.synapses, std::move(by_text), state);
    const std::vector<SlotId> slots = names_.results("w", Home::synapse);
    const std::vector<algebra::Matrix> found = numbers_of_all(slots, state);
    compare_beside(fmt::format("{}.w", bound_.label), slots, found, by_text, comparison);
    compare_beside(fmt::format("{}.change of w", bound_.label), slots, less(found, w_before_),
                   less(by_text, w_before_), comparison);
}

}  // namespace apical
