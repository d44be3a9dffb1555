#include "circuits/program/weakened_program.hpp"

#include <fmt/format.h>

#include <utility>

#include "circuits/program/quantity_path.hpp"

namespace apical {

namespace {

// Carried out in the phase, steps, iterations and windows of another operation, for who asked for
// it.
void carry_out_beside(Operation& op, const Operation& other) {
    op.phase = other.phase;
    op.every = other.every;
    op.first = other.first;
    op.last = other.last;
    op.iterations = other.iterations;
    op.windows = other.windows;
    op.asker = other.asker;
}

}  // namespace

void WeakenedProgram::asked_by(std::string who, Where where) {
    who_ = std::move(who);
    where_ = std::move(where);
}

void WeakenedProgram::insert(std::size_t place, Operation op, std::size_t beside) {
    std::vector<Operation>& all = program_.operations;
    op.where = where_;
    op.asked_by = who_;
    if (beside != at_end) carry_out_beside(op, all[beside]);
    all.insert(all.begin() + static_cast<std::ptrdiff_t>(place), std::move(op));
}

void WeakenedProgram::replace(std::size_t place, Operation op) {
    Operation& old = program_.operations[place];
    carry_out_beside(op, old);
    op.event = old.event;
    op.while_on = old.while_on;
    op.where = old.where;
    op.asked_by = old.asked_by;
    op.statement = old.statement;
    old = std::move(op);
}

SlotId WeakenedProgram::added(Slot slot, std::string path, std::string long_name) {
    if (program_.find(slot.name)) {
        reject(where_, fmt::format("[{}] makes \"{}\", which something else makes too; expected "
                                   "another name for that",
                                   who_, slot.name));
    }
    const SlotId id(program_.slots.size());
    Quantity quantity{.address = slot.name,
                      .path = std::move(path),
                      .long_name = std::move(long_name),
                      .symbol = slot.quantity,
                      .what = slot.what,
                      .shape = slot.shape,
                      .rows = slot.rows,
                      .columns = slot.columns};
    quantity.slots = {id};
    program_.quantities.push_back(std::move(quantity));
    program_.slots.push_back(std::move(slot));
    return id;
}

SlotId WeakenedProgram::at_synapses(SynapseSetId id, std::string_view name,
                                    const Initializer& init) {
    const SynapseSet& set = circuit_[id];
    Slot slot{.name = fmt::format("{}({})", name, set.name),
              .what = What::tag,
              .shape = Shape::per_synapse,
              .cells = set.post,
              .pre = set.pre,
              .synapses = id,
              .quantity = std::string(name),
              .rows = circuit_[set.post].size,
              .columns = circuit_[set.pre].size};
    slot.kept = true;
    slot.init = init;
    slot.where = set.where;
    return added(std::move(slot), quantity_path::of_synapses(set.name, name),
                 fmt::format("{} at the synapses of {}", name, set.name));
}

SlotId WeakenedProgram::in_cells(SynapseSetId id, PopulationId cells, const std::string& name) {
    const std::string& set = circuit_[id].name;
    Slot slot{.name = fmt::format("{}.{}", set, name),
              .what = What::of_rule,
              .shape = Shape::per_cell,
              .cells = cells,
              .rule = set,
              .quantity = name,
              .rows = circuit_[cells].size};
    slot.where = where_;
    return added(std::move(slot), quantity_path::of_dynamics(set, name),
                 fmt::format("{} of {}", name, set));
}

SlotId WeakenedProgram::drawn(SynapseSetId set, PopulationId cells, const std::string& name,
                              Function function, double size) {
    const SlotId result = in_cells(set, cells, name);
    program_.slots[result.value].kept = true;  // as what rules draw
    Operation op{.kind = Kind::noise,
                 .phase = PhaseId(0),
                 .function = function,
                 .operands = {{result, Access::set}},
                 .gain = size};
    insert(0, std::move(op), at_end);
    return result;
}

}  // namespace apical
