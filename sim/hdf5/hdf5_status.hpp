#pragma once

#include <string>

#include "sim/system/reading_trial.hpp"

namespace apical {

// What an HDF5 file says of itself that keeps HDF5 from opening it.

// Why it did not open: "is ...".
std::string why_not_opened(const std::string& path);

// A file that another program opened for writing says so until that closes it; HDF5 opens none that
// says so. What h5clear does: the file says so no more. False when it did not say so. Throws
// Error{cannot_create_output} while another program has it open, Error{bad_model} when it is
// damaged.
bool clear_open_for_writing(const std::string& path, const ReadingTrial& trial = {});
// That of a file which says so; words: path.
extern const Reading marked_file_reading;

}  // namespace apical
