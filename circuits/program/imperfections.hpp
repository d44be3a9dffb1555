#pragma once

#include "circuits/program/program.hpp"
#include "circuits/text/value.hpp"

namespace apical {

// What a circuit lacks of a perfect one, as operations behind those of the finished program that
// it disturbs: what holds lose, [hold.*]; and of [synapses.*] `gain`, `noise`, `heterogeneity` and
// `bits`. A model without such keys keeps its program as it is. Throws Error{bad_model} with the
// place for an address that nothing keeps, and for a set that cannot have what is asked for.
void add_imperfections(Program& program, const Circuit& circuit, Table& root);

// The addresses that [hold.*] can name, in the order of the program: values of last step, voltages
// that a phase leaves for a later one, and what rules and equations keep.
std::vector<std::string> holds_of(const Program& program);

}  // namespace apical
