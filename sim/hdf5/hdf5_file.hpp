#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "circuits/text/error.hpp"
#include "sim/system/reading_trial.hpp"

namespace apical {

// A dataset read whole, as doubles in row-major order.
struct DataSet {
    std::vector<std::size_t> shape;
    std::vector<double> numbers;
};

// Throws Error{no_such_input} when the file is missing, Error{bad_model} naming `where` when it is
// not HDF5, has no such dataset (the nearest name is offered), or when the dataset is not of real
// or whole numbers, has more than 2^31 entries, or when parts of it were never written. The file is
// tried first as `trial` does.
DataSet read_dataset(const std::string& path, const std::string& dataset, const Where& where,
                     const ReadingTrial& trial = {});

// Throws Error{bad_model} at `where` when an entry is infinite or not a number, naming its row.
void require_finite(const DataSet& data, const std::string& path, const std::string& dataset,
                    const Where& where);

// One row of a dataset of events. Texts fill up with zeros; a model whose names are longer is
// refused (sim/model/model.cpp).
struct EventRow {
    double time_ms;
    char kind[16];
    char target[48];
};

// A text that is set after `RunFile::start`, which takes only what needs no other room than before.
// Fills up with zeros.
using LateText = std::array<char, 2048>;

using AttributeValue = std::variant<std::int64_t, double, std::string, LateText>;
using Attributes = std::vector<std::pair<std::string, AttributeValue>>;

// A dataset of a run file before it is made: rows of one shape, of which there are none yet.
struct NewDataset {
    // double, int64, `text_bytes` characters that fill up with zeros, EventRow
    enum class Type : std::uint8_t { real, integer, text, event };

    std::string path;  // "/state/hidden/rate"; groups on the way are made
    Type type = Type::real;
    std::size_t text_bytes = 0;
    std::vector<std::size_t> row;     // shape of one row; empty for one number
    std::vector<std::size_t> chunk;   // rows, then the block of a row that is stored together
    std::vector<std::string> labels;  // of the dimensions, the rows' first
    std::vector<std::string> scales;  // paths of dimension scales, one a label, empty for none
    std::string scale_name;           // given to a dataset that is a dimension scale itself
    Attributes attributes;
};

// An HDF5 file that others may read while rows are appended (single writer, multiple readers), and
// that keeps every flushed row whatever ends the run. The same calls make the same bytes.
// After the first failed write the file stays as it is then: every later call throws the same
// error, and closing writes nothing.
class RunFile {
public:
    // Creates the file. It has another name until `take_name`, so that what bears its own can be
    // read; only with `replace` that name may be taken. Chunks of at least half of `alignment`, in
    // bytes, begin at multiples of it. Until `start` returns errors are
    // Error{cannot_create_output}. A file that took no name is removed.
    RunFile(const std::string& path, bool replace, std::size_t alignment = 1);
    ~RunFile();

    // Sets an attribute of the root. After `start` it must exist and keep its type and size: a
    // number or a LateText.
    void set_attribute(const std::string& name, const AttributeValue& value);
    std::size_t add(const NewDataset& dataset);
    // From here on nothing can be added, and rows can be written and read.
    void start();
    // Renames the file to its own name. After `close` it first syncs what was written to the disk.
    // Throws Error{input_output_error}.
    void take_name();

    // `data` holds `rows` rows of the dataset's type. Whole chunks are written fastest. Readers see
    // the rows after the next `flush`. Both throw Error{input_output_error}.
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
