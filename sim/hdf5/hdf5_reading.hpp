#pragma once

#include <H5Cpp.h>
#include <H5DSpublic.h>

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace apical {

// For the files that read HDF5 (sim/hdf5/dataset.cpp, sim/run_file/stored_*.cpp). Callers hold
// hdf5_mutex().

// A file that is being written, or that was when its run was killed, opens only as one that has a
// writer. Nothing when it is no HDF5 file, or damaged. Whatever else has the file open in this
// process, with any access properties, may have it open before, meanwhile and afterwards; what it
// has written and not flushed is not seen.
std::optional<H5::H5File> open_for_reading(const std::string& path);

// Paths of all datasets, without a slash in front: "state/hidden/rate".
std::vector<std::string> names_of_datasets(H5::H5File& file);

// A dataset whose numbers are in the file itself: what is elsewhere may be a pipe that is waited
// for, or missing, for which HDF5 makes up numbers. Throws H5::FileIException when there is none of
// this name, or it leads through a link to another file; H5::DataSetIException when its numbers
// are in others.
H5::DataSet open_own(const H5::H5File& file, const std::string& path);

// An attribute; empty when there is none, or none that is one text. Throws H5::Exception when it is
// of more than 64 MB: what Apical writes is far shorter, and a damaged file states any length.
std::string text_of(const H5::H5Object& object, const std::string& attribute);

// The texts of a dataset of one dimension, of a fixed length, filled up with zeros, or of any.
// Throws H5::Exception, also for texts of any length in a dataset of more than a million.
std::vector<std::string> texts_of(const H5::DataSet& set);

// Throws H5::DataSetIException when parts of a dataset were never written: HDF5 would hand out fill
// values as its numbers.
void require_written(const H5::DataSet& set);

std::vector<hsize_t> extent_of(const H5::DataSet& set);

// How many of its entries the file of this path has room for: a dataset states its size, and a
// damaged one any. A filter of HDF5 packs at most about a thousandfold. Throws H5::Exception.
std::uint64_t room_for(const H5::DataSet& set, const std::string& path);
// Whether the product of an extent's sizes is at most so large, a size of 0 taken for 1; also where
// it overflows.
bool is_at_most(std::uint64_t most, const std::vector<hsize_t>& extent);

// Entries [first, first + count) of each dimension.
void read_block(const H5::DataSet& set, const H5::DataType& type, const std::vector<hsize_t>& first,
                const std::vector<hsize_t>& count, void* to);

// All entries of a dataset of booleans as 0 and 1, as many as `numbers` has: h5py stores numpy's as
// an enumeration, and so does anyone of two members that are 0 and 1. Throws H5::Exception for
// other enumerations.
void read_booleans(const H5::DataSet& set, std::vector<double>& numbers);

}  // namespace apical
