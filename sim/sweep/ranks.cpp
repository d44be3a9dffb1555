#include "sim/sweep/ranks.hpp"

#include <chrono>
#include <mutex>
#include <thread>

#ifdef APICAL_MPI
#include <mpi.h>
#endif

namespace apical {

#ifdef APICAL_MPI

namespace {

// The messages of a rank to rank 0, and the answer.
enum Tag : int { ask_tag = 1, report_tag = 2, leave_tag = 3, job_tag = 4 };
constexpr long long no_job = -1;

void send_number(long long number, int to, int tag) {
    MPI_Send(&number, 1, MPI_LONG_LONG, to, tag, MPI_COMM_WORLD);
}

long long receive_number(int from, int tag) {
    long long number = 0;
    MPI_Recv(&number, 1, MPI_LONG_LONG, from, tag, MPI_COMM_WORLD, MPI_STATUS_IGNORE);
    return number;
}

bool has_message(int from, int tag, MPI_Status& status) {
    int there = 0;
    MPI_Iprobe(from, tag, MPI_COMM_WORLD, &there, &status);
    return there != 0;
}

// A report is text: the job's number, '+' or '-', and the message.
std::string text_of_report(const JobReport& report) {
    return std::to_string(report.job) + (report.failed ? '-' : '+') + report.message;
}

JobReport report_of(const std::string& text) {
    std::size_t end = 0;
    const auto job = std::stoull(text, &end);
    return {job, text[end] == '-', text.substr(end + 1)};
}

}  // namespace

// Threads call MPI in turn, under `mutex_`, as MPI_THREAD_SERIALIZED demands.
std::optional<std::size_t> RemoteJobs::next() {
    const std::lock_guard lock(mutex_);
    if (is_over_ || stopped_) return std::nullopt;
    send_number(0, 0, ask_tag);
    const long long job = receive_number(0, job_tag);
    is_over_ = job == no_job;
    return is_over_ ? std::nullopt : std::optional(static_cast<std::size_t>(job));
}

void RemoteJobs::report(const JobReport& report) {
    const std::lock_guard lock(mutex_);
    const std::string text = text_of_report(report);
    MPI_Send(text.data(), static_cast<int>(text.size()), MPI_CHAR, 0, report_tag, MPI_COMM_WORLD);
}

bool has_mpi() { return true; }

Ranks::Ranks() {
    int is_begun = 0, is_ended = 0;
    MPI_Initialized(&is_begun);
    MPI_Finalized(&is_ended);
    if (!is_begun || is_ended) return;
    MPI_Comm_rank(MPI_COMM_WORLD, &rank_);
    MPI_Comm_size(MPI_COMM_WORLD, &size_);
}

void Ranks::serve(JobQueue& queue) {
    MPI_Status status;
    while (size_ > 1 && has_message(MPI_ANY_SOURCE, report_tag, status)) {
        int size = 0;
        MPI_Get_count(&status, MPI_CHAR, &size);
        std::string text(static_cast<std::size_t>(size), '\0');
        MPI_Recv(text.data(), size, MPI_CHAR, status.MPI_SOURCE, report_tag, MPI_COMM_WORLD,
                 MPI_STATUS_IGNORE);
        queue.report(report_of(text));
    }
    while (size_ > 1 && has_message(MPI_ANY_SOURCE, ask_tag, status)) {
        receive_number(status.MPI_SOURCE, ask_tag);
        const std::optional<std::size_t> job = queue.next();
        send_number(job ? static_cast<long long>(*job) : no_job, status.MPI_SOURCE, job_tag);
    }
    while (size_ > 1 && has_message(MPI_ANY_SOURCE, leave_tag, status)) {
        receive_number(status.MPI_SOURCE, leave_tag);
        ++left_;
    }
}

void Ranks::leave() { send_number(0, 0, leave_tag); }

void Ranks::wait_to_complain() const {
    if (rank_ > 0) std::this_thread::sleep_for(std::chrono::seconds(2));
}

#else

bool has_mpi() { return false; }
Ranks::Ranks() = default;
void Ranks::serve(JobQueue&) {}
std::optional<std::size_t> RemoteJobs::next() { return std::nullopt; }
void RemoteJobs::report(const JobReport&) {}
void Ranks::leave() {}
void Ranks::wait_to_complain() const {}

#endif

}  // namespace apical
