#include "sim/row_buffers.hpp"

#include <algorithm>

namespace apical {

std::size_t RowBuffers::add(std::size_t dataset, std::size_t row_bytes, std::size_t rows_of_chunk) {
    buffers_.push_back(
        {dataset, row_bytes, rows_of_chunk, std::vector<std::byte>(window_ * row_bytes)});
    return buffers_.size() - 1;
}

std::byte* RowBuffers::row(std::size_t number) {
    Buffer& buffer = buffers_[number];
    return buffer.rows.data() + finished_ * buffer.row_bytes;
}

bool RowBuffers::begins_chunk() const {
    return std::any_of(buffers_.begin(), buffers_.end(), [this](const Buffer& buffer) {
        return window_begin_ % buffer.rows_of_chunk == 0;
    });
}

void RowBuffers::finish_row() {
    ++finished_;
    if (finished_ == window_ || (finished_ == 1 && begins_chunk())) write();
}

void RowBuffers::write() {
    if (written_ == finished_) return;
    for (const std::size_t dataset : written_elsewhere_) file_.flush(dataset);
    for (const Buffer& buffer : buffers_) {
        file_.write(buffer.dataset, window_begin_ + written_, finished_ - written_,
                    buffer.rows.data() + written_ * buffer.row_bytes);
        file_.flush(buffer.dataset);
    }
    written_ = finished_;
    if (finished_ < window_) return;
    window_begin_ += window_;
    finished_ = written_ = 0;
}

}  // namespace apical
