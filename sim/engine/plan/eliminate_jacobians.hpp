#pragma once

#include <cstdint>
#include <vector>

#include "circuits/program/program.hpp"

namespace apical {

// A program that makes the same numbers, but for rounding, and forms an exact Jacobian by which
// only vectors are multiplied when somebody looks at it (`every` is 0) and not in each step:
//     (k I + g diag(s) S) x = k x + g s o (S x)
//     transpose(k I + g diag(s) S) u = k u + transpose(S) (g s o u)
// with k = 1 - alpha, g = alpha, s the slopes, S the recurrent strengths, o the product entry by
// entry. To form the Jacobian writes n^2 numbers a step and to multiply by it reads them again;
// this reads S, which other products of the step read anyway (fuse.hpp).
struct EliminatedJacobians {
    Program program;  // the slots of the original come first; those added are `intermediate`
    std::vector<std::uint32_t> performs;  // for each operation: the original one it is part of
};

// Both programs have the phases and quantities of the original.
EliminatedJacobians eliminate_jacobians(const Program& program);

}  // namespace apical
