// What an expression of literal equations comes to, entry by entry.
#include <array>
#include <cmath>

#include "sim/algebra/literal_equations.hpp"
#include "sim/algebra/literal_functions.hpp"

namespace apical::algebra {

double LiteralEquations::value(const Part& part, const At& at) const {
    const auto of = [&](std::size_t k) { return value(part.of[k], at); };
    switch (part.written->symbol) {
        case Symbol::number:
            return part.written->number;
        case Symbol::name:
            return at.read(*part.quantity);
        case Symbol::call:
            return called(part, at);
        case Symbol::negative:
            return -of(0);
        case Symbol::add:
            return of(0) + of(1);
        case Symbol::subtract:
            return of(0) - of(1);
        case Symbol::multiply:
            return of(0) * of(1);
        case Symbol::divide:
            return of(0) / of(1);
        case Symbol::power:
            break;
    }
    return std::pow(of(0), of(1));
}

double LiteralEquations::called(const Part& call, const At& at) const {
    const auto of = [&](std::size_t k) { return value(call.of[k], at); };
    switch (call.function->called) {
        case Called::previous:
            return at.read(*call.quantity);
        case Called::phi:
        case Called::slope: {
            const CellsOfEnd& end = end_of(call.home, at.set);
            const auto cell = static_cast<std::size_t>(call.home == Home::pre ? at.column : at.row);
            const std::optional<Activation> activation =
                end.of_cells.empty() ? end.phi : end.of_cells[cell];
            if (!activation) refuse(call.written->name + "() is of no cell alone");
            const Vector v = Vector::Constant(1, of(0));
            return call.function->called == Called::phi ? phi(*activation, v)(0)
                                                        : slope_of(*activation, v)(0);
        }
        case Called::sum:
        case Called::mean:
        case Called::gather:
        case Called::dot:
            return summed_once(call, at);
        case Called::outer:
            return value(call.of[0], at.in_cell(at.row)) * value(call.of[1], at.in_cell(at.column));
        case Called::by_entry:
            break;
    }
    std::array<double, most_arguments> arguments{};
    for (std::size_t k = 0; k < call.of.size(); ++k) arguments[k] = of(k);
    return call.function->value(arguments);
}

bool LiteralEquations::exists(std::size_t set, Index post, Index pre) const {
    return exist_.empty() || exist_[set].size() == 0 || exist_[set](post, pre) != 0.0;
}

double LiteralEquations::summed_once(const Part& call, const At& at) const {
    const Index cell = call.home == Home::all ? 0 : call.home == Home::pre ? at.column : at.row;
    const auto [made, is_new] = call.sums.try_emplace({at.set, cell}, 0.0);
    if (is_new) made->second = summed(call, at, cell);
    return made->second;
}

double LiteralEquations::summed(const Part& call, const At& at, Index cell) const {
    const bool is_dot = call.function->called == Called::dot;
    if (call.function->called == Called::gather) return gathered(call, at.set, cell);
    const Index size = end_of(call.of.back().home, at.set).size;
    double sum = 0.0;
    for (Index k = 0; k < size; ++k) {
        const double first = value(call.of[0], is_dot ? At{at.set, cell, k} : at.in_cell(k));
        sum += is_dot ? first * value(call.of[1], at.in_cell(k)) : first;
    }
    return call.function->called == Called::mean ? sum / static_cast<double>(size) : sum;
}

double LiteralEquations::gathered(const Part& call, std::size_t set, Index cell) const {
    double sum = 0.0;
    if (const FewSynapses* few = few_of(set)) {
        for (Index k = few->first_of(cell); k < few->first_of(cell + 1); ++k)
            sum += value(call.of[0], At{set, cell, few->pre[static_cast<std::size_t>(k)], k});
        return sum;
    }
    for (Index k = 0; k < pre_[set].size; ++k) {
        if (exists(set, cell, k)) sum += value(call.of[0], At{set, cell, k});
    }
    return sum;
}

}  // namespace apical::algebra
