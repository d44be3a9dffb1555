#include "sim/verify/text_names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

#include "circuits/program/branches.hpp"

namespace apical {

namespace {

using algebra::Home;
using Means = TextName::Means;

Home home_at(Place place) {
    switch (place) {
        case Place::number:
            return Home::number;
        case Place::all:
            return Home::all;
        case Place::pre:
            return Home::pre;
        case Place::post:
            return Home::post;
        case Place::pairs_of_pre:
            return Home::pre_pairs;
        case Place::pairs_of_post:
            return Home::post_pairs;
        case Place::synapse:
            break;
    }
    return Home::synapse;
}

bool is_by_set(Home home) {
    return home == Home::pre || home == Home::synapse || home == Home::pre_pairs;
}

// "post", "apical", "v"
std::vector<std::string> words_of(const std::string& name) {
    std::vector<std::string> words(1);
    for (const char c : name) {
        if (c == '.') {
            words.emplace_back();
        } else {
            words.back() += c;
        }
    }
    return words;
}

[[noreturn]] void lacks(const BoundRule& bound, const std::string& name) {
    throw Error(ExitCode::verification_failed,
                fmt::format("{}: rule \"{}\" reads \"{}\", which was not found in its circuit",
                            text(bound.where), bound.rule->name, name));
}

void add_once(std::vector<TextName>& all, TextName one) {
    const bool known = std::any_of(all.begin(), all.end(),
                                   [&](const TextName& other) { return other.name == one.name; });
    if (!known) all.push_back(std::move(one));
}

// The index of the first operation in a phase that writes such a slot.
template <class IsSuch>
std::size_t first_that_writes(const Program& program, const IsSuch& is_such) {
    const auto& all = program.operations;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Operation& op) {
        const bool is_set = op.kind == Kind::noise || op.kind == Kind::reset;
        return op.phase && !is_set && is_such(program[op.operands[0].slot]);
    });
    return static_cast<std::size_t>(found - all.begin());
}

}  // namespace

TextNames::TextNames(const Model& model, const BoundRule& bound)
    : model_(model), bound_(bound), text_(*bound.rule->text) {
    const Program& program = model.program;
    const std::size_t first = first_change(program, bound);
    ms_ = model.circuit.step_ms();
    if (first < program.operations.size()) {
        ms_ = ms_of(program.operations[first]);
        phase_ = program.operations[first].phase;
    }
    add_once(read_, meaning("step_ms"));
    for (const Statement& statement : text_.equations) {
        find_names(statement.right);
        if (!is_made(statement.target)) add_once(read_, meaning(statement.target));
    }
}

// From one execution to the next.
double TextNames::ms_of(const Operation& op) const {
    if (op.iterations > 1) return in_ms(model_.circuit.iteration_nanoseconds(op.phase));
    const bool is_of_phase = op.phase && !model_.circuit[op.phase].steps.is_each();
    return model_.circuit.step_ms() * (is_of_phase ? 1 : std::max(1, op.every));
}

void TextNames::find_names(const Expression& expression) {
    if (expression.symbol == Symbol::call && expression.name == "previous") {
        add_once(previous_, meaning(expression.of.front().name));
        return;
    }
    if (expression.symbol == Symbol::name && !is_made(expression.name))
        add_once(read_, meaning(expression.name));
    for (const Expression& one : expression.of) find_names(one);
}

// Whether a statement makes it, in each step anew.
bool TextNames::is_made(const std::string& name) const {
    if (name == "w" || text_.find_state(name)) return false;
    return std::any_of(text_.equations.begin(), text_.equations.end(),
                       [&](const Statement& one) { return one.target == name; });
}

TextName TextNames::meaning(const std::string& name) const {
    const auto constant = [&](double value) {
        return TextName{.name = name, .means = Means::number, .constants = {value}};
    };
    if (name == "step_ms") return constant(ms_);
    if (name == "loss") return {.name = name, .means = Means::loss, .home = Home::all};
    if (text_.find_parameter(name)) {
        if (const std::optional<double> value = bound_.parts.constant(name))
            return constant(*value);
        lacks(bound_, name);
    }
    if (const SignalDeclaration* declared = text_.find_signal(name)) return signal(*declared);
    const StateDeclaration* state = text_.find_state(name);
    if (!state && name != "w" && !is_made(name)) return of_circuit(name);
    // Only previous(...) asks for what a statement makes, which is in cells or one for all.
    TextName own{.name = name, .means = Means::own, .home = Home::post};
    if (name == "w") own.home = Home::synapse;
    if (state) own.home = home_at(state->at);
    for (const SlotId slot : results(name, own.home)) own.summands.push_back({slot});
    if (!own.summands.front().front()) lacks(bound_, name);
    if (model_.program[own.summands.front().front()].shape == Shape::scalar) own.home = Home::all;
    return own;
}

