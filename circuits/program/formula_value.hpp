#pragma once

#include "circuits/program/formula.hpp"

namespace apical {

// The value of a node whose children have these values, as the engine computes it; of an operand a.
double value_of(const FormulaNode& node, double a, double b = 0.0, double c = 0.0);

// The value of a sound formula whose operands all are x.
double value_of(const Formula& formula, double x);

}  // namespace apical
