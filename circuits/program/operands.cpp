#include "circuits/program/operands.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

bool Operands::is_vector_of(std::size_t k, int rows) const {
    return at(k).shape == Shape::per_cell && at(k).rows == rows;
}

bool Operands::is_matrix(std::size_t k) const {
    return at(k).shape == Shape::per_synapse || at(k).shape == Shape::per_pair;
}

bool Operands::is_square(std::size_t k) const {
    return is_matrix(k) && at(k).rows == at(k).columns;
}

bool Operands::are_alike(std::size_t a, std::size_t b) const {
    return at(a).rows == at(b).rows && at(a).columns == at(b).columns;
}

bool Operands::are_numbers(std::size_t first, std::size_t end) const {
    if (count() < end) return false;
    for (std::size_t k = first; k < end; ++k) {
        if (!is_number(k)) return false;
    }
    return true;
}

bool Operands::are_cells(std::size_t first, std::size_t end) const {
    if (count() < end) return false;
    for (std::size_t k = first; k < end; ++k) {
        if (!is_vector_of(k, at(first).rows)) return false;
    }
    return true;
}

bool Operands::is_product(std::size_t r, std::size_t s, std::size_t x) const {
    const int to = op_.reverse ? at(s).columns : at(s).rows;
    const int from = op_.reverse ? at(s).rows : at(s).columns;
    return is_matrix(s) && is_vector_of(r, to) && is_vector_of(x, from);
}

bool Operands::fit_formula() const {
    if (count() > most_formula_operands + 1 || !check_formula(op_.formula, count())) return false;
    std::vector<bool> is_read(count());
    is_read[0] = true;  // by being written
    for (const FormulaNode& node : op_.formula) {
        if (node.node != Node::operand) continue;
        if (node.a == 0) return false;
        const bool alike = is_number(node.a);
        if (!alike && !is_vector_of(node.a, at(0).rows)) return false;
        if (node.index != (alike ? Index::all : Index::post)) return false;
        is_read[node.a] = true;
    }
    return std::find(is_read.begin(), is_read.end(), false) == is_read.end();
}

bool Operands::is_of_history() const {
    if (count() != 2 || at(0).rows != at(1).rows) return false;
    const std::size_t past = at(0).shape == Shape::history ? 0 : 1;
    return at(past).shape == Shape::history && op_.lag < at(past).columns;
}

std::string Operands::text_of(const Formula& formula) const {
    std::vector<std::string> names;
    for (std::size_t k = 0; k < count(); ++k) names.push_back(name(k));
    return to_text(formula, names);
}

const char* Operands::sign() const { return op_.operands[0].access == Access::set ? "=" : "+="; }

std::string Operands::matrix(std::size_t k) const {
    return op_.reverse ? fmt::format("transpose({})", name(k)) : name(k);
}

std::string Operands::changed(const std::string& by) const {
    if (op_.retain == 0.0) return fmt::format("{} = {}", name(0), scaled(op_.gain, by));
    if (op_.retain == 1.0) return fmt::format("{} += {:.6g} {}", name(0), op_.gain, by);
    return fmt::format("{} = {:.6g} {} + {:.6g} {}", name(0), op_.retain, name(0), op_.gain, by);
}

std::string scaled(double factor, const std::string& of) {
    return factor == 1.0 ? of : fmt::format("{:.6g} {}", factor, of);
}

}  // namespace apical
