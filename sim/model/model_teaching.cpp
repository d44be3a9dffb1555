#include "sim/model/model_teaching.hpp"

#include <fmt/format.h>

#include "circuits/program/reward_names.hpp"
#include "circuits/text/error.hpp"

namespace apical {

namespace {

// Null of a model that says nothing.
const Value* teaching_of(const Table& root) {
    const Value* task = root.find("task");
    const auto* keys = task ? std::get_if<Table>(&task->content) : nullptr;
    return keys ? keys->find("teaching") : nullptr;
}

// The first operation that reads the slot, or that of which it is remembered.
const Operation* reader_of(const Program& program, SlotId slot) {
    for (const Operation& op : program.operations) {
        if (is_from_outside(op)) continue;
        for (std::size_t k = 1; k < op.operands.size(); ++k)
            if (op.operands[k].slot == slot) return &op;
    }
    return nullptr;
}

}  // namespace

void check_teaching(const Table& root, const Circuit& circuit, const Program& program) {
    const Value* teaching = teaching_of(root);
    const auto* text = teaching ? std::get_if<std::string>(&teaching->content) : nullptr;
    const bool by_reward = text && *text == "reward";
    for (const std::string_view name : {clock_name::reward, clock_name::expected}) {
        const SlotId slot = program.clock_of(name);
        if (slot && !by_reward)
            reject(program[slot].where,
                   fmt::format("a rule reads \"{}\", and the task gives no reward; expected "
                               "teaching = \"reward\" in [task]",
                               name));
    }
    if (!by_reward) return;
    if (!circuit.trials)
        reject(teaching->where,
               "a reward is that of a trial, and there are none; expected [trial] with its steps, "
               "or a task that has trials");
    const PopulationId label = circuit.find_role(Role::label);
    if (!label) return;
    if (const Operation* op = reader_of(program, program.rate_of(label)))
        reject(
            teaching->where,
            fmt::format("with teaching = \"reward\" no label reaches the circuit, but [{}] reads "
                        "that of \"{}\"; expected no error cells, synapses, wires or teachers "
                        "from there",
                        op->asked_by, circuit[label].name));
}

}  // namespace apical
