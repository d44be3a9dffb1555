#include "sim/run_file/row_buffers.hpp"

#include "sim/run_file/row_writer.hpp"

namespace apical {

namespace {

// Rows that are not flushed may be lost, and take memory of HDF5: some bytes for each chunk.
constexpr std::uint64_t windows_between_flushes = 64;

}  // namespace

RowBuffers::RowBuffers(GrowingFile& file, RowWriter& writer, std::size_t window)
    : file_(file),
      writer_(writer),
      window_(window),
      memories_(writer.is_beside_run() ? ticket_.size() : 1) {}

std::size_t RowBuffers::add(std::size_t dataset, std::size_t row_bytes) {
    buffers_.push_back(
        {dataset, row_bytes, std::vector<std::byte>(memories_ * window_ * row_bytes)});
    return buffers_.size() - 1;
}

void RowBuffers::finish_row() {
    if (finished_++ == 0) writer_.opens_window(*this);
    if (finished_ < window_) return;
    writer_.hand_over_opened_until(*this);
    hand_over();
    window_begin_ += window_;
    finished_ = handed_ = 0;
    memory_ = (memory_ + 1) % memories_;
    writer_.wait_for(ticket_[memory_]);
}

void RowBuffers::hand_over() {
    if (handed_ == finished_) return;
    ticket_[memory_] = writer_.take({this, memory_, window_begin_, handed_, finished_});
    handed_ = finished_;
}

void RowBuffers::flush() {
    if (flushed_rows_ == rows()) return;
    flush_datasets();
    flushed_rows_ = rows();
}

void RowBuffers::flush_datasets() const {
    for (const std::size_t dataset : written_elsewhere_) file_.flush(dataset);
    for (const Buffer& buffer : buffers_) file_.flush(buffer.dataset);
}

void RowBuffers::write(const Rows& rows) const {
    for (const Buffer& buffer : buffers_) {
        file_.write(buffer.dataset, rows.window_begin + rows.first, rows.end - rows.first,
                    buffer.rows.data() + (rows.memory * window_ + rows.first) * buffer.row_bytes);
    }
    const bool full = rows.end == window_;
    if (full && rows.window_begin / window_ % windows_between_flushes == 0) flush_datasets();
}

}  // namespace apical
