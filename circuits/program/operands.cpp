#include "circuits/program/operands.hpp"

#include <fmt/format.h>

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

bool Operands::is_of_history() const {
    if (count() != 2 || at(0).rows != at(1).rows) return false;
    const std::size_t past = at(0).shape == Shape::history ? 0 : 1;
    return at(past).shape == Shape::history && op_.lag < at(past).columns;
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
