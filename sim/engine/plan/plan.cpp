#include "sim/engine/plan/plan.hpp"

#include <cassert>
#include <utility>

#include "circuits/program/activation_formula.hpp"
#include "circuits/program/relaxation_formula.hpp"

namespace apical {

namespace {

// Translates one operation into kernel calls. Operand 0 is written and becomes `out`; operands 1 to
// 4 are read and become `a` to `d`, which some kinds then put in another order (kernels.hpp says
// what each kernel takes). `rows` and `columns` are those of operand 0 unless a kind says
// otherwise.
class Translator {
public:
    Translator(const Program& program, State& state, const Kernels& kernels, FormulaStore& formulas)
        : program_(program), state_(state), k_(kernels), formulas_(formulas) {}

    std::vector<Step> translate(std::size_t index) {
        op_ = &program_.operations[index];
        step_ = Step{};
        step_.operation = static_cast<std::uint32_t>(index);
        step_.retain = op_->retain;
        step_.gain = op_->gain;
        step_.every = op_->every;
        const auto steps = steps_of(*op_);
        step_.first = static_cast<std::uint32_t>(steps.first);
        step_.count = static_cast<std::uint32_t>(steps.last - steps.first + 1);
        step_.out = state_.data(op_->operands[0].slot);
        size_of(slot(0));
        step_.scratch = state_.scratch();
        const double** from[] = {&step_.a, &step_.b, &step_.c, &step_.d};
        for (std::size_t k = 1; k < op_->operands.size() && k < 5; ++k) *from[k - 1] = data(k);
        steps_.clear();
        emit();
        return steps_;
    }

private:
    const Slot& slot(std::size_t k) const { return program_[op_->operands[k].slot]; }

    double* data(std::size_t k) const { return state_.data(op_->operands[k].slot); }
    bool sets() const { return op_->operands[0].access == Access::set; }
    // A tensor M_kij is a matrix for its kernels: rows k, columns the entries ij of the set's own
    // panels, with their pads.
    void size_of(const Slot& one) {
        step_.rows = static_cast<std::size_t>(one.rows);
        step_.columns = static_cast<std::size_t>(one.columns);
        if (one.shape == Shape::tensor)
            step_.columns = padded(step_.rows) * (step_.columns / step_.rows);
    }

    // One of a matrix says how it is performed in blocks of rows.
    void add(KernelFunction run, InBlocks in_blocks) {
        assert(run);
        step_.run = run;
        step_.in_blocks = in_blocks;
        steps_.push_back(step_);
    }
    void add(KernelFunction run) { add(run, InBlocks::never); }

    // Whether the matrix is stored by rows; the step's is then, too.
    bool takes_rows_of(const Slot& matrix) {
        if (!matrix.places) return false;
        step_.start = matrix.places->start.data();
        step_.column = matrix.places->column.data();
        return true;
    }
    // A kernel that goes through numbers as they lie, of vectors and matrices alike.
    void add_as_they_lie(KernelFunction run, InBlocks in_blocks) {
        if (slot(0).places) {
            step_.rows = state_.numbers(op_->operands[0].slot).size();
            step_.columns = 1;
        }
        add(run, slot(0).places && in_blocks != InBlocks::never ? InBlocks::stretches : in_blocks);
    }

    void emit() {
        switch (op_->kind) {
            case Kind::inject:
            case Kind::noise:
                return;
            case Kind::gate:
                return gate();
            case Kind::transmit:
                return transmit();
            case Kind::relax:
                return relax();
            case Kind::fire:
                return fire();
            case Kind::readout:
                return add(k_.softmax);
            case Kind::cellwise:
                return cellwise();
            case Kind::modulate:
                return modulate();
            case Kind::hebb:
                return hebb();
            case Kind::consolidate:
                return consolidate();
            case Kind::synaptic:
                return synaptic();
            case Kind::gather:
                return gather();
            case Kind::assign:
                return assign();
            case Kind::multiply:
                return multiply();
            case Kind::contract:
                return contract();
            case Kind::recall:
                return recall();
            case Kind::reset:
                return add_as_they_lie(op_->function == Function::zero ? k_.clear : k_.copy,
                                       InBlocks::never);
            case Kind::remember:
                if (op_->function == Function::history) return add(k_.push);
                return add_as_they_lie(k_.copy, InBlocks::never);
        }
    }

    // The operands are voltage, rate, strength; a kernel takes the matrix in `a`, the vector in
    // `b`.
    void transmit() {
        if (op_->operands.size() == 2) return add(sets() ? k_.scale_set : k_.scale_add);
        std::swap(step_.a, step_.b);
        matrix_times_vector(slot(2));
    }

