#pragma once

#include <H5Cpp.h>

#include <string>

namespace apical {

// For sim/run_file/stored_datasets.cpp: dimension scales as a file has them. Callers hold
// hdf5_mutex(). All throw H5::Exception. A damaged file may say anything: attributes are believed
// only when they are of the right type and size.

// The label of a dimension, the rows' being 0; empty when it has none.
std::string label_of(const H5::DataSet& set, unsigned dimension);
// The path of the scale that is attached to a dimension, one of those that it has; empty when there
// is none.
std::string scale_of(const H5::DataSet& set, unsigned dimension);
// Where in the file an object is, whatever its names are.
haddr_t place_of(hid_t object);
// Where the scale of a dataset's rows is; HADDR_UNDEF when there is none.
haddr_t place_of_steps(const H5::DataSet& set);

}  // namespace apical
