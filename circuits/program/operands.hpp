#pragma once

#include <cstddef>
#include <string>

#include "circuits/program/program.hpp"

namespace apical {

// One operation with the slots that it works on: for what a kind says of its operands' shapes and
// for its line in the listing. Operand 0 is the one that is written.
class Operands {
public:
    // The references must outlive this.
    Operands(const Program& program, const Operation& operation)
        : program_(program), op_(operation) {}

    const Program& program() const { return program_; }
    const Operation& op() const { return op_; }
    Function function() const { return op_.function; }
    std::size_t count() const { return op_.operands.size(); }
    const Slot& at(std::size_t k) const { return program_[op_.operands[k].slot]; }

    // ---- shapes. Ranges end before `end`, and need not be there
    bool is_number(std::size_t k) const { return at(k).shape == Shape::scalar; }
    // What gates the path of a voltage of `rows` cells: one number for all, or one for each.
    bool is_gate(std::size_t k, int rows) const { return is_number(k) || is_vector_of(k, rows); }
    bool is_vector_of(std::size_t k, int rows) const;
    bool is_matrix(std::size_t k) const;  // at synapses or between cells
    bool is_square(std::size_t k) const;
    bool are_alike(std::size_t a, std::size_t b) const;  // in rows and columns
    bool are_numbers(std::size_t first, std::size_t end) const;
    bool are_cells(std::size_t first, std::size_t end) const;  // vectors of one size
    // result (r) = S (s) x (x), or of a reverse operation its transpose.
    bool is_product(std::size_t r, std::size_t s, std::size_t x) const;
    // Whether the operation's formula is one over operands 1 to 15, each of which it reads, at
    // `post` what is a vector of the result's cells and at `all` what is one number.
    bool fit_formula() const;
    // A history and one of its values.
    bool is_of_history() const;

    // ---- words of the listing
    const std::string& name(std::size_t k) const { return at(k).name; }
    std::string formula() const { return text_of(op_.formula); }  // the operation's, as text
    std::string text_of(const Formula& formula) const;            // of one over its operands
    const char* sign() const;  // "=" when the result is set, else "+="
    // "transpose(S)" of a reverse operation, else "S".
    std::string matrix(std::size_t k) const;
    // The result, from its last value and what is added to it: "W = 0.5 W + 0.1 ...".
    std::string changed(const std::string& by) const;

private:
    const Program& program_;
    const Operation& op_;
};

// "0.5 a"; by 1 "a".
std::string scaled(double factor, const std::string& of);

}  // namespace apical
