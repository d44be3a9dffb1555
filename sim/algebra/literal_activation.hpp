#pragma once

#include "circuits/equations/syntax.hpp"
#include "sim/algebra/network.hpp"

namespace apical::algebra {

// An activation as it is written: phi(x) of the one name "x", computed operator by operator as the
// tree stands, and its slope carried beside each value by the rules of calculus at that number. It
// shares no code with circuits/program, where a slope is derived as a formula of its own.
// The expression must outlive what is made of it.
Activation literal_activation(const Expression& equation);

}  // namespace apical::algebra
