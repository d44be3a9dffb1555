#include "learning_rules/credit_sweep.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

CreditSweep::CreditSweep(ProgramBuilder& program, const Binding& binding,
                         const Recurrence& recurrence)
    : program_(program),
      binding_(binding),
      recurrence_(recurrence),
      window_(static_cast<int>(binding.options.integer("window"))) {
    slopes_ = history(recurrence.slope);
    credits_ = history(recurrence.credit);
    for (const SynapseSetId set : binding.synapses) {
        const SlotId now = program.presynaptic(set);
        carried_.push_back({set, now, history(now)});
    }
    credit_ = program.signal(recurrence.cells, binding.signal_name("c"));
    slope_ = program.signal(recurrence.cells, binding.signal_name("slope"));
}

// A history of the binding's own: another binding would add its credits to it, or recall from it
// before this binding's are kept.
SlotId CreditSweep::history(SlotId of) {
    return program_.history(of, window_, binding_.signal_name("history"),
                            binding_.options.where("window"));
}

void CreditSweep::take_credit(int lag) { program_.recall(credit_, credits_, lag); }

void CreditSweep::add_to_credit(int lag) { program_.add_to_past(credits_, lag, credit_); }

void CreditSweep::add_credit(int lag) {
    const SlotId earlier =
        program_.signal(recurrence_.cells, binding_.signal_name("earlier_credit"));
    program_.recall(earlier, credits_, lag);
    program_.set_sum(credit_, 1.0, credit_, 1.0, earlier);
}

SlotId CreditSweep::teaching(int lag, double gain) {
    program_.recall(slope_, slopes_, lag);
    return program_.product(credit_, slope_, binding_.signal_name("teaching"), gain);
}

void CreditSweep::carry_back(int lag) {
    const double alpha = recurrence_.alpha;
    program_.recall(slope_, slopes_, lag);
    const SlotId back = program_.product(credit_, slope_, binding_.signal_name("back"), alpha);
    program_.scale(credit_, 1.0 - alpha);
    program_.add_transposed(credit_, recurrence_.strength, back);
}

SlotId CreditSweep::presynaptic(SynapseSetId set, int lag) {
    const Circuit& circuit = program_.circuit();
    const Carried& carried = *std::find_if(carried_.begin(), carried_.end(),
                                           [&](const Carried& one) { return one.set == set; });
    if (carried.past == carried.now) return carried.now;
    const SlotId pre =
        program_.signal(circuit.own_use(set)->source,
                        binding_.signal_name(fmt::format("presynaptic({})", circuit[set].name)));
    program_.recall(pre, carried.past, lag);
    return pre;
}

}  // namespace apical
