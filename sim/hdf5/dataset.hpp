#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "circuits/text/error.hpp"
#include "sim/system/reading_trial.hpp"

namespace apical {

// A dataset read whole, as doubles in row-major order: as many numbers as the product of `shape`,
// which is empty for a single number.
struct DataSet {
    std::vector<std::size_t> shape;
    std::vector<double> numbers;
};

// Reads `dataset` ("net/W_rec") of the HDF5 file `path`; locks HDF5 by itself. Throws
// Error{no_such_input} when the file is missing, Error{bad_model} naming `where` when it is not
// HDF5, has no such dataset (the nearest name is offered), or when the dataset is not of real or
// whole numbers or booleans, has more than 2^31 entries, or when parts of it were never written.
// The file is tried first as `trial` does.
DataSet read_dataset(const std::string& path, const std::string& dataset, const Where& where,
                     const ReadingTrial& trial = {});

// The path of the dimension scale of a dataset's rows, as "/axes/endpoints/step" of what a run has
// recorded; empty of one without. Throws as `read_dataset`.
std::string scale_of_rows(const std::string& path, const std::string& dataset, const Where& where);

// The reading that `read_dataset` tries; words: path, dataset.
extern const Reading dataset_reading;

// Throws Error{bad_model} at `where` when an entry is infinite or not a number, naming its row.
// `path` and `dataset` are for the sentence.
void require_finite(const DataSet& data, const std::string& path, const std::string& dataset,
                    const Where& where);

// Hash of a dataset's shape and numbers, in order. Every bit of a number reaches every bit of the
// hash, so that two datasets of equal fingerprints are equal, but for 1 in 2^64.
std::uint64_t fingerprint_of(const DataSet& data);
std::uint64_t fingerprint_of(std::span<const std::uint8_t> bytes);  // the same of bytes

}  // namespace apical
