#include "circuits/program/freeze.hpp"

#include <algorithm>

namespace apical {

namespace {

bool is_kept_by_rule(const Slot& slot) {
    return slot.what == What::tag || (slot.what == What::of_rule && slot.kept);
}

// What an operation is in a frozen program.
enum class Part : std::uint8_t { goes_on, learns, unneeded };

class Freezing {
public:
    explicit Freezing(const Program& program)
        : program_(program),
          parts_(program.operations.size(), Part::unneeded),
          is_read_(program.slots.size(), false) {}

    FrozenProgram result() {
        sort();
        FrozenProgram frozen{program_, {}, {}, {}};
        frozen.program.operations.clear();
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            if (parts_[i] == Part::goes_on)
                frozen.program.operations.push_back(program_.operations[i]);
            else
                (parts_[i] == Part::learns ? frozen.learns : frozen.unneeded).push_back(i);
        }
        std::erase_if(frozen.program.quantities,
                      [&](const Quantity& one) { return !still_means_something(one); });
        for (std::size_t i = 0; i < program_.slots.size(); ++i) {
            if (is_read_[i] && is_written_by(SlotId(i), Part::learns))
                frozen.taken.push_back(SlotId(i));
        }
        return frozen;
    }

private:
    static SlotId written(const Operation& op) { return op.operands[0].slot; }

    bool learns(const Operation& op) const {
        const Slot& slot = program_[written(op)];
        if (slot.what == What::strength) return true;
        return op.asker == Asker::rule && !is_from_outside(op) && is_kept_by_rule(slot);
    }

    // The circuit's own operations go on, and so does each one that writes what one of these reads.
    void sort() {
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            const Operation& op = program_.operations[i];
            if (learns(op))
                parts_[i] = Part::learns;
            else if (op.asker == Asker::circuit)
                keep(i);
        }
        for (bool found = true; found;) {
            found = false;
            for (std::size_t i = 0; i < parts_.size(); ++i) {
                if (parts_[i] != Part::unneeded || !is_read_[written(program_.operations[i]).value])
                    continue;
                keep(i);
                found = true;
            }
        }
    }
    void keep(std::size_t i) {
        parts_[i] = Part::goes_on;
        const std::vector<Operand>& operands = program_.operations[i].operands;
        for (std::size_t k = 0; k < operands.size(); ++k) {
            if (k > 0 || operands[k].access != Access::set) is_read_[operands[k].slot.value] = true;
        }
    }

    bool is_written_by(SlotId slot, Part part) const {
        for (std::size_t i = 0; i < parts_.size(); ++i) {
            if (parts_[i] == part && written(program_.operations[i]) == slot) return true;
        }
        return false;
    }
    bool still_means_something(const Quantity& quantity) const {
        if (quantity.what == What::strength) return true;
        if (quantity.what == What::measured) return false;
        return std::none_of(quantity.slots.begin(), quantity.slots.end(), [&](SlotId slot) {
            return slot && !is_written_by(slot, Part::goes_on) &&
                   (is_written_by(slot, Part::learns) || is_written_by(slot, Part::unneeded));
        });
    }

    const Program& program_;
    std::vector<Part> parts_;    // of the operations
    std::vector<bool> is_read_;  // of the slots, by what goes on
};

}  // namespace

FrozenProgram freeze(const Program& program) { return Freezing(program).result(); }

}  // namespace apical
