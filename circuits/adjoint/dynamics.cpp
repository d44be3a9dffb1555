#include "circuits/adjoint/dynamics.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/loss_kind.hpp"

namespace apical {

LossOfProgram loss_of(const Program& program, const Circuit& circuit) {
    if (!circuit.has_loss())
        throw Error(ExitCode::bad_model,
                    "the circuit has no loss, so that nothing has a gradient; expected a "
                    "population of role \"output\" and one of role \"label\", or [loss]");
    LossOfProgram loss;
    loss.is_cross_entropy = judged_by(circuit) == Activation::softmax;
    loss.phases = circuit.loss_phases();
    for (const PhaseId phase : loss.phases) loss.steps.push_back(circuit[phase].steps);
    if (circuit.loss) {
        loss.judged = program.judged(circuit);
        loss.target = program.rate_of(circuit.loss->against);
        loss.first_cell = std::max(circuit.loss->first_cell, 0);
    } else {
        loss.judged = program.voltage_of(circuit.soma(circuit.find_role(Role::output)));
        loss.target = program.rate_of(circuit.find_role(Role::label));
    }
    return loss;
}

bool is_learning(const Program& program, const Operation& op,
                 const std::vector<std::string>& fast) {
    if (program[op.operands[0].slot].what != What::strength) return false;
    return std::none_of(fast.begin(), fast.end(), [&](const std::string& table) {
        return op.asked_by == table || op.asked_by.starts_with(table + " ");
    });
}

namespace {

// Whether the result is the same whatever the operands are.
bool is_given(const Operation& op) {
    if (is_from_outside(op) || op.operands.size() == 1) return true;
    return op.kind == Kind::gate && op.function == Function::none;
}

class Search {
public:
    Search(const Program& program, const LossOfProgram& loss, const std::vector<std::string>& fast)
        : program_(program), fast_(fast), is_read_(program.slots.size()) {
        found_.performed.resize(program.operations.size());
        found_.differentiated.resize(program.operations.size());
        found_.has_adjoint.resize(program.slots.size());
        is_read_[loss.judged.value] = is_read_[loss.target.value] = true;
    }

    Dynamics result() {
        while (adds_what_is_read()) {
        }
        for (std::size_t i = 0; i < program_.slots.size(); ++i) {
            if (is_read_[i] && program_.slots[i].what == What::strength)
                found_.sets.push_back(SlotId(i));
        }
        while (adds_what_follows()) {
        }
        for (std::size_t i = 0; i < program_.operations.size(); ++i)
            found_.differentiated[i] =
                found_.performed[i] && found_.has_adjoint[written(program_.operations[i]).value];
        found_.remembers = is_carried_over();
        return std::move(found_);
    }

private:
    static SlotId written(const Operation& op) { return op.operands[0].slot; }

    // When a gate moves late, all its moves are gone through.
    bool moves_read_gate(const Operation& op) const {
        if (op.kind != Kind::gate || op.function != Function::moved) return false;
        return std::any_of(
            program_.operations.begin(), program_.operations.end(), [&](const Operation& other) {
                return other.kind == Kind::gate && other.function == Function::delay &&
                       is_read_[written(other).value] &&
                       program_[written(other)].gate == program_[written(op)].gate;
            });
    }

    bool adds_what_is_read() {
        bool grew = false;
        for (std::size_t i = program_.operations.size(); i-- > 0;) {
            const Operation& op = program_.operations[i];
            if (found_.performed[i] || is_learning(program_, op, fast_)) continue;
            if (!is_read_[written(op).value] && !moves_read_gate(op)) continue;
            found_.performed[i] = grew = true;
            for_each_read(op, [&](SlotId slot) { is_read_[slot.value] = true; });
            is_read_[written(op).value] = true;
        }
        return grew;
    }

    template <class Take>
    static void for_each_read(const Operation& op, Take take) {
        for (std::size_t k = 0; k < op.operands.size(); ++k) {
            if (k > 0 || op.operands[k].access != Access::set) take(op.operands[k].slot);
        }
        if (op.event) take(op.event);
    }

    bool varies(SlotId slot) const {
        return found_.has_adjoint[slot.value] || program_[slot].what == What::strength;
    }

    bool adds_what_follows() {
        bool grew = false;
        for (std::size_t i = 0; i < program_.operations.size(); ++i) {
            const Operation& op = program_.operations[i];
            if (!found_.performed[i] || is_given(op) || found_.has_adjoint[written(op).value])
                continue;
            bool is_reached = false;
            for (std::size_t k = 1; k < op.operands.size(); ++k)
                is_reached |= varies(op.operands[k].slot);
            if (!is_reached) continue;
            found_.has_adjoint[written(op).value] = grew = true;
        }
        return grew;
    }

    // Whether anything that varies is read before the step has made it. What a phase does at its
    // beginning stands before all else of it in a step, and so in this order at the latest.
    bool is_carried_over() const {
        std::vector<bool> is_made(program_.slots.size());
        for (std::size_t i = 0; i < program_.operations.size(); ++i) {
            const Operation& op = program_.operations[i];
            if (!found_.performed[i]) continue;
            bool carries = false;
            for_each_read(op, [&](SlotId slot) {
                carries |= found_.has_adjoint[slot.value] && !is_made[slot.value];
            });
            if (carries) return true;
            if (op.operands[0].access == Access::set && op.every == 1 && !waits(op))
                is_made[written(op).value] = true;
        }
        return false;
    }

    const Program& program_;
    const std::vector<std::string>& fast_;
    std::vector<bool> is_read_;
    Dynamics found_;
};

}  // namespace

Dynamics find_dynamics(const Program& program, const LossOfProgram& loss,
                       const std::vector<std::string>& fast) {
    return Search(program, loss, fast).result();
}

std::string numbers_of_operations(const std::vector<bool>& chosen) {
    std::vector<std::string> stretches;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
        if (!chosen[i]) continue;
        std::size_t last = i;
        while (last + 1 < chosen.size() && chosen[last + 1]) ++last;
        stretches.push_back(last == i ? fmt::format("{}", i + 1)
                                      : fmt::format("{}-{}", i + 1, last + 1));
        i = last;
    }
    return fmt::format("{}", fmt::join(stretches, ", "));
}

}  // namespace apical
