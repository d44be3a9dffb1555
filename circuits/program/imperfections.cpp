#include "circuits/program/imperfections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/imperfection_keys.hpp"
#include "circuits/anatomy/resolve.hpp"
#include "circuits/program/check_shapes.hpp"
#include "circuits/program/formula_builder.hpp"
#include "circuits/program/weakened_program.hpp"

namespace apical {

namespace {

std::size_t count_of(const Program& program) { return program.operations.size(); }

// Its value times a number.
Operation scaled(const Slot& slot, SlotId id, double by) {
    if (slot.shape == Shape::per_synapse) {
        FormulaBuilder b;
        const std::uint16_t value =
            b.made(Node::multiply, b.number(by), b.operand(0, Index::synapse));
        return {.kind = Kind::synaptic,
                .operands = {{id, Access::update}},
                .formula = b.formula(value)};
    }
    return {.kind = Kind::cellwise,
            .function = Function::product,
            .operands = {{id, Access::update}, {id}},
            .gain = by};
}

// ---- holds

// The last operation of the first phase that makes a voltage, when a later phase follows.
std::size_t end_of_making(const Program& program, SlotId voltage) {
    const std::vector<Operation>& all = program.operations;
    const auto made = std::find_if(all.begin(), all.end(), [&](const Operation& op) {
        return op.operands[0].slot == voltage && op.phase;
    });
    if (made == all.end()) return WeakenedProgram::at_end;
    std::size_t last = 0;
    for (std::size_t i = 0; i < all.size(); ++i)
        if (all[i].phase == made->phase) last = i;
    const bool is_last = last + 1 == all.size() || !all[last + 1].phase;
    return is_last ? WeakenedProgram::at_end : last;
}

bool is_hold(const Program& program, std::size_t k) {
    const Slot& slot = program.slots[k];
    const bool of_cells = slot.shape == Shape::per_cell && slot.cells;
    if (slot.what == What::previous) return of_cells;
    if (slot.what == What::voltage)
        return end_of_making(program, SlotId(k)) != WeakenedProgram::at_end;
    const bool is_made =
        std::any_of(program.operations.begin(), program.operations.end(), [&](const Operation& op) {
            return op.operands[0].slot == SlotId(k) && op.kind != Kind::noise;
        });
    if (!slot.kept || !is_made) return false;
    return slot.what == What::tag ? slot.shape == Shape::per_synapse
                                  : slot.what == What::of_rule && of_cells;
}

// "hidden.apical" stands for its voltage.
SlotId held_by(const Program& program, const std::string& address) {
    const TimedAddress timed = timed_address(address);
    const bool is_previous = timed.time == SignalTime::previous;
    const std::string now(timed.now);
    for (const std::string& one : {now, now + ".v"}) {
        const SlotId found = program.find(is_previous ? previous_address(one) : one);
        if (found) return found;
    }
    return {};
}

void lose(WeakenedProgram& weak, const std::string& address, double loses) {
    const Program& program = weak.program();
    const SlotId id = held_by(program, address);
    if (!id || !is_hold(program, id.value)) {
        const std::vector<std::string> known = holds_of(program);
        reject(weak.where(),
               fmt::format("[hold] names \"{}\", which nothing holds; expected one of {}.{}",
                           shortened(address), known.empty() ? "none" : list_of(known),
                           did_you_mean(address, known)));
    }
    if (loses == 0.0) return;
    const Slot slot = program[id];
    Operation op = scaled(slot, id, 1.0 - loses);
    const std::vector<Operation>& all = program.operations;
    if (slot.what == What::voltage) {
        const std::size_t last = end_of_making(program, id);
        weak.insert(last + 1, std::move(op), last);
        return;
    }
    std::size_t place = count_of(program);
    for (std::size_t i = all.size(); i-- > 0;) {
        if (all[i].phase) break;
        place = i;
    }
    for (std::size_t i = 0; i < all.size() && slot.what == What::previous; ++i)
        if (all[i].kind == Kind::remember && all[i].operands[0].slot == id) place = i + 1;
    weak.insert(place, std::move(op), WeakenedProgram::at_end);
}

void lose_in_holds(WeakenedProgram& weak, Table& root) {
    Value* tables = root.find("hold");
    if (!tables) return;
    Mistakes mistakes;
    for (Entry& entry : std::get<Table>(tables->content).entries) {
        mistakes.attempt([&] {
            const Section section(inner_table(entry, "hold"), entry.where, "hold." + entry.key,
                                  hold_keys());
            weak.asked_by("hold." + entry.key, entry.where);
            lose(weak, entry.key, section.number("loses"));
        });
    }
    mistakes.reject_any();
}

// ---- gains of uses

bool is_of_use(const Program& program, const Operation& op, const SynapseUse& use) {
    return op.kind == Kind::transmit && op.operands.size() == 3 && op.phase == use.phase &&
           op.reverse == use.reverse && op.operands[2].slot == program.strength_of(use.set) &&
           program[op.operands[0].slot].compartment == use.target;
}

void amplify(WeakenedProgram& weak, const SynapseUse& use, double gain) {
    const std::vector<Operation>& all = weak.program().operations;
    const auto found = std::find_if(all.begin(), all.end(), [&](const Operation& op) {
        return is_of_use(weak.program(), op, use);
    });
    if (found == all.end()) return;
    const SlotId target = found->operands[0].slot;
    const auto into = std::count_if(all.begin(), all.end(), [&](const Operation& op) {
        return op.kind == Kind::transmit && op.phase == use.phase && op.operands[0].slot == target;
    });
    if (into > 1) {
        reject(weak.where(),
               fmt::format("[{}] has a gain, but others drive \"{}\" in phase \"{}\" too; expected "
                           "a compartment of its own",
                           weak.who(), weak.circuit().full_name(use.target),
                           weak.circuit()[use.phase].name));
    }
    const auto place = static_cast<std::size_t>(found - all.begin());
    weak.insert(place + 1, scaled(weak.program()[target], target, gain), place);
}

// A use of the table that names this compartment.
void amplify_named(WeakenedProgram& weak, SynapseSetId set, const Section& section, bool reverse) {
    if (!section.has("gain") || section.number("gain") == 1.0) return;
    const std::string to = section.text("to").text;
    weak.asked_by(section.name(), section.where("gain"));
    for (const SynapseUse& use : weak.circuit().uses) {
        const bool is_it = use.set == set && !use.own && use.reverse == reverse &&
                           weak.circuit().target_name(use) == to;
        if (is_it) amplify(weak, use, section.number("gain"));
    }
}

void amplify_uses(WeakenedProgram& weak, SynapseSetId set, const Section& section) {
    if (section.has("gain") && section.number("gain") != 1.0) {
        weak.asked_by(section.name(), section.where("gain"));
        for (const SynapseUse& use : weak.circuit().uses)
            if (use.set == set && use.own) amplify(weak, use, section.number("gain"));
    }
    if (section.has("back")) {
        Value& back = section.value("back");
        amplify_named(weak, set,
                      Section(std::get<Table>(back.content), back.where, section.name() + ".back",
                              use_back_keys()),
                      true);
    }
    if (!section.has("again")) return;
    for (Value& again : std::get<Array>(section.value("again").content)) {
        amplify_named(weak, set,
                      Section(std::get<Table>(again.content), again.where,
                              section.name() + ".again", use_again_keys()),
                      false);
    }
}

// ---- strengths

double number_or_zero(const Section& section, std::string_view key) {
    return section.has(key) ? section.number(key) : 0.0;
}

void weaken_strengths(WeakenedProgram& weak, SynapseSetId set, const Section& section) {
    for (const std::string_view key : {"reach", "rounding"}) {
        if (section.has(key) && !section.has("bits"))
            reject(section.where(key), fmt::format("\"{}\" goes with \"bits\" alone", key));
    }
    const double noise = number_or_zero(section, "noise"),
                 heterogeneity = number_or_zero(section, "heterogeneity");
    if (heterogeneity > 0.0) {
        weak.asked_by(section.name(), section.where("heterogeneity"));
        add_heterogeneity(weak, set, heterogeneity);
    }
    if (section.has("bits")) {
        weak.asked_by(section.name(), section.where("bits"));
        Levels levels{.bits = static_cast<int>(section.integer("bits"))};
        if (section.has("reach")) levels.reach = section.number("reach");
        levels.is_stochastic =
            section.has("rounding") && section.text("rounding").text == "stochastic";
        add_levels(weak, set, levels);
    }
    if (noise == 0.0) return;
    weak.asked_by(section.name(), section.where("noise"));
    add_synaptic_noise(weak, set, noise);
}

void weaken_synapses(WeakenedProgram& weak, Table& root) {
    Value* tables = root.find("synapses");
    if (!tables) return;
    Mistakes mistakes;
    for (Entry& entry : std::get<Table>(tables->content).entries) {
        mistakes.attempt([&] {
            const SynapseSetId set = weak.circuit().find_synapses(entry.key);
            if (!set || !weak.program().strength_of(set)) return;
            Table keys = inner_table(entry, "synapses");  // a copy: defaults do not come back
            const Section section(keys, entry.where, "synapses." + entry.key, synapse_keys());
            amplify_uses(weak, set, section);
            weaken_strengths(weak, set, section);
        });
    }
    mistakes.reject_any();
}

}  // namespace

std::vector<std::string> holds_of(const Program& program) {
    std::vector<std::string> names;
    for (std::size_t k = 0; k < program.slots.size(); ++k)
        if (is_hold(program, k)) names.push_back(program.slots[k].name);
    return names;
}

void add_imperfections(Program& program, const Circuit& circuit, Table& root) {
    const std::size_t before = program.operations.size(), slots = program.slots.size();
    WeakenedProgram weak(program, circuit);
    weaken_synapses(weak, root);
    lose_in_holds(weak, root);
    if (program.operations.size() != before || program.slots.size() != slots) check_shapes(program);
}

}  // namespace apical