TextName TextNames::signal(const SignalDeclaration& declared) const {
    TextName found{.name = declared.name, .means = Means::outside, .home = home_at(declared.of)};
    std::vector<SlotId> slots;
    if (const RulePart* part = bound_.parts.find(declared.name)) slots = part->slots;
    if (slots.empty() && declared.name == "credit" && bound_.parts.credit)
        slots = {bound_.parts.credit};
    if (slots.empty()) lacks(bound_, declared.name);
    if (found.home != Home::pre) {
        found.summands = {slots};
        return found;
    }
    for (const SynapseSetId set : bound_.synapses) {
        std::vector<SlotId>& own = found.summands.emplace_back();
        std::copy_if(slots.begin(), slots.end(), std::back_inserter(own), [&](SlotId slot) {
            return model_.circuit.same_cells(model_.program[slot].cells, model_.circuit[set].pre);
        });
        if (own.empty()) lacks(bound_, declared.name);
    }
    return found;
}

TextName TextNames::of_circuit(const std::string& name) const {
    const std::vector<std::string> words = words_of(name);
    const bool of_pre = words.front() == "pre";
    if (words.size() < 2 || words.size() > 3 || (!of_pre && words.front() != "post"))
        lacks(bound_, name);
    const Circuit& circuit = model_.circuit;
    if (words[1] == "alpha") {
        TextName alpha{.name = name, .means = Means::number};
        for (const SynapseSetId set : bound_.synapses) {
            alpha.constants.push_back(circuit[of_pre ? circuit[set].pre : post()].alpha);
            if (!of_pre) break;
        }
        const bool is_one = std::ranges::all_of(
            alpha.constants, [&](double one) { return one == alpha.constants.front(); });
        if (is_one) alpha.constants.resize(1);
        return alpha;
    }
    if (words[1] == "slope" || words[1] == "adaptation") return of_spikes(name, words[1]);
    if (words.back() == "share" && words.size() == 3) return share(name, words[1]);
    const bool is_of_branch = words.back() == "conductance" || words.back() == "drive";
    if (is_of_branch && words.size() == 3) return of_branch(name, words[1], words.back());
    if (words.back() == "v" && words.size() == 3) return voltage(name, of_pre, words[1]);
    if (words.back() != "r") lacks(bound_, name);
    if (of_pre && words.size() == 2)
        return {.name = name, .means = Means::carried, .home = Home::pre};
    if (of_pre) lacks(bound_, name);
    const SlotId rate =
        words.size() == 2 ? model_.program.rate_of(post()) : fired_by(post(), words[1]);
    if (!rate) lacks(bound_, name);
    return {.name = name, .means = Means::outside, .home = Home::post, .summands = {{rate}}};
}

// What the cells have at their soma: a slot, or a number that all of them have.
TextName TextNames::of_spikes(const std::string& name, const std::string& quantity) const {
    const Population& cells = model_.circuit[post()];
    if (quantity == "adaptation" && cells.spikes) {
        const std::optional<Adaptation>& all = cells.spikes->adaptation;
        if (!all || !all->cells)
            return {.name = name, .means = Means::number, .constants = {all ? all->strength : 0.0}};
    }
    const SlotId slot = cells.spikes ? model_.program.find(cells.name + '.' + quantity)
                                     : model_.program.slope_of(model_.circuit.soma(post()));
    if (!slot) lacks(bound_, name);
    return {.name = name, .means = Means::outside, .home = Home::post, .summands = {{slot}}};
}

// One number of each set, where "here" is where its own use ends.
TextName TextNames::share(const std::string& name, const std::string& dendrite) const {
    const Circuit& circuit = model_.circuit;
    TextName found{.name = name, .means = Means::number};
    for (const SynapseSetId set : bound_.synapses) {
        const SynapseUse* own = circuit.own_use(set);
        for (const CompartmentId c : circuit[circuit[set].post].compartments) {
            const bool is_it =
                dendrite == "here" ? own && c == own->target : circuit[c].name == dendrite;
            if (is_it && circuit.is_coupled(c)) found.constants.push_back(circuit.share(c));
        }
    }
    if (found.constants.size() != bound_.synapses.size()) lacks(bound_, name);
    const bool is_one = std::ranges::all_of(
        found.constants, [&](double one) { return one == found.constants.front(); });
    if (is_one) found.constants.resize(1);
    return found;
}

