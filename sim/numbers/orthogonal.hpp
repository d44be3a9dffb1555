#pragma once

#include <vector>

#include "sim/numbers/random.hpp"

namespace apical {

// The thin Q of the QR of a Gaussian matrix, whose entry (i, j) is the stream's normal(0, i columns
// + j), in row-major order: orthonormal columns when rows >= columns, else orthonormal rows.
std::vector<double> orthogonal(int rows, int columns, const Stream& stream);

}  // namespace apical
