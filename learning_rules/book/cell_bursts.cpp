#include "learning_rules/book/cell_bursts.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "circuits/anatomy/address.hpp"
#include "learning_rules/learning_rule.hpp"
#include "learning_rules/lowering/lower.hpp"

namespace apical {

namespace {

constexpr std::string_view share_name = "burst_probability";

using KnownNumbers = std::vector<std::pair<std::string, SlotId>>;

// The numbers of the cells that the text names, which equations of [dynamics.*] keep or make.
class NumbersOfCells {
public:
    NumbersOfCells(ProgramBuilder& program, PopulationId cells,
                   const std::vector<CellDynamics>& dynamics)
        : program_(program), id_(cells), dynamics_(dynamics) {}

    void find(const Expression& e) {
        for (const Expression& one : e.of) find(one);
        if (e.symbol != Symbol::name || e.name.find('.') != std::string::npos) return;
        for (const auto& [name, slot] : known)
            if (name == e.name) return;
        if (const SlotId slot = slot_of(e.name)) known.push_back({e.name, slot});
    }

    KnownNumbers known;
    std::vector<std::string> made;

private:
    SlotId slot_of(const std::string& name) {
        const Population& cells = program_.circuit()[id_];
        const SlotId slot = program_.so_far().find(cells.name + '.' + name);
        if (slot) {
            const Slot& is = program_.so_far()[slot];
            const bool is_number =
                is.what == What::of_rule && is.rule == cells.name && is.shape == Shape::per_cell;
            return is_number ? slot : SlotId{};
        }
        for (const CellDynamics& one : dynamics_) {
            const StateDeclaration* state = one.text.find_state(name);
            if (one.cells != id_ || !state || state->at != Place::post) continue;
            RuleQuantity quantity(cells.name, name, state->symbol);
            quantity.of_cells = true;
            made.push_back(quantity.address());
            return program_.state(id_, quantity, state->init);
        }
        return {};
    }

    ProgramBuilder& program_;
    PopulationId id_;
    const std::vector<CellDynamics>& dynamics_;
};

// The share as equations of cells.
TextRule text_of(const Population& cells, const KnownNumbers& known) {
    TextRule text;
    text.name = cells.name;
    text.where = cells.bursts->where;
    text.of_cells = true;
    text.state.push_back({.name = std::string(share_name), .at = Place::post, .where = text.where});
    for (const auto& [name, slot] : known)
        text.signals.push_back({.name = name, .is_key = false, .where = cells.bursts->where});
    const Expression& share = cells.bursts->probability;
    text.equations.push_back({.target = std::string(share_name),
                              .right = share,
                              .text = fmt::format("{} = {}", share_name, to_text(share)),
                              .where = cells.bursts->where});
    return text;
}

void lower_share(ProgramBuilder& program, PopulationId id, const KnownNumbers& known) {
    const Population& cells = program.circuit()[id];
    Table none;
    const Section options(none, cells.bursts->where, "population." + cells.name, {});
    const Binding binding{options, cells.name, {}, id};
    const TextRule text = text_of(cells, known);
    try {
        lower_in_cells(program, binding, text, known);
    } catch (const Rejected& rejected) {
        const std::string rule = fmt::format("rule \"{}\"", cells.name);
        Mistakes mistakes;
        for (Mistake one : rejected.mistakes()) {
            if (one.sentence.starts_with(rule))
                one.sentence.replace(0, rule.size(), "population." + cells.name + ".bursts");
            mistakes.add({one});
        }
        mistakes.reject_any();
        throw;
    }
}

}  // namespace

bool AwaitedBursts::lacks(PopulationId id, PhaseId phase) const {
    const Population& cells = circuit_[id];
    return std::any_of(cells.compartments.begin(), cells.compartments.end(), [&](CompartmentId c) {
        const bool is_read =
            find_name(cells.bursts->probability, voltage_address(circuit_[c].name));
        const bool arrived =
            std::find(arrived_at_.begin(), arrived_at_.end(), c) != arrived_at_.end();
        return is_read && circuit_.is_driven(c, phase) && !arrived;
    });
}

std::vector<PopulationId> AwaitedBursts::behind(const ForwardPart& part) {
    using enum ForwardPart::What;
    if (part.what == arrival) arrived_at_.push_back(part.compartment);
    if (part.what == firing && circuit_[part.population].bursts)
        awaited_.push_back(part.population);
    std::vector<PopulationId> now, later;
    for (const PopulationId cells : awaited_) {
        const bool waits = part.what != end && lacks(cells, part.phase);
        (waits ? later : now).push_back(cells);
    }
    awaited_ = std::move(later);
    if (part.what == end) arrived_at_.clear();
    return now;
}

std::vector<std::string> emit_bursts(ProgramBuilder& program, PhaseId phase, PopulationId id,
                                     const std::vector<CellDynamics>& dynamics) {
    const Population& cells = program.circuit()[id];
    program.begin(phase, "population." + cells.name, cells.bursts->where);
    NumbersOfCells numbers(program, id, dynamics);
    numbers.find(cells.bursts->probability);
    lower_share(program, id, numbers.known);
    program.by_statement({});
    program.burst(id, program.so_far().find(fmt::format("{}.{}", cells.name, share_name)));
    return std::move(numbers.made);
}

}  // namespace apical
