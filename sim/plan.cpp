#include "sim/plan.hpp"

#include <cassert>

namespace apical {

namespace {

// Translates one operation into kernel calls.
class Translator {
public:
    Translator(const Program& program, State& state, const Kernels& kernels)
        : program_(program), state_(state), k_(kernels) {}

    std::vector<Step> translate(std::size_t index) {
        op_ = &program_.operations[index];
        step_ = Step{};
        step_.operation = static_cast<std::uint32_t>(index);
        step_.retain = op_->retain;
        step_.gain = op_->gain;
        step_.every = op_->every;
        step_.out = state_.data(op_->operands[0].slot);
        const Slot& written = slot(0);
        step_.rows = static_cast<std::size_t>(written.rows);
        step_.columns = static_cast<std::size_t>(written.columns);
        for (std::size_t k = 1; k < op_->operands.size() && k < 3; ++k) {
            (k == 1 ? step_.a : step_.b) = state_.data(op_->operands[k].slot);
        }
        steps_.clear();
        emit();
        return steps_;
    }

private:
    const Slot& slot(std::size_t k) const { return program_[op_->operands[k].slot]; }

    void add(Kernels::Run run) {
        step_.run = run;
        steps_.push_back(step_);
    }

    void emit() {
        switch (op_->kind) {
            case Kind::inject:
                return;
            case Kind::gate:
                return add(k_.set_scalar);
            case Kind::transmit:
                return transmit();
            case Kind::relax:
                return add(k_.relax);
            case Kind::fire:
                return fire();
            case Kind::readout:
                return add(k_.softmax);
            case Kind::cellwise:
                return cellwise();
            case Kind::hebb:
                return add(op_->retain == 1.0 ? k_.hebb_add : k_.hebb_decay);
            case Kind::consolidate:
                return add(k_.consolidate);
            case Kind::assign:
                return add(op_->function == Function::jacobian ? k_.jacobian : k_.copy);
            case Kind::remember:
                return add(k_.copy);
        }
    }

    void transmit() {
        const bool set = op_->operands[0].access == Access::set;
        if (op_->operands.size() == 2) return add(set ? k_.scale_set : k_.scale_add);
        const Slot& matrix = slot(2);
        step_.a = state_.data(op_->operands[2].slot);
        step_.b = state_.data(op_->operands[1].slot);
        step_.rows = static_cast<std::size_t>(matrix.rows);
        step_.columns = static_cast<std::size_t>(matrix.columns);
        if (op_->reverse) return add(set ? k_.transmit_reverse_set : k_.transmit_reverse_add);
        add(set ? k_.transmit_set : k_.transmit_add);
    }

    // One ungated voltage is its own drive; else the gated sum is gathered first.
    void fire() {
        const Kernels::Run phi = k_.fire[static_cast<std::size_t>(op_->activation)];
        if (op_->gated.size() == 1 && !op_->gated[0]) return add(phi);
        Step gather = step_;
        gather.out = state_.scratch();
        gather.gain = 1.0;
        std::size_t operand = 1;
        for (std::size_t c = 0; c < op_->gated.size(); ++c) {
            gather.a = state_.data(op_->operands[operand].slot);
            gather.b = op_->gated[c] ? state_.data(op_->operands[operand + 1].slot) : nullptr;
            const bool first = c == 0;
            if (op_->gated[c]) gather.run = first ? k_.gated_set : k_.gated_add;
            if (!op_->gated[c]) gather.run = first ? k_.scale_set : k_.scale_add;
            steps_.push_back(gather);
            operand += op_->gated[c] ? 2 : 1;
        }
        step_.a = state_.scratch();
        add(phi);
    }

    void cellwise() {
        switch (op_->function) {
            case Function::none:
            case Function::jacobian:
                assert(false);
                return;
            case Function::slope:
                return add(k_.slope[static_cast<std::size_t>(op_->activation)]);
            case Function::product:
                return add(k_.product);
            case Function::sum:
                return add(k_.sum);
            case Function::difference:
                return add(k_.difference);
        }
    }

    const Program& program_;
    State& state_;
    const Kernels& k_;
    const Operation* op_ = nullptr;
    Step step_;
    std::vector<Step> steps_;
};

}  // namespace

Plan Plan::compile(const Program& program, State& state, const Kernels& kernels) {
    Plan plan;
    plan.gates_.resize(program.phase_names.size());
    plan.phases_.resize(program.phase_names.size());
    Translator translator(program, state, kernels);
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        const Operation& op = program.operations[i];
        std::vector<Step>& slice = !op.phase               ? plan.step_end_
                                   : op.kind == Kind::gate ? plan.gates_[op.phase.value]
                                                           : plan.phases_[op.phase.value];
        for (const Step& step : translator.translate(i)) slice.push_back(step);
    }
    return plan;
}

}  // namespace apical
