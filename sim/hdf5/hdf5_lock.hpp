#pragma once

#include <mutex>

namespace apical {

// Debian's HDF5 takes calls from one thread at a time. Whoever calls it holds this; GrowingFile
// and read_dataset do so by themselves.
std::mutex& hdf5_mutex();

// HDF5 prints by itself what goes wrong in a thread, and in the main one also when it cannot close
// at the end what a full disk left open: from here on not in the calling thread.
void silence_hdf5();

}  // namespace apical
