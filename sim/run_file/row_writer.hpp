#pragma once

#include <array>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <mutex>
#include <thread>
#include <vector>

#include "sim/run_file/recording.hpp"
#include "sim/run_file/row_buffers.hpp"

namespace apical {

// Writes the rows that all RowBuffers of a file gathered, in the order in which it takes them,
// which makes the same file whoever writes. A window that was opened earlier is written first, be
// it only the rows that it has: so the place of its chunks in the file does not depend on how often
// a run is flushed. The run takes a lock once a window. After its first failure the thread writes
// nothing any more.
class RowWriter {
public:
    RowWriter(Writing writing, std::size_t most_windows);
    // Writes what it took.
    ~RowWriter();
    RowWriter(const RowWriter&) = delete;
    RowWriter& operator=(const RowWriter&) = delete;

    bool is_beside_run() const { return thread_.joinable(); }

    // The first row of a window is finished.
    void opens_window(RowBuffers& rows) { opened_.push_back(&rows); }
    // Takes the rows of all windows that were opened and not taken since, in that order.
    void hand_over_opened() { hand_over(opened_.size()); }
    // Takes the rows of the opened windows up to that of `last`; none when that was taken already.
    void hand_over_opened_until(const RowBuffers& last);

    // These throw what writing threw, from its first failure on.
    // Writes the rows now, or later in the thread. Waits when the thread is far behind.
    std::uint64_t take(const RowBuffers::Rows& rows);
    // Waits until the rows for which `take` returned this are written.
    void wait_for(std::uint64_t ticket);
    // Waits until all is written.
    void wait() { wait_for(taken_); }

private:
    void hand_over(std::size_t count);
    void write_beside();

    std::vector<RowBuffers*> opened_;
    std::uint64_t taken_ = 0;

    // Members that both threads use, guarded by `mutex_`.
    std::mutex mutex_;
    std::condition_variable changed_;
    std::array<RowBuffers::Rows, 16> queue_{};
    std::uint64_t queued_ = 0, written_ = 0;
    bool ended_ = false;
    std::exception_ptr failure_;
    std::thread thread_;  // last: it uses all of the above
};

}  // namespace apical
