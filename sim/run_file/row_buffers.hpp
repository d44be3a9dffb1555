#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "sim/hdf5/growing_file.hpp"

namespace apical {

class RowWriter;

// Rows of the datasets of one axis, gathered in memory, a window of them at a time, and written
// together. When a thread writes beside the run there is memory for two windows: one is written
// while the other is filled. All memory is allocated by `add`.
class RowBuffers {
public:
    // Gathers `window` rows. File and writer must outlive this.
    RowBuffers(GrowingFile& file, RowWriter& writer, std::size_t window);

    // Adds a dataset whose rows, of `row_bytes` bytes each, are gathered; `dataset` is its number
    // in the file. Returns its number here. Datasets are flushed in the order in which they were
    // added: a reader who finds a row in a later one finds it in the earlier ones.
    std::size_t add(std::size_t dataset, std::size_t row_bytes);
    // Adds a dataset that others write; it is flushed before the rest.
    void add_written(std::size_t dataset) { written_elsewhere_.push_back(dataset); }

    // The memory of a dataset's unfinished row, `row_bytes` bytes. It holds zeros at first, and an
    // earlier row later.
    std::byte* row(std::size_t number) {
        Buffer& buffer = buffers_[number];
        return buffer.rows.data() + (memory_ * window_ + finished_) * buffer.row_bytes;
    }
    // The number of rows finished so far; so the unfinished row's index in the file, from 0.
    std::uint64_t rows() const { return window_begin_ + finished_; }
    // Ends the row. A full window goes to the writer, and the next one begins as soon as there is
    // memory for it. Throws what writing threw (Error{input_output_error}).
    void finish_row();

    // Gives the writer the finished rows that it was not given yet.
    void hand_over();
    // Makes what was written readable. The writer must be idle. Throws Error{input_output_error}.
    void flush();

    // Some rows of a window, for the writer.
    struct Rows {
        const RowBuffers* of;
        std::size_t memory;          // which one
        std::uint64_t window_begin;  // row of the file
        std::size_t first, end;      // in the window
    };
    // Writes rows to the file, in the writer's thread if there is one: it reads nothing that the
    // run changes meanwhile. Throws Error{input_output_error}.
    void write(const Rows& rows) const;

private:
    struct Buffer {
        std::size_t dataset, row_bytes;
        std::vector<std::byte> rows;  // of all memories
    };
    void flush_datasets() const;

    GrowingFile& file_;
    RowWriter& writer_;
    std::size_t window_;
    std::size_t memories_;  // for so many windows
    std::vector<Buffer> buffers_;
    std::vector<std::size_t> written_elsewhere_;
    std::uint64_t window_begin_ = 0;
    std::size_t memory_ = 0;                 // which one is filled
    std::size_t finished_ = 0;               // rows of the window
    std::size_t handed_ = 0;                 // of these
    std::array<std::uint64_t, 2> ticket_{};  // of the last rows handed over, by memory
    std::uint64_t flushed_rows_ = 0;
};

}  // namespace apical
