#pragma once

#include <string>

#include "sim/system/reading_trial.hpp"

namespace apical {

// What an HDF5 file says of itself that keeps HDF5 from opening it.

// Why the file did not open, a clause that begins with "is".
std::string why_not_opened(const std::string& path);

// Clears the mark that HDF5 puts into a file that is opened for writing, as h5clear does: while the
// mark is there, HDF5 opens the file no more. False when there was none. Throws
// Error{cannot_create_output} while another program has it open, Error{bad_model} when it is
// damaged.
bool clear_open_for_writing(const std::string& path, const ReadingTrial& trial = {});
// The reading that `clear_open_for_writing` tries; words: path.
extern const Reading marked_file_reading;

}  // namespace apical