    void matrix_times_vector(const Slot& matrix) {
        size_of(matrix);
        if (takes_rows_of(matrix)) {
            const Kernels::ByRows& k = k_.by_rows;
            if (op_->reverse)
                return add(sets() ? k.transmit_reverse_set : k.transmit_reverse_add,
                           InBlocks::rows_reverse_product);
            return add(sets() ? k.transmit_set : k.transmit_add, InBlocks::rows_product);
        }
        if (op_->reverse) {
            return add(sets() ? k_.transmit_reverse_set : k_.transmit_reverse_add,
                       InBlocks::reverse_product);
        }
        add(sets() ? k_.transmit_set : k_.transmit_add, InBlocks::product);
    }

    void multiply() {
        if (op_->operands.size() == 3) return matrix_times_vector(slot(1));
        if (slot(0).shape != Shape::per_cell) return add(k_.multiply_from_left);
        // A vector in place: the product is made beside it.
        size_of(slot(1));
        step_.b = std::exchange(step_.out, state_.scratch());
        add(k_.transmit_set, InBlocks::product);
        step_.out = data(0);
        step_.a = state_.scratch();
        step_.columns = 1;
        add(k_.copy);
    }

    // Two steps: the tensor times the Jacobian from the left, then the immediate influence on its
    // diagonal. With credit one: the credit times the tensor, which is a reverse product.
    void contract() {
        const Slot& tensor = op_->function == Function::credit ? slot(1) : slot(0);
        const std::size_t rows = static_cast<std::size_t>(tensor.rows),
                          pre = static_cast<std::size_t>(tensor.columns) / rows;
        step_.rows = rows;
        step_.columns = padded(rows) * pre;
        if (op_->function == Function::credit)
            return add(k_.transmit_reverse_set, InBlocks::reverse_product);
        add(k_.multiply_from_left);
        step_.a = data(2);
        step_.b = data(3);
        step_.columns = pre;
        add(k_.tensor_diagonal);
    }

    // A history is a vector for each step, the newest first: `lag` vectors further on.
    void recall() {
        const std::size_t past = static_cast<std::size_t>(op_->lag) * padded(step_.rows);
        step_.columns = 1;
        if (sets()) {
            step_.a += past;
            return add(k_.copy);
        }
        step_.out += past;
        add(k_.scale_add);
    }

    // When a gate moves is drawn by who runs the plan.
    void gate() {
        if (op_->function == Function::delay) return;
        if (op_->function == Function::none) return add(k_.set_scalar);
        formula();
    }

    void formula() {
        step_.formula = &formulas_.add(*op_, state_);
        add(k_.formula);
    }

    void modulate() {
        const Function function = op_->function;
        if (function == Function::formula) return formula();
        if (function == Function::inner) {
            size_of(slot(1));
            return sets() ? add(k_.inner_set, InBlocks::inner_set)
                          : add(k_.inner_add, InBlocks::inner_add);
        }
        if (function == Function::product) return add(k_.times);
        if (function == Function::quotient) return add(k_.quotient);
        if (function == Function::balance) return add(k_.balance);
        assert(function == Function::constant);
        add(k_.set_scalar);
    }

    // hebb_add is hebb_decay with retain = 1, without the product that changes nothing.
    void hebb() {
        if (takes_rows_of(slot(0))) return hebb_by_rows();
        if (sets()) return add(k_.hebb_set, InBlocks::rank_one);
        if (op_->operands.size() == 3)
            return add(op_->retain == 1.0 ? k_.hebb_add : k_.hebb_decay, InBlocks::rank_one);
        assert(slot(3).shape == Shape::scalar || op_->operands.size() == 4);
        if (slot(3).shape == Shape::scalar) return add(k_.hebb_modulated, InBlocks::rank_one);
        add(k_.hebb_cellwise, InBlocks::rank_one_cells);
    }

    void hebb_by_rows() {
        const Kernels::ByRows& k = k_.by_rows;
        if (sets()) return add(k.hebb_set, InBlocks::rows_change);
        if (op_->operands.size() == 3)
            return add(op_->retain == 1.0 ? k.hebb_add : k.hebb_decay, InBlocks::rows_change);
        if (slot(3).shape == Shape::scalar) return add(k.hebb_modulated, InBlocks::rows_change);
        add(k.hebb_cellwise, InBlocks::rows_change_by_cell);
    }

