#include "circuits/program/check_shapes.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace apical {

namespace {

bool is_matrix(const Slot& slot) {
    return slot.shape == Shape::per_synapse || slot.shape == Shape::per_pair;
}

// Whether the operands of one operation fit, as circuits/program/operation.hpp says of each kind.
class Fit {
public:
    Fit(const Program& program, const Operation& op) : program_(program), op_(op) {}

    bool holds() const {
        switch (op_.kind) {
            case Kind::inject:
            case Kind::noise:
                return count() == 1 && is_vector(at(0).shape);
            case Kind::gate:
                return numbers(0, 1);
            case Kind::transmit:
                return transmit();
            case Kind::relax:
            case Kind::readout:
                return cells(0, 2);
            case Kind::fire:
                return fire();
            case Kind::cellwise:
                return cellwise();
            case Kind::modulate:
                return modulate();
            case Kind::hebb:
                return hebb();
            case Kind::consolidate:
                return consolidate();
            case Kind::assign:
                return assign();
            case Kind::multiply:
                return multiply();
            case Kind::contract:
                return contract();
            case Kind::recall:
            case Kind::remember:
                return kept();
        }
        return false;
    }

private:
    std::size_t count() const { return op_.operands.size(); }
    const Slot& at(std::size_t k) const { return program_[op_.operands[k].slot]; }
    bool is_number(std::size_t k) const { return at(k).shape == Shape::scalar; }
    bool is_vector_of(std::size_t k, int rows) const {
        return at(k).shape == Shape::per_cell && at(k).rows == rows;
    }
    bool is_alike(std::size_t a, std::size_t b) const {
        return at(a).rows == at(b).rows && at(a).columns == at(b).columns;
    }
    bool numbers(std::size_t first, std::size_t end) const {
        if (count() < end) return false;
        for (std::size_t k = first; k < end; ++k) {
            if (!is_number(k)) return false;
        }
        return true;
    }
    // All of one size.
    bool cells(std::size_t first, std::size_t end) const {
        if (count() < end) return false;
        for (std::size_t k = first; k < end; ++k) {
            if (!is_vector_of(k, at(first).rows)) return false;
        }
        return true;
    }
    // result (r) = S (s) x (x), or its transpose.
    bool product(std::size_t r, std::size_t s, std::size_t x) const {
        const int to = op_.reverse ? at(s).columns : at(s).rows;
        const int from = op_.reverse ? at(s).rows : at(s).columns;
        return is_matrix(at(s)) && is_vector_of(r, to) && is_vector_of(x, from);
    }

    bool transmit() const { return count() == 2 ? cells(0, 2) : count() == 3 && product(0, 2, 1); }

    bool fire() const {
        std::size_t k = 1;
        for (const bool gated : op_.gated) {
            if (k >= count() || !is_vector_of(k, at(0).rows)) return false;
            if (gated && (k + 1 >= count() || !is_number(k + 1))) return false;
            k += gated ? 2 : 1;
        }
        return k == count() && !op_.gated.empty();
    }

    bool cellwise() const {
        if (count() == 5) return cells(0, 3) && numbers(3, 5);
        return (count() == 2 || count() == 3) && cells(0, count());
    }

    bool modulate() const {
        if (op_.function == Function::constant) return count() == 1 && is_number(0);
        if (op_.function == Function::inner)
            return count() == 3 && is_number(0) && is_alike(1, 2) && at(1).shape != Shape::history;
        return count() == 3 && numbers(0, 3);
    }

    bool hebb() const {
        const bool fits = count() >= 3 && is_matrix(at(0)) && is_vector_of(1, at(0).rows) &&
                          is_vector_of(2, at(0).columns);
        if (!fits || count() == 3) return fits;
        const bool keeps = is_number(3) || is_vector_of(3, at(0).rows);
        return keeps && (count() == 4 || (is_number(3) && numbers(4, 5)));
    }

    bool consolidate() const {
        const std::size_t tag = count() - 1;
        const bool alike = count() >= 2 && is_matrix(at(0)) && is_alike(0, tag);
        return alike && (count() == 2 || is_number(1) || is_vector_of(1, at(0).rows));
    }

    bool assign() const {
        switch (op_.function) {
            case Function::zero:
                return count() == 1;
            case Function::jacobian:
                return count() == 3 && is_square(0) && is_alike(0, 1) &&
                       is_vector_of(2, at(0).rows);
            case Function::diagonal:
                return count() == 4 && is_square(0) && is_vector_of(1, at(0).rows) && numbers(2, 4);
            default:
                return count() == 2 && is_alike(0, 1);
        }
    }
    bool is_square(std::size_t k) const { return is_matrix(at(k)) && at(k).rows == at(k).columns; }

    bool multiply() const {
        if (count() == 3) return product(0, 1, 2);
        return count() == 2 && is_square(1) && at(0).rows == at(1).rows;
    }

    bool contract() const {
        const std::size_t tensor = op_.function == Function::credit ? 1 : 0;
        if (count() <= tensor || at(tensor).shape != Shape::tensor) return false;
        const int rows = at(tensor).rows, pre = at(tensor).columns / rows;
        if (op_.function == Function::credit)
            return count() == 3 && is_matrix(at(0)) && at(0).rows == rows && at(0).columns == pre &&
                   is_vector_of(2, rows);
        return count() == 4 && is_square(1) && at(1).rows == rows && is_vector_of(2, rows) &&
               is_vector_of(3, pre);
    }

    // A history and one of its values, or a value and last step's.
    bool kept() const {
        const bool history = op_.kind == Kind::recall || op_.function == Function::history;
        if (count() != 2 || at(0).rows != at(1).rows) return false;
        if (!history) return is_alike(0, 1);
        const std::size_t past = at(0).shape == Shape::history ? 0 : 1;
        return at(past).shape == Shape::history && op_.lag < at(past).columns;
    }

    const Program& program_;
    const Operation& op_;
};

}  // namespace

void check_shapes(const Program& program) {
    for (std::size_t i = 0; i < program.operations.size(); ++i) {
        if (Fit(program, program.operations[i]).holds()) continue;
        const Operation& op = program.operations[i];
        std::vector<std::string> names;  // the listing's line may want operands that are missing
        for (const Operand& operand : op.operands) names.push_back(program[operand.slot].name);
        throw std::logic_error(fmt::format("[{}] asks for {} with operands that do not fit: {}",
                                           op.asked_by, traits(op.kind).verb,
                                           fmt::join(names, ", ")));
    }
}

}  // namespace apical
