#pragma once

#include <string>
#include <string_view>

#include "circuits/text/error.hpp"
#include "sim/hdf5/dataset.hpp"

namespace apical {

// The array `name` of a file of numpy's: of an .npz, a zip of arrays that are stored or deflated
// (numpy.savez, numpy.savez_compressed); of an .npy itself, when `name` is empty. Numbers are
// little-endian floats of 8 or 4 bytes, whole numbers of 8 or 4 bytes with a sign, unsigned bytes,
// or booleans, in C's order. Throws Error{no_such_input} when the file cannot be read,
// Error{bad_model} naming `where` when it is no such file, has no array of the name (the nearest
// one is offered), or one that is damaged or of other numbers.
DataSet read_npz(const std::string& path, const std::string& name, const Where& where);

// The numbers of an .npy file in these bytes. `what` names it in messages ("\"x\" of \"d.npz\"").
DataSet parse_npy(std::string_view bytes, const std::string& what, const Where& where);

}  // namespace apical