// For each set a slot of the cells, or of conductances that no gate changes a number for all;
// "here" is what the dendrite on which the set ends leads.
TextName TextNames::of_branch(const std::string& name, const std::string& branch,
                              const std::string& quantity) const {
    const Circuit& circuit = model_.circuit;
    TextName found{.name = name, .means = Means::outside, .home = Home::post};
    for (const SynapseSetId set : bound_.synapses) {
        const SynapseUse* own = circuit.own_use(set, phase_);
        CompartmentId led;
        for (const CompartmentId c : circuit[post()].compartments) {
            const bool is_it = branch == "here" ? own && circuit.led_by(own->target) == c
                                                : circuit[c].name == branch;
            if (is_it && circuit.is_led(c)) led = c;
        }
        if (!led) lacks(bound_, name);
        const std::optional<double> constant = Branches(circuit, post()).constant(led);
        const bool is_number = quantity == "conductance" && constant;
        const SlotId slot = model_.program.of_rule(
            RuleQuantity(circuit[post()].name, fmt::format("{}_{}", circuit[led].name, quantity)));
        if (!is_number && !slot) lacks(bound_, name);
        found.constants.push_back(is_number ? *constant : 0.0);
        found.summands.push_back(is_number ? std::vector<SlotId>() : std::vector{slot});
    }
    const bool alike =
        std::ranges::count(found.summands, found.summands[0]) == std::ssize(found.summands) &&
        std::ranges::count(found.constants, found.constants[0]) == std::ssize(found.constants);
    if (alike) found.summands.resize(1);
    return found;
}

TextName TextNames::voltage(const std::string& name, bool of_pre,
                            const std::string& compartment) const {
    const Circuit& circuit = model_.circuit;
    TextName found{.name = name, .means = Means::outside, .home = of_pre ? Home::pre : Home::post};
    for (const SynapseSetId set : bound_.synapses) {
        const PopulationId cells = of_pre ? circuit[set].pre : circuit[set].post;
        const SynapseUse* own = circuit.own_use(set, phase_);
        const bool is_here = compartment == "here" && own;
        SlotId slot;
        for (const CompartmentId c : circuit[cells].compartments) {
            if (is_here ? c == own->target : circuit[c].name == compartment)
                slot = model_.program.voltage_of(c);
        }
        if (!slot) lacks(bound_, name);
        found.summands.push_back({slot});
    }
    const bool alike = std::all_of(found.summands.begin(), found.summands.end(),
                                   [&](const auto& one) { return one == found.summands.front(); });
    if (alike && !of_pre) found.summands.resize(1);
    return found;
}

SlotId TextNames::fired_by(PopulationId cells, const std::string& dendrite) const {
    const Circuit& circuit = model_.circuit;
    for (const CompartmentId c : circuit[cells].compartments) {
        if (circuit[c].name != dendrite) continue;
        if (circuit.is_soma(c)) return model_.program.rate_of(cells);
        return model_.program.first([&](const Slot& slot) {
            return slot.what == What::rate && slot.cells == cells &&
                   slot.dendrites == std::vector{c};
        });
    }
    return {};
}

PopulationId TextNames::post() const { return model_.circuit[bound_.synapses.front()].post; }

SlotId TextNames::own_slot(const std::string& name, Home home, SynapseSetId set) const {
    const Program& program = model_.program;
    if (home == Home::synapse)
        return name == "w" ? program.strength_of(set) : program.tag_of(set, name);
    if (const SlotId slot = program.of_rule(bound_.signal_name(name))) return slot;
    // A number in presynaptic cells, or of their pairs, has a slot for each set.
    return program.of_rule(
        bound_.signal_name(fmt::format("{}({})", name, model_.circuit[set].name)));
}

std::vector<SlotId> TextNames::results(const std::string& target, Home home) const {
    std::vector<SlotId> slots;
    for (const SynapseSetId set : bound_.synapses) {
        slots.push_back(own_slot(target, home, set));
        if (!is_by_set(home)) break;
    }
    return slots;
}

std::size_t first_of_rule(const Program& program, const BoundRule& bound) {
    return first_that_writes(program, [&](const Slot& written) {
        if (written.what == What::of_rule) return written.rule == bound.label;
        const bool is_at_synapses = written.what == What::strength || written.what == What::tag;
        return is_at_synapses && bound.changes(written.synapses);
    });
}

std::size_t first_change(const Program& program, const BoundRule& bound) {
    return first_that_writes(program, [&](const Slot& written) {
        const bool is_strength = written.what == What::strength ||
                                 (written.is_on_its_way && written.quantity == "pending");
        return is_strength && bound.changes(written.synapses);
    });
}

std::size_t own_transmission(const Model& model, const BoundRule& bound, SynapseSetId set) {
    const Program& program = model.program;
    const std::size_t acts = std::min(first_of_rule(program, bound), first_change(program, bound));
    const PhaseId phase =
        acts < program.operations.size() ? program.operations[acts].phase : PhaseId{};
    const SynapseUse* own = model.circuit.own_use(set, phase);
    const SlotId strength = program.strength_of(set);
    std::size_t i = 0;
    for (; own && i < program.operations.size(); ++i) {
        const Operation& op = program.operations[i];
        if (op.kind == Kind::transmit && op.operands.size() == 3 && !op.reverse &&
            op.operands[2].slot == strength && op.phase == own->phase &&
            program[op.operands[0].slot].compartment == own->target)
            return i;
    }
    return program.operations.size();
}

}  // namespace apical
