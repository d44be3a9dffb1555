// What the experimenter does while events are on.
#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "circuits/program/program_builder.hpp"
#include "circuits/program/quantity_path.hpp"

namespace apical {

// "event.NAME"
SlotId ProgramBuilder::event(const Intervention& event) {
    Slot on{.name = fmt::format("event.{}", event.name), .what = What::event, .where = event.where};
    on.quantity = event.name;
    Quantity quantity{.path = quantity_path::of_event(event.name),
                      .long_name = fmt::format("1 while the event {} is on", event.name),
                      .symbol = "on"};
    quantity.by_phase = true;
    return slot(std::move(on), std::move(quantity));
}

// "chosen(NAME, hidden.r)": unset where it is of all.
SlotId ProgramBuilder::chosen_by(const Intervention& event, SlotId changed) {
    const Slot of = program_[changed];
    if (!event.is_of_some() || of.shape == Shape::scalar) return {};
    const bool at_synapses = !is_vector(of.shape);
    const std::string what = at_synapses ? circuit_[of.synapses].name : circuit_[of.cells].name;
    Slot chosen = of;
    chosen.name = fmt::format("chosen({}, {})", event.name, what);
    chosen.what = What::chosen;
    chosen.of = {};
    chosen.quantity = event.name;
    chosen.compartment = {};
    chosen.gate = {};
    chosen.dendrites.clear();
    chosen.rule.clear();
    chosen.kept = true;
    chosen.init = {};
    chosen.where = event.where;
    return slot(std::move(chosen), {});
}

void ProgramBuilder::intervene(SlotId changed, const Intervention& event, double keep, double add) {
    const SlotId on = this->event(event), chosen = chosen_by(event, changed);
    Operation op{.kind = Kind::intervene, .retain = keep, .gain = add};
    op.operands = {{changed, Access::update}, {on}};
    if (chosen) op.operands.push_back({chosen});
    append(std::move(op));
}

void ProgramBuilder::wait_while(const Intervention& event, std::size_t first) {
    const SlotId on = this->event(event);
    for (std::size_t i = first; i < program_.operations.size(); ++i) {
        Operation& op = program_.operations[i];
        const Slot& written = program_[op.operands[0].slot];
        const bool is_own = written.what == What::strength || written.what == What::tag ||
                            (written.what == What::of_rule && written.rule == event.rule);
        if (is_own && op.kind != Kind::noise) op.event = on;
    }
}

namespace {

// "trace", or "trace(W_in)" of one that each set has.
bool is_quantity(const Slot& slot, const std::string& number) {
    return slot.quantity == number ||
           (slot.quantity.starts_with(number) && slot.quantity[number.size()] == '(');
}

bool is_set_by(const Intervention& event, const Slot& slot) {
    const bool is_own = (slot.what == What::of_rule && slot.rule == event.rule) ||
                        (slot.what == What::tag && !event.is_of_dynamics);
    return is_own && is_quantity(slot, event.number);
}

}  // namespace

bool ProgramBuilder::set_number(const Intervention& event, std::size_t first) {
    bool found = false;
    for (std::size_t i = first; i < program_.operations.size(); ++i) {
        const SlotId slot = program_.operations[i].operands[0].slot;
        const auto is_intervention = [&](std::size_t k) {
            return k < program_.operations.size() && program_.operations[k].kind == Kind::intervene;
        };
        if (is_intervention(i) || !is_set_by(event, program_[slot])) continue;
        Operation op = program_.operations[i];
        while (is_intervention(i + 1)) ++i;  // behind those of earlier events
        op.kind = Kind::intervene;
        op.function = Function::none;
        op.operands = {{slot, Access::update}, {this->event(event)}};
        op.retain = 0.0;
        op.gain = event.amount;
        op.reverse = false;
        op.formula.clear();
        op.weights.clear();
        op.replay = -1;
        op.where = event.where;
        op.asked_by = "event." + event.name;
        op.statement.clear();
        if (op.asker != Asker::circuit) op.asker = Asker::experimenter;
        program_.operations.insert(program_.operations.begin() + static_cast<std::ptrdiff_t>(++i),
                                   std::move(op));
        found = true;
    }
    return found;
}

void ProgramBuilder::set_rate(const Intervention& event, std::size_t first, double rate) {
    const SlotId on = this->event(event);
    for (std::size_t i = first; i < program_.operations.size(); ++i) {
        if (program_[program_.operations[i].operands[0].slot].what != What::strength) continue;
        program_.operations[i].event = on;
        Operation op = program_.operations[i];
        op.while_on = true;
        op.gain = op.gain / rate * event.amount + 0.0;  // 0, and not -0
        op.where = event.where;
        op.asked_by = "event." + event.name;
        op.asker = Asker::experimenter;
        program_.operations.insert(program_.operations.begin() + static_cast<std::ptrdiff_t>(++i),
                                   std::move(op));
    }
}

namespace {

bool is_lesioned(const Circuit& circuit, const Intervention& event, SynapseSetId set) {
    if (event.synapses) return event.synapses == set;  // or set to a number
    if (event.action != Intervention::Action::lesion) return false;
    return circuit[set].pre == event.cells || circuit[set].post == event.cells;
}

}  // namespace

// Before each phase that reads the strengths, or in which they change, and behind all changes.
void ProgramBuilder::add_lesions() {
    for (const Intervention& event : circuit_.interventions) {
        for (std::size_t s = 0; s < circuit_.synapses.size(); ++s) {
            const SlotId strength = program_.strength_of(SynapseSetId(s));
            if (!strength || !is_lesioned(circuit_, event, SynapseSetId(s))) continue;
            for (std::size_t p = 0; p < circuit_.phases.size(); ++p)
                lesion_in(PhaseId(p), strength, event);
        }
    }
}

void ProgramBuilder::lesion_in(PhaseId phase, SlotId strength, const Intervention& event) {
    int changed = 0;  // iterations
    bool any = false;
    for (const Operation& op : program_.operations) {
        if (op.phase != phase) continue;
        const bool writes = op.operands[0].slot == strength;
        any |= std::any_of(op.operands.begin(), op.operands.end(),
                           [&](const Operand& one) { return one.slot == strength; });
        if (writes && op.kind != Kind::intervene) changed = std::max(changed, op.iterations);
    }
    if (!any) return;
    const std::string who = "event." + event.name;
    begin(phase, who, event.where);
    iterations_ = 1;
    intervene(strength, event, 0.0, event.amount);
    if (changed == 0) return;
    begin(phase, who, event.where, Asker::scaling);
    iterations_ = changed;
    intervene(strength, event, 0.0, event.amount);
}

}  // namespace apical
