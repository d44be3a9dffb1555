#pragma once

#include <mutex>

namespace apical {

// Debian's HDF5 takes calls from one thread at a time. Whoever calls it holds this; the calls of
// sim/hdf5_file.hpp do so by themselves.
std::mutex& hdf5_mutex();

}  // namespace apical
