// Which kernels perform an operation of each kind, and how matrices may be split for them.
#include <cassert>
#include <utility>

#include "circuits/program/activation_formula.hpp"
#include "circuits/program/relaxation_formula.hpp"
#include "sim/engine/plan/chosen_kernels.hpp"
#include "sim/engine/plan/fired_columns.hpp"
#include "sim/engine/plan/firing_steps.hpp"
#include "sim/engine/plan/plan.hpp"

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
        if (op_->event) {
            for (Step& one : steps_)
                one =
                    formulas_.conditional(one, state_.data(op_->event), op_->while_on ? 1.0 : 0.0);
        }
        for (const SlotId window : op_->windows) {
            for (Step& one : steps_) one = formulas_.conditional(one, state_.data(window), 1.0);
        }
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
    void add(const ChosenKernel& chosen) { add(chosen.run, chosen.in_blocks); }

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
            case Kind::backpropagate:  // sim/simulation/backpropagation.hpp
                return;
            case Kind::noise:
                return noise();
            case Kind::gate:
                return gate();
            case Kind::transmit:
                return transmit();
            case Kind::relax:
                return relax();
            case Kind::fire:
                return fire();
            case Kind::readout:
                return readout();
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
                return reset();
            case Kind::remember:
                if (op_->function == Function::history) return add(k_.push);
                return add_as_they_lie(k_.copy, InBlocks::never);
            case Kind::conduct:
                return conduct();
            case Kind::intervene:
                return intervene();
        }
    }

    // On the whole way along an axon.
    void reset() {
        const std::size_t places = slot(0).what == What::axon ? slot(0).line : 1;
        step_.out = state_.line(op_->operands[0].slot).data();
        if (slot(0).what != What::axon) step_.out = data(0);
        for (std::size_t k = 0; k < places; ++k, step_.out += padded(step_.rows))
            add_as_they_lie(op_->function == Function::zero ? k_.clear : k_.copy, InBlocks::never);
    }

    // One that is drawn once a step is written by who runs the plan; of several draws the next.
    void noise() {
        if (slot(0).line == 1) return;
        step_.columns = static_cast<std::size_t>(slot(0).line - 2);
        add(k_.next);
    }

    void readout() {
        if (op_->function != Function::winners) return add(k_.softmax);
        step_.columns = static_cast<std::size_t>(op_->weights[0]);
        add(k_.winners);
    }

    void conduct() {
        step_.out = state_.line(op_->operands[0].slot).data();
        step_.columns = static_cast<std::size_t>(slot(0).line);
        add(k_.conduct);
    }

    void intervene() {
        std::swap(step_.b, step_.c);
        if (slot(0).shape != Shape::per_cell && slot(0).shape != Shape::scalar) {
            step_.rows = state_.numbers(op_->operands[0].slot).size();
            step_.columns = 1;
        }
        add(k_.intervene);
    }

    // The operands are voltage, rate, strength; a kernel takes the matrix in `a`, the vector in
    // `b`.
    void transmit() {
        if (op_->first_cell >= 0) return transmit_part();
        if (op_->operands.size() == 2) return add(sets() ? k_.scale_set : k_.scale_add);
        std::swap(step_.a, step_.b);
        if (transmits_spikes(program_, *op_)) return transmit_fired(slot(2));
        matrix_times_vector(slot(2));
    }

    void transmit_fired(const Slot& matrix) {
        size_of(matrix);
        if (!matrix.places)
            return add(sets() ? k_.transmit_fired_set : k_.transmit_fired_add, InBlocks::product);
        takes_rows_of(matrix);
        const Kernels::ByRows& k = k_.by_rows;
        step_.run = sets() ? k.transmit_set : k.transmit_add;
        steps_.push_back(formulas_.by_columns(
            step_, *matrix.places, sets() ? k.transmit_fired_set : k.transmit_fired_add));
    }

    void transmit_part() {
        step_.a += op_->first_cell;
        add(sets() ? k_.part_set : k_.part_add);
    }

    void matrix_times_vector(const Slot& matrix) {
        size_of(matrix);
        add(product_kernel(k_, *op_, takes_rows_of(matrix)));
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
        add(number_kernel(k_, function));
    }

    void hebb() {
        const bool by_cell = op_->operands.size() > 3 && slot(3).shape != Shape::scalar;
        add(hebb_kernel(k_, *op_, takes_rows_of(slot(0)), by_cell));
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

    // By place: which operands have one number for each cell, as a gate has that cells make.
    std::vector<bool> of_cells() const {
        std::vector<bool> each;
        for (std::size_t k = 0; k < op_->operands.size(); ++k)
            each.push_back(slot(k).shape == Shape::per_cell);
        return each;
    }

    void fire() {
        if (fires_by_formula(*op_)) return by_formula(firing_formula(*op_, of_cells()));
        steps_ = firing_steps(*op_, of_cells(), step_, state_, k_);
    }

    void cellwise() {
        if (op_->function == Function::formula) return formula();
        add(cellwise_kernel(k_, *op_));
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

std::vector<Step> translated(const Program& program, State& state, const Kernels& kernels,
                             FormulaStore& formulas, std::size_t operation) {
    return Translator(program, state, kernels, formulas).translate(operation);
}

}  // namespace apical
