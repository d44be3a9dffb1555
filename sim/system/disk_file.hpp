#pragma once

#include <cstddef>
#include <cstdint>
#include <string>

namespace apical {

// A file that stays as it is after its first failed write, or when another program has cut it off:
// from then on it takes nothing any more.
// Writing reports no failure, so that a library in the middle of many writes finishes without
// making things worse; whoever owns the file asks for `failure`.
class DiskFile {
public:
    DiskFile() = default;
    ~DiskFile() { close(); }
    DiskFile(const DiskFile&) = delete;
    DiskFile& operator=(const DiskFile&) = delete;

    // Fails when the file exists. While it is open, is_being_written(path) holds.
    bool create(const char* path);
    // Zeros beyond the end.
    bool read(std::uint64_t from, std::size_t size, void* to);
    void write(std::uint64_t to, std::size_t size, const void* from);
    void resize(std::uint64_t size);
    // Returns when what was written is on the disk.
    void sync();
    void close();
    // Whoever reads back what it never wrote calls this: another program did.
    void refuse_changed();

    bool was_created() const { return was_created_; }
    std::uint64_t size() const { return size_; }
    int failure() const { return failure_; }  // errno of the first call that failed, or 0
    std::string reason() const;               // "No space left on device"

private:
    void notice_cut();

    int descriptor_ = -1;
    bool was_created_ = false, was_changed_ = false;
    int failure_ = 0;
    std::uint64_t size_ = 0;
};

// fsync, again when a signal interrupts it. False, with errno, when it fails.
bool sync_descriptor(int descriptor);

// Returns when what a file has is on the disk. Throws Error{input_output_error}.
void sync_file(const std::string& path);

// Whether a DiskFile of this path is open, in any process. False for one of another machine on a
// network file system that has no locks.
bool is_being_written(const std::string& path);

// While it lives, is_being_written(path) holds.
class WritersLock {
public:
    explicit WritersLock(const std::string& path);
    ~WritersLock();
    WritersLock(const WritersLock&) = delete;
    WritersLock& operator=(const WritersLock&) = delete;

    // False when another has it, or the file cannot be opened for writing.
    bool is_held() const { return held_; }
    int failure() const { return failure_; }  // errno when it could not be opened, or 0

private:
    int descriptor_, failure_;
    bool held_;
};

}  // namespace apical
