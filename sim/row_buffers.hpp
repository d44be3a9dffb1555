#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/hdf5_file.hpp"

namespace apical {

// Rows of the datasets of one axis, gathered in memory and written and flushed together. All
// memory is allocated by `add`.
class RowBuffers {
public:
    // Gathers up to `window` rows. The file must outlive this.
    RowBuffers(RunFile& file, std::size_t window) : file_(file), window_(window) {}

    // A dataset whose rows are gathered. Readers find rows in the datasets added first when they
    // find them in those added last. Returns the dataset's number here.
    std::size_t add(std::size_t dataset, std::size_t row_bytes, std::size_t rows_of_chunk);
    // A dataset that others write; it is flushed with the rest.
    void add_written(std::size_t dataset) { written_elsewhere_.push_back(dataset); }

    // Where the unfinished row of a dataset belongs; zero in the beginning, later an earlier row.
    std::byte* row(std::size_t number);
    // Rows finished so far, which is also the unfinished row's number in the file.
    std::uint64_t rows() const { return window_begin_ + finished_; }
    // The row is whole. Writes and flushes when memory is full, and also the first row of a chunk,
    // so that the order of the chunks in the file is the same however often `write` is called.
    void finish_row();
    // Writes and flushes the finished rows.
    void write();

private:
    struct Buffer {
        std::size_t dataset, row_bytes, rows_of_chunk;
        std::vector<std::byte> rows;
    };
    bool begins_chunk() const;

    RunFile& file_;
    std::size_t window_;
    std::vector<Buffer> buffers_;
    std::vector<std::size_t> written_elsewhere_;
    std::uint64_t window_begin_ = 0;
    std::size_t finished_ = 0;  // rows of the window
    std::size_t written_ = 0;   // of these
};

}  // namespace apical
