#include "circuits/adjoint/adjoint_writer.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/program/formula_builder.hpp"

namespace apical {

AdjointWriter::AdjointWriter(const Program& program, const Circuit& circuit,
                             const AdjointOptions& options, AdjointProgram& made)
    : program_(program),
      circuit_(circuit),
      options_(options),
      made_(made),
      written_(program.slots.size()) {}

void AdjointWriter::begin_segment() {
    std::fill(written_.begin(), written_.end(), 0);
    taped_.clear();
    known_.clear();
}

std::vector<Operation> AdjointWriter::write(std::size_t operation) {
    number_ = operation;
    op_ = &program_.operations[operation];
    written_operations_.clear();
    write_adjoint(*this);
    if (op_->event) {
        const SlotId event = taped(op_->event, version_of(op_->event));
        for (Operation& one : written_operations_) {
            one.event = event;
            one.while_on = op_->while_on;
        }
    }
    for (const SlotId window : op_->windows) {
        const SlotId open = taped(window, version_of(window));
        for (Operation& one : written_operations_) one.windows.push_back(open);
    }
    for (Operation& one : written_operations_) {
        one.every = std::max(op_->every, 1);
        one.first = op_->first;
        one.last = op_->last;
        one.asked_by = fmt::format("operation {}", operation + 1);
        one.where = op_->where;
    }
    pass_over(operation);
    return std::move(written_operations_);
}

void AdjointWriter::has_none(std::string_view reason) const {
    reject(op_->where, fmt::format("operation \"{}\" has no derivative: {}",
                                   on_one_line(listing_line(program_, number_)), reason));
}

// ---- slots

SlotId AdjointWriter::new_slot(Slot slot) {
    slot.what = What::intermediate;
    slot.line = 1;
    slot.kept = false;
    slot.init = {};
    made_.backward.slots.push_back(std::move(slot));
    return SlotId(made_.backward.slots.size() - 1);
}

const SetGradient* AdjointWriter::set_of(SlotId slot) const {
    for (const SetGradient& set : made_.sets) {
        if (set.strength == slot) return &set;
    }
    return nullptr;
}

bool AdjointWriter::wants(std::size_t operand) const {
    const SlotId slot = op_->operands[operand].slot;
    return set_of(slot) || made_.dynamics.has_adjoint[slot.value];
}

SlotId AdjointWriter::adjoint_of(SlotId slot) {
    SlotId& known = made_.adjoint_of[slot.value];
    if (known) return known;
    Slot adjoint = program_[slot];
    if (program_[slot].shape == Shape::history || program_[slot].line > 1)
        return known = adjoints_of_history(slot).back();
    adjoint.name = fmt::format("adjoint({})", adjoint.name);
    return known = new_slot(std::move(adjoint));
}

SlotId AdjointWriter::adjoint(std::size_t operand) {
    return adjoint_of(op_->operands[operand].slot);
}

std::vector<SlotId> AdjointWriter::adjoints_of_history(SlotId slot) {
    std::vector<SlotId>& known = histories_[slot];
    const Slot& whole = program_[slot];
    const int steps = whole.shape == Shape::history ? whole.columns : whole.line;
    for (int k = static_cast<int>(known.size()); k < steps; ++k) {
        Slot one = whole;
        one.name = fmt::format("adjoint({}, {} steps ago)", whole.name, k);
        one.shape = Shape::per_cell;
        one.columns = 1;
        known.push_back(new_slot(std::move(one)));
    }
    return known;
}

SlotId AdjointWriter::taped(SlotId slot, int version) {
    if (const SetGradient* set = set_of(slot)) {
        const bool is_fixed = std::none_of(
            program_.operations.begin(), program_.operations.end(), [&](const Operation& op) {
                return op.operands[0].slot == slot && !is_learning(program_, op, options_.fast);
            });
        if (is_fixed) return set->used;
    }
    SlotId& known = known_[{slot, version}];
    if (known) return known;
    if (program_[slot].shape == Shape::history || program_[slot].shape == Shape::tensor)
        has_none("it reads a whole history, of which no copy is kept");
    Slot tape = program_[slot];
    tape.name = fmt::format("tape({})", tape.name);
    known = new_slot(std::move(tape));
    taped_.push_back({slot, known, version});
    return known;
}

SlotId AdjointWriter::value(std::size_t operand) {
    const SlotId slot = op_->operands[operand].slot;
    return taped(slot, version_of(slot));
}

SlotId AdjointWriter::result() {
    const SlotId slot = op_->operands[0].slot;
    return taped(slot, version_of(slot) + 1);
}

SlotId AdjointWriter::temporary(SlotId like) {
    Slot slot = made(like);
    slot.name = fmt::format("part({})", slot.name);
    return new_slot(std::move(slot));
}

SlotId AdjointWriter::temporary_vector(int rows) {
    return new_slot({.name = "sums", .shape = Shape::per_cell, .rows = rows});
}

SlotId AdjointWriter::temporary_number() { return new_slot({.name = "sum"}); }

SlotId AdjointWriter::ones(int rows) {
    SlotId& known = ones_[rows];
    if (known) return known;
    known =
        new_slot({.name = fmt::format("ones({})", rows), .shape = Shape::per_cell, .rows = rows});
    made_.ones.push_back(known);
    return known;
}

SlotId AdjointWriter::identity(SlotId like) {
    Slot slot = made(like);
    slot.name = "identity";
    made_.identities.push_back(new_slot(std::move(slot)));
    return made_.identities.back();
}

// ---- words

void AdjointWriter::append(Operation op) { written_operations_.push_back(std::move(op)); }

void AdjointWriter::clear(SlotId to) {
    append({.kind = Kind::assign, .function = Function::zero, .operands = {{to, Access::set}}});
}

void AdjointWriter::copy(SlotId to, SlotId from) {
    append({.kind = Kind::remember, .operands = {{to, Access::set}, {from}}});
}

void AdjointWriter::add(SlotId to, double gain, SlotId from) {
    const bool has_cells = is_vector(made(to).shape);
    append({.kind = has_cells ? Kind::transmit : Kind::consolidate,
            .operands = {{to, Access::increment}, {from}},
            .gain = gain});
}

void AdjointWriter::add_product(SlotId to, SlotId matrix, SlotId vector, bool reverse) {
    append({.kind = Kind::transmit,
            .reverse = reverse,
            .operands = {{to, Access::increment}, {vector}, {matrix}}});
}

void AdjointWriter::set_product(SlotId to, SlotId matrix, SlotId vector, bool reverse) {
    append({.kind = Kind::transmit,
            .reverse = reverse,
            .operands = {{to, Access::set}, {vector}, {matrix}}});
}

void AdjointWriter::add_outer(SlotId to, SlotId post, SlotId pre) {
    append({.kind = Kind::hebb, .operands = {{to, Access::update}, {post}, {pre}}});
}

void AdjointWriter::add_inner(SlotId to, SlotId a, SlotId b) {
    append({.kind = Kind::modulate,
            .function = Function::inner,
            .operands = {{to, Access::increment}, {a}, {b}}});
}

void AdjointWriter::set_formula(SlotId to, const Formula& formula, const std::vector<Read>& reads) {
    const Shape shape = made(to).shape;
    Operation op{.kind = shape == Shape::scalar ? Kind::modulate
                         : is_vector(shape)     ? Kind::cellwise
                                                : Kind::synaptic};
    if (op.kind != Kind::synaptic) op.function = Function::formula;
    op.operands = {{to, apical::reads(formula, 0) ? Access::update : Access::set}};
    for (const Read& read : reads) op.operands.push_back({read.slot});
    const bool fits = op.operands.size() <= most_formula_operands + 1 &&
                      check_formula(formula, op.operands.size()) &&
                      (op.kind != Kind::synaptic || most_waiting(formula) <= most_registers);
    if (!fits) has_none("its derivative is longer than a formula can be");
    op.formula = formula;
    append(std::move(op));
}

}  // namespace apical
