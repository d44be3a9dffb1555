#include "sim/audit/carriers.hpp"

#include <algorithm>

namespace apical {

namespace {

Carrier carrier_of(const Program& program, const Operation& op) {
    const bool vector = is_vector(program[op.operands[0].slot].shape);
    return vector ? traits(op.kind).writes_vector : traits(op.kind).writes;
}

Carrier merged(Carrier a, Carrier b) {
    if (a == b) return a;
    if (a == Carrier::none || b == Carrier::none) return Carrier::none;
    const auto are = [&](Carrier x, Carrier y) { return (a == x && b == y) || (a == y && b == x); };
    // A current from inside the cell changes a voltage; a rate that anything but firing writes is
    // no rate.
    return are(Carrier::voltage, Carrier::intracellular) ? Carrier::voltage
                                                         : Carrier::intracellular;
}

class Inference {
public:
    Inference(const Program& program, const Circuit& circuit)
        : program_(program),
          circuit_(circuit),
          found_(program.slots.size(), Carrier::as_source),
          drawn_(program.slots.size()),
          writers_(program.slots.size()),
          being_found_(program.slots.size()) {
        for (const Operation& op : program.operations) {
            drawn_[op.operands[0].slot.value] = op.kind == Kind::noise;
            writers_[op.operands[0].slot.value].push_back(&op);
        }
        for (std::size_t i = 0; i < writers_.size(); ++i) {
            const bool is_process =
                !writers_[i].empty() &&
                std::all_of(writers_[i].begin(), writers_[i].end(),
                            [&](const Operation* op) { return sums_up_noise(*op); });
            if (is_process) drawn_[i] = true;
        }
    }

    std::vector<Carrier> all() {
        for (std::size_t i = 0; i < found_.size(); ++i) of(SlotId(i));
        return found_;
    }

private:
    Carrier of(SlotId slot) {
        Carrier& known = found_[slot.value];
        if (known != Carrier::as_source || being_found_[slot.value]) return known;
        being_found_[slot.value] = true;
        Carrier carrier = Carrier::as_source;
        for (const Operation* op : writers_[slot.value]) {
            if (adds_noise(*op) || is_set_back(*op)) continue;
            Carrier written = carrier_of(program_, *op);
            if (written == Carrier::as_source) written = of(op->operands[1].slot);
            if (written == Carrier::as_source) continue;  // made of itself
            carrier = carrier == Carrier::as_source ? written : merged(carrier, written);
        }
        return known = carrier == Carrier::as_source ? unwritten(program_[slot]) : carrier;
    }

    // x <- a x + noise, a process that is made of draws alone.
    bool sums_up_noise(const Operation& op) const {
        return op.kind == Kind::cellwise && op.function == Function::sum &&
               op.operands.size() == 3 && op.operands[1].slot == op.operands[0].slot &&
               drawn_[op.operands[2].slot.value];
    }

    // r <- r + noise: noisy firing is still firing (criterion v).
    bool adds_noise(const Operation& op) const {
        const bool sum = op.kind == Kind::cellwise && op.function == Function::sum &&
                         op.operands.size() == 3 && op.retain == 1.0;
        return sum && op.operands[1].slot == op.operands[0].slot &&
               drawn_[op.operands[2].slot.value];
    }

    // What is set back to what it was itself stays what it is.
    bool is_set_back(const Operation& op) const {
        return op.kind == Kind::reset && (op.operands.size() == 1 ||
                                          program_[op.operands[1].slot].of == op.operands[0].slot ||
                                          program_[op.operands[0].slot].of == op.operands[1].slot);
    }

    Carrier unwritten(const Slot& slot) const {
        if (slot.shape == Shape::scalar) return Carrier::modulator;
        if (slot.synapses) return Carrier::synaptic;
        const bool constant = slot.cells && circuit_[slot.cells].role == Role::constant;
        return constant ? Carrier::rate : Carrier::intracellular;
    }

    const Program& program_;
    const Circuit& circuit_;
    std::vector<Carrier> found_;
    std::vector<bool> drawn_;  // by a noise operation, which wrote last, or made of such draws
    std::vector<std::vector<const Operation*>> writers_;
    std::vector<bool> being_found_;
};

}  // namespace

std::vector<Carrier> infer_carriers(const Program& program, const Circuit& circuit) {
    return Inference(program, circuit).all();
}

std::string_view text(Carrier carrier) {
    switch (carrier) {
        case Carrier::rate:
            return "a rate";
        case Carrier::voltage:
            return "a voltage";
        case Carrier::intracellular:
            return "an intracellular variable";
        case Carrier::synaptic:
            return "a number at synapses";
        case Carrier::interneuron:
            return "a gate";
        case Carrier::modulator:
            return "one number for all";
        case Carrier::none:
        case Carrier::as_source:
            break;
    }
    return "nothing that a cell has";
}

}  // namespace apical
