#pragma once

#include "circuits/equations/syntax.hpp"
#include "sim/algebra/network.hpp"

namespace apical::algebra {

// An activation as it is written: phi(x) of the one name "x", computed operator by operator as the
// tree stands, and its slope carried beside each value by the rules of calculus at that number. It
// shares no code with circuits/program, where a slope is derived as a formula of its own.
// `slope` is one that is written too, in place of the derivative. The
// expressions must outlive what is made of them.
Activation literal_activation(const Expression& equation, const Expression* slope = nullptr);

}  // namespace apical::algebra
