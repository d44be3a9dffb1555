#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace apical {

// What a formula is made of. a, b, c are its operands' values.
enum class Node : std::uint8_t {
    number,       // a constant
    operand,      // an entry of an operand of the operation
    add,          // a + b
    subtract,     // a - b
    multiply,     // a b
    divide,       // a / b
    power,        // a^n, n a whole constant from -8 to 8, as products
    minimum,      // the smaller, b when both are equal; no number when either is none
    maximum,      // the larger, b when both are equal; no number when either is none
    select,       // b where a > 0, else c; no number where a is none
    absolute,     // |a|
    sign,         // 1 where a > 0, -1 where a < 0, else a
    step,         // 1 where a > 0, 0 where a <= 0, else a
    root,         // sqrt(a)
    exponential,  // exp(a)
    logarithm,    // log(a)
    tanh,
    logistic,   // 1 / (1 + exp(-a))
    rectified,  // 0 where a < 0, else a
};

// Which entry of an operand is read for the entry ij (of a matrix) or i (of a vector) that is made.
// A population's cells may be both ends of a set: then a vector of it is read at i or at j.
enum class Index : std::uint8_t {
    post,     // entry i of a vector
    pre,      // entry j of a vector
    synapse,  // entry ij of a matrix
    all,      // one number for all
};

// One part of a formula; its parts stand before it.
struct FormulaNode {
    Node node = Node::number;
    Index index = Index::all;           // of an operand
    std::uint16_t a = 0, b = 0, c = 0;  // of an operand: its place in the operation; else nodes
    double number = 0.0;                // of a number; of a power, the exponent

    bool operator==(const FormulaNode&) const = default;
};

// What an operation computes for each entry, the last node its value. It is part of the program's
// text: nodes over declared operands, without loops, calls or memory.
using Formula = std::vector<FormulaNode>;

inline constexpr std::size_t longest_formula = 256;   // nodes
inline constexpr std::size_t longest_written = 1024;  // nodes, each as often as it is read
inline constexpr int highest_power = 8;
inline constexpr std::size_t most_formula_operands = 15;  // beside the one that is written
inline constexpr int most_registers = 16;                 // of a formula at synapses

// Nodes that a node reads: 0 of a number and an operand, 3 of `select`.
int arity(Node node);

// The node's child k, for k below its arity.
std::uint16_t child(const FormulaNode& node, int k);

// Whether each node reads nodes before it and places of so many operands, each but the last is
// read, numbers are finite, powers whole ones from -8 to 8, and neither the nodes nor what is
// written out of them are too many. What does not hold must not be evaluated or written.
bool check_formula(const Formula& formula, std::size_t operands);

// Whether the formula reads the operand of this place.
bool reads(const Formula& formula, std::size_t place);

// As many places as the formula reads operands of, the last one read being the last; at least one.
std::size_t places_of(const Formula& formula);

// Values that are made and not yet read for the last time, at most, when nodes follow each other:
// the registers that an evaluation takes.
int most_waiting(const Formula& formula);

// The formula as text, its operands by these names: "clip(W_in + 0.01 hidden.r x input.r, 0, 1)".
// What is a minimum of a maximum by constants is written as clip. Brackets stand only where the
// order of evaluation needs them, so that the text says what is rounded when.
std::string to_text(const Formula& formula, const std::vector<std::string>& names);

}  // namespace apical