    // The factor is one for each cell, one number (`a`), or none; the tag goes to `b`.
    void consolidate() {
        if (op_->operands.size() == 3 && slot(1).shape != Shape::scalar) {
            if (takes_rows_of(slot(0))) return add(k_.by_rows.consolidate, InBlocks::rows_change);
            return add(k_.consolidate, InBlocks::tag);
        }
        if (op_->operands.size() == 2) step_.b = std::exchange(step_.a, nullptr);
        add_as_they_lie(k_.accumulate, InBlocks::tag_alone);
    }

    void synaptic() {
        if (takes_rows_of(slot(0))) {
            step_.tiles = &formulas_.tiles().compiled(*op_, state_, k_);
            step_.columns = step_.rows;
            step_.rows = slot(0).places->count();
            return add(k_.by_rows.synaptic, InBlocks::stretches);
        }
        step_.tiles = &formulas_.tiles().compiled(*op_, state_, k_);
        add(k_.synaptic, InBlocks::tiles);
    }

    void gather() {
        size_of(slot(1));
        if (takes_rows_of(slot(1))) return add(k_.by_rows.gather, InBlocks::rows_product);
        add(k_.gather, InBlocks::product);
    }

    void assign() {
        const Function function = op_->function;
        if (function == Function::jacobian) return add(k_.jacobian);
        if (function == Function::diagonal) return add(k_.diagonal);
        add_as_they_lie(function == Function::zero ? k_.clear : k_.copy, InBlocks::never);
    }

    void by_formula(Formula formula) {
        Operation whole = *op_;
        whole.formula = std::move(formula);
        step_.formula = &formulas_.add(whole, state_);
        add(k_.formula);
    }

    void relax() {
        if (relaxes_by_formula(*op_)) return by_formula(relaxation_formula(*op_, of_cells()));
        if (op_->function != Function::sum) return add(k_.relax);
        step_.b = std::exchange(step_.a, step_.out);
        add(k_.sum);
    }

    // By place: which operands have one number for each cell.
    std::vector<bool> of_cells() const {
        std::vector<bool> each;
        for (std::size_t k = 0; k < op_->operands.size(); ++k) each.push_back(is_of_cells(k));
        return each;
    }
    // Whether cells make the gate of this operand, one number for each.
    bool is_of_cells(std::size_t gate) const { return slot(gate).shape == Shape::per_cell; }

    // The first voltage is put into scratch, others are added, each gated one through a vector
    // beside it when the gate is one.
    void add_drive(Step gather, bool first) {
        if (gather.b == nullptr) {
            gather.run = first ? k_.scale_set : k_.scale_add;
            return steps_.push_back(gather);
        }
        gather.run = first ? k_.gated_set : k_.gated_add;
        steps_.push_back(gather);
    }
    void add_drive_of_cells(Step gather, bool first) {
        gather.run = k_.product;
        double* const sum = gather.out;
        if (!first) gather.out += padded(gather.rows);
        steps_.push_back(gather);
        if (first) return;
        gather.a = std::exchange(gather.out, sum);
        gather.run = k_.scale_add;
        steps_.push_back(gather);
    }

    // One voltage is its own drive; else the gated sum is gathered first.
    void fire() {
        if (fires_by_formula(*op_)) return by_formula(firing_formula(*op_, of_cells()));
        const KernelFunction phi = kernel_of(k_.fire, op_->activation);
        if (op_->gated.size() == 1 && !(op_->gated[0] && is_of_cells(2)))
            return add(op_->gated[0] ? kernel_of(k_.fire_gated, op_->activation) : phi);
        Step gather = step_;
        gather.out = state_.scratch();
        gather.gain = 1.0;
        std::size_t operand = 1;
        for (std::size_t c = 0; c < op_->gated.size(); ++c) {
            gather.a = state_.data(op_->operands[operand].slot);
            gather.b = op_->gated[c] ? state_.data(op_->operands[operand + 1].slot) : nullptr;
            if (op_->gated[c] && is_of_cells(operand + 1)) {
                add_drive_of_cells(gather, c == 0);
            } else {
                add_drive(gather, c == 0);
            }
            operand += op_->gated[c] ? 2 : 1;
        }
        step_.a = state_.scratch();
        add(phi);
    }

    void cellwise() {
        const Function function = op_->function;
        const std::size_t operands = op_->operands.size();
        if (function == Function::formula) return formula();
        if (function == Function::slope) return add(kernel_of(k_.slope, op_->activation));
        if (function == Function::product) return add(operands == 2 ? k_.scale_set : k_.product);
        if (function == Function::sum) return add(operands == 3 ? k_.sum : k_.mixture);
        if (function == Function::difference) return add(k_.difference);
        assert(function == Function::complement);
        const bool rectified = op_->activation == Activation::rectified;
        add(rectified ? k_.complement_rectified : k_.complement);
    }

