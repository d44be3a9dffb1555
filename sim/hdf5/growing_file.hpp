#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>

#include "sim/hdf5/new_dataset.hpp"

namespace apical {

// An HDF5 file that others may read while rows are appended (single writer, multiple readers), and
// that keeps every flushed row whatever ends the run. The same calls make the same bytes.
// After the first failed write the file stays as it is then: every later call throws the same
// error, and closing writes nothing.
class GrowingFile {
public:
    // Creates the file. It has another name until `publish`, so that what bears its own can be
    // read; only with `replace` that name may be taken. Chunks of at least half of `alignment`, in
    // bytes, begin at multiples of it. Until `start` returns errors are
    // Error{cannot_create_output}. A file that was not published is removed.
    GrowingFile(const std::string& path, bool replace, std::size_t alignment = 1);
    ~GrowingFile();

    // Sets an attribute of the root. After `start` it must exist and keep its type and size: a
    // number or a LateText.
    void set_attribute(const std::string& name, const AttributeValue& value);
    std::size_t add(const NewDataset& dataset);
    // Gives a dataset another name, a hard link.
    void link(const std::string& target, const std::string& path);
    // From here on nothing can be added, and rows can be written and read.
    void start();
    // Renames the file to its own name. After `close` it first syncs what was written to the disk.
    // Throws Error{input_output_error}, Error{usage} when it has its name already.
    void publish();

    // `data` holds `rows` rows of the dataset's type. Whole chunks are written fastest. Readers see
    // the rows after the next `flush`. Both throw Error{input_output_error}, Error{usage} after
    // `close`.
    void write(std::size_t dataset, std::uint64_t first_row, std::uint64_t rows, const void* data);
    void flush(std::size_t dataset);
    // Returns when what was written is on the disk. Throws Error{input_output_error}.
    void sync();
    // Throws Error{input_output_error}, also when a write failed before.
    void close();

private:
    struct Implementation;
    std::unique_ptr<Implementation> implementation_;
};

}  // namespace apical
