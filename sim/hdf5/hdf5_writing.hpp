#pragma once

#include <H5Cpp.h>

#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "sim/hdf5/new_dataset.hpp"

namespace apical {

// For the files that write HDF5 (sim/hdf5/growing_file.cpp, disk_driver.cpp,
// sim/show/export/sonata_file.cpp). Callers hold hdf5_mutex(). All throw H5::Exception. The same
// calls make the same bytes.

// Returns the status of a call of the C interface. Throws H5::LibraryIException when it failed.
template <class Status>
Status check_call(Status status, const char* call) {
    if (status < 0) throw H5::LibraryIException(call, "failed");
    return status;
}

// A creation property list whose objects store no times of day, which would make the same run a
// different file.
template <class List>
List without_times(List list) {
    check_call(H5Pset_obj_track_times(list.getId(), false), "H5Pset_obj_track_times");
    return list;
}

// Makes the groups on a path, all but what follows its last '/'. Groups that are there stay.
void make_groups(const H5::H5File& file, const std::string& path);

// {first, others...}: the rows, then the shape of one row.
std::vector<hsize_t> dimensions(hsize_t first, const std::vector<std::size_t>& others);
int rank_of(const std::vector<hsize_t>& dimensions);

// The type of the dataset's entries, in the file and in memory.
H5::DataType type_of(const NewDataset& dataset);

// Makes the attribute unless the object has it, and writes its value.
void set_attribute_of(H5::H5Object& object, const std::string& name, const AttributeValue& value);

// Makes the dataset, without rows, and the groups on its path; sets its attributes and the labels
// of its dimensions, and makes it a dimension scale when it has the name of one.
H5::DataSet make_dataset(const H5::H5File& file, const NewDataset& dataset);

// Which dimensions of which datasets each dimension scale of a file belongs to.
class DimensionScales {
public:
    // Lets the dimensions of a dataset of the file refer to their scales, which must exist.
    void attach(const H5::H5File& file, H5::DataSet& set, const NewDataset& dataset);
    // Lets the scales refer to all that were attached. Call once, after the last `attach`.
    void list_in(const H5::H5File& file) const;

private:
    // A dimension of a dataset, as a dimension scale lists it. The gap between the two, zero when
    // it is made with `{}`, goes into the file as well.
    struct Scaled {
        hobj_ref_t dataset;
        int dimension;
    };
    std::map<std::string, std::vector<Scaled>> of_scale_;  // by the scale's path
};

}  // namespace apical
