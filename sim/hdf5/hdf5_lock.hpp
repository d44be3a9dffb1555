#pragma once

#include <mutex>

namespace apical {

// Debian's HDF5 takes calls from one thread at a time, of whoever calls it in the process. The
// classes and functions that our other rooms call (GrowingFile, read_dataset,
// clear_open_for_writing, StoredRun, SonataFile, read_result) hold this by themselves while they
// call it; their callers must not hold it. The functions of hdf5_reading.hpp, hdf5_writing.hpp,
// hdf5_types.hpp and disk_driver.hpp leave it to those.
std::mutex& hdf5_mutex();

// HDF5 prints by itself what goes wrong in a thread, and in the main one also when it cannot close
// at the end what a full disk left open: from here on not in the calling thread. Holds the mutex by
// itself.
void silence_hdf5();

}  // namespace apical
