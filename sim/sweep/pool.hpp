#pragma once

#include <atomic>
#include <exception>
#include <mutex>
#include <new>
#include <thread>
#include <vector>

#include "sim/hdf5/hdf5_lock.hpp"
#include "sim/sweep/result_store.hpp"
#include "sim/sweep/run_job.hpp"

namespace apical {

// Threads that take jobs from a source (JobQueue, RemoteJobs), run each and store its result.
class Pool {
public:
    // `store(JobResult)` puts a result where it is kept. The others must outlive the pool.
    template <class Source, class Store>
    Pool(std::size_t threads, Source& source, const Sweep& sweep, const JobList& list, Store store)
        : working_(threads) {
        silence_hdf5();
        for (std::size_t k = 0; k < threads; ++k)
            threads_.emplace_back([&, store] { work(source, sweep, list, store); });
    }
    ~Pool();  // waits for the jobs that run
    Pool(const Pool&) = delete;
    Pool& operator=(const Pool&) = delete;

    bool is_done() const { return working_ == 0; }
    // Waits, and throws what kept a thread from storing its result.
    void join();

private:
    template <class Source, class Store>
    void work(Source& source, const Sweep& sweep, const JobList& list, const Store& store) {
        try {
            while (const std::optional<std::size_t> job = source.next())
                run_one(source, sweep, list, *job, store);
        } catch (...) {
            source.stop();
            keep_failure();
        }
        --working_;
    }
    // What is wrong with a job itself is its result or a failure that is only reported; what is
    // wrong with the disk ends the sweep.
    template <class Source, class Store>
    void run_one(Source& source, const Sweep& sweep, const JobList& list, std::size_t job,
                 const Store& store) {
        std::optional<JobResult> result;
        try {
            result = run_job(sweep, list, list.jobs[job], source.stopped());
        } catch (const Error& error) {
            if (is_of_disk(error)) throw;
            return source.report({job, true, error.what()});
        } catch (const std::bad_alloc&) {
            return source.report({job, true, "out of memory"});
        }
        if (!result) return;  // it was stopped
        const std::string failure = result->failure;
        store(std::move(*result));
        source.report({job, !failure.empty(), failure});
    }
    static bool is_of_disk(const Error& error);
    void keep_failure();  // the first, of the exception that is being handled

    std::atomic<std::size_t> working_;
    std::mutex mutex_;
    std::exception_ptr failure_;
    std::vector<std::thread> threads_;
};

}  // namespace apical