    const Program& program_;
    State& state_;
    const Kernels& k_;
    FormulaStore& formulas_;
    const Operation* op_ = nullptr;
    Step step_;
    std::vector<Step> steps_;
};

}  // namespace

KernelFunction kernel_of(const Kernels::ByActivation& kernels, Activation activation) {
    switch (activation) {
        case Activation::linear:
            return kernels.linear;
        case Activation::tanh:
            return kernels.tanh;
        case Activation::rectified:
            return kernels.rectified;
        case Activation::logistic:
            return kernels.logistic;
        case Activation::softmax:
        case Activation::written:
            break;
    }
    return nullptr;
}

std::vector<Step> translated(const Program& program, State& state, const Kernels& kernels,
                             FormulaStore& formulas, std::size_t operation) {
    return Translator(program, state, kernels, formulas).translate(operation);
}

void Plan::add(const Program& program, std::size_t operation, const Step& step) {
    const Operation& op = program.operations[operation];
    const bool begins = is_gate_of_timetable(op) || op.kind == Kind::reset;
    std::vector<Step>& slice = !op.phase ? step_end_
                               : begins  ? gates_[op.phase.value]
                                         : phases_[op.phase.value];
    slice.push_back(step);
    if (op.kind == Kind::reset) ++set_back_[op.phase.value];
    if (op.iterations == 1 || begins) return;
    assert(op.phase);
    Iterated& iterated = iterated_[op.phase.value];
    assert(iterated.times == 1 || iterated.times == op.iterations);
    assert(iterated.steps + 1 == slice.size());  // nothing that is run once stands before it
    iterated = {slice.size(), op.iterations};
}

namespace {

// No step before `boundary` is alike to one behind it.
void find_alike_in(std::vector<Step>& steps, std::size_t boundary) {
    for (std::size_t i = steps.size(); i-- > 0;) {
        Step& step = steps[i];
        const bool is_last = i + 1 == steps.size() || i + 1 == boundary;
        const bool goes_on = !is_last && steps[i + 1].every == step.every &&
                             steps[i + 1].first == step.first && steps[i + 1].count == step.count;
        step.alike = goes_on ? steps[i + 1].alike + 1 : 1;
    }
}

}  // namespace

// Steps that run in the same steps of a run are decided upon together.
void Plan::find_alike() {
    for (std::size_t p = 0; p < gates_.size(); ++p) find_alike_in(gates_[p], set_back_[p]);
    for (std::size_t p = 0; p < phases_.size(); ++p) find_alike_in(phases_[p], iterated_[p].steps);
    find_alike_in(step_end_, step_end_.size());
}

void Plan::run_iterations(std::size_t phase, std::int64_t step, bool observed) const {
    const std::span<const Step> all = phases_[phase];
    const auto [steps, times] = iterated_[phase];
    for (int k = 0; k < times; ++k) run(all.first(steps), step, observed);
    run(all.subspan(steps), step, observed);
}

Plan::Plan(const Program& program, State& state)
    : gates_(program.phase_names.size()),
      phases_(program.phase_names.size()),
      iterated_(program.phase_names.size()),
      set_back_(program.phase_names.size()),
      deferred_products_(program.phase_names.size()),
      memory_(&state.step_memory()) {}

Plan Plan::compile(const Program& program, State& state, const Kernels& kernels) {
    Plan plan(program, state);
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        for (const Step& step : translated(program, state, kernels, plan.formulas_, i))
            plan.add(program, i, step);
    }
    plan.find_alike();
    return plan;
}

// Flushes are split like the passes and products that they stand for: sums over rows are then added
// block by block in both, and have the same bits.
void Plan::split(const Kernels& kernels, Workers* workers) {
    const auto split = [&](std::vector<Step>& steps) {
        for (Step& step : steps) step = row_blocks_.in_blocks(step, kernels, workers, *memory_);
    };
    for (auto* by_phase : {&gates_, &phases_, &deferred_products_}) {
        for (std::vector<Step>& steps : *by_phase) split(steps);
    }
    split(step_end_);
    split(deferred_changes_);
}

std::vector<std::uint32_t> Plan::operations(const Step& step) const {
    if (step.operation == Step::no_operation) return {};
    const auto found = store_.operations.find(step.pass);
    return found == store_.operations.end() ? std::vector{step.operation} : found->second;
}

}  // namespace apical
