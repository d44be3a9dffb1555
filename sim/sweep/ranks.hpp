#pragma once

#include <atomic>
#include <cstddef>
#include <mutex>
#include <optional>

#include "sim/sweep/job_queue.hpp"

namespace apical {

// The processes that `mpirun` started together. Rank 0 hands out jobs to the others (MPI 3.1, by
// messages of one job each); none of them shares a file with another. A single process when the
// program was built without MPI, or as long as nobody has begun it: MPI is the caller's to begin,
// with MPI_THREAD_SERIALIZED at least and before this is made, and to end, after this is gone
// (sim/command_line/mpi_session.hpp does so).
class Ranks {
public:
    Ranks();
    Ranks(const Ranks&) = delete;
    Ranks& operator=(const Ranks&) = delete;

    int rank() const { return rank_; }
    int size() const { return size_; }

    // Answers what the others ask; rank 0 calls it from its main thread, often, until
    // `all_left`.
    void serve(JobQueue& queue);
    bool all_left() const { return left_ == size_ - 1; }
    // Tells rank 0 that this rank, another, has nothing more to say.
    void leave();
    // Waits until this rank, which cannot go on, is to say why. Rank 0 does so at once and the
    // others later, so that only one says what several find wrong.
    void wait_to_complain() const;

private:
    int rank_ = 0, size_ = 1, left_ = 0;
};

// Jobs from rank 0, for a rank that is another. Several threads may call it; they take turns.
class RemoteJobs {
public:
    std::optional<std::size_t> next();
    void report(const JobReport& report);
    void stop() { stopped_ = true; }
    const std::atomic<bool>& stopped() const { return stopped_; }

private:
    std::mutex mutex_;
    std::atomic<bool> stopped_ = false;
    bool is_over_ = false;  // rank 0 has no job left
};

// Whether the program was built with MPI.
bool has_mpi();

}  // namespace apical
