#pragma once

#include <H5Cpp.h>

#include "sim/system/disk_file.hpp"

namespace apical {

// A virtual file driver of HDF5 that writes to a DiskFile.

// Files that are created with `access` are written through the driver to `file`, which must
// outlive them; the driver creates it under the name that HDF5 is given, reads, writes, resizes
// and closes it. A failed write is not reported to HDF5: the caller asks `file.failure()`. The
// caller holds hdf5_mutex(). Throws H5::Exception.
void write_through(const H5::FileAccPropList& access, DiskFile& file);

}  // namespace apical
