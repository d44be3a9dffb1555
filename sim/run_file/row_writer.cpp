#include "sim/run_file/row_writer.hpp"

#include <algorithm>
#include <system_error>

namespace apical {

RowWriter::RowWriter(Writing writing, std::size_t most_windows) {
    opened_.reserve(most_windows);
    if (writing == Writing::within_run) return;
    try {
        thread_ = std::thread([this] { write_beside(); });
    } catch (const std::system_error&) {  // no thread is left: within the run, then
    }
}

RowWriter::~RowWriter() {
    if (!is_beside_run()) return;
    {
        const std::lock_guard lock(mutex_);
        ended_ = true;
    }
    changed_.notify_all();
    thread_.join();
}

void RowWriter::hand_over_opened_until(const RowBuffers& last) {
    const auto found = std::find(opened_.begin(), opened_.end(), &last);
    if (found != opened_.end()) hand_over(static_cast<std::size_t>(found - opened_.begin()) + 1);
}

void RowWriter::hand_over(std::size_t count) {
    const auto end = opened_.begin() + static_cast<std::ptrdiff_t>(count);
    for (auto rows = opened_.begin(); rows != end; ++rows) (*rows)->hand_over();
    opened_.erase(opened_.begin(), end);
}

std::uint64_t RowWriter::take(const RowBuffers::Rows& rows) {
    ++taken_;
    if (!is_beside_run()) {
        rows.of->write(rows);
        return taken_;
    }
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return queued_ - written_ < queue_.size(); });
    if (failure_) std::rethrow_exception(failure_);
    queue_[queued_++ % queue_.size()] = rows;
    lock.unlock();
    changed_.notify_all();
    return taken_;
}

void RowWriter::wait_for(std::uint64_t ticket) {
    if (!is_beside_run()) return;
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return failure_ || written_ >= ticket; });
    if (failure_) std::rethrow_exception(failure_);
}

void RowWriter::write_beside() {
    std::unique_lock lock(mutex_);
    for (;;) {
        changed_.wait(lock, [this] { return ended_ || written_ < queued_; });
        if (written_ == queued_) return;
        const RowBuffers::Rows rows = queue_[written_ % queue_.size()];
        const bool failed = failure_ != nullptr;
        lock.unlock();
        std::exception_ptr failure;
        try {
            if (!failed) rows.of->write(rows);
        } catch (...) {
            failure = std::current_exception();
        }
        lock.lock();
        if (failure) failure_ = failure;
        ++written_;
        changed_.notify_all();
    }
}

}  // namespace apical
