#pragma once

#include <cstdint>
#include <vector>

#include "circuits/program/program.hpp"

namespace apical {

// A program that makes the same numbers, but for rounding, and forms exact Jacobians that vectors
// alone are multiplied by only when somebody looks at them (`every` is 0):
//     (k I + g diag(s) S) x = k x + g s o (S x)
//     transpose(k I + g diag(s) S) u = k u + transpose(S) (g s o u)
struct WithoutJacobians {
    Program program;  // the slots of the original come first; those added are `intermediate`
    std::vector<std::uint32_t> performs;  // for each operation: the original one it is part of
};

WithoutJacobians without_jacobians(const Program& program);

}  // namespace apical
