#include "sim/system/disk_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

// A write lock on the whole file. It belongs to the open file, not to the process, and no lock of
// HDF5 or h5py (flock) knows of it.
struct flock lock_of_writer() {
    struct flock lock = {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    return lock;
}

}  // namespace

bool sync_descriptor(int descriptor) {
    for (;;) {
        if (fsync(descriptor) == 0) return true;
        if (errno != EINTR) return false;
    }
}

void sync_file(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const bool synced = descriptor >= 0 && sync_descriptor(descriptor);
    const int failure = errno;
    if (descriptor >= 0) ::close(descriptor);
    if (!synced)
        throw Error(ExitCode::input_output_error,
                    fmt::format("cannot write \"{}\": {}", path, std::strerror(failure)));
}

bool is_being_written(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0) return false;
    struct flock lock = lock_of_writer();
    const bool known = fcntl(descriptor, F_OFD_GETLK, &lock) == 0;
    ::close(descriptor);
    return known && lock.l_type != F_UNLCK;
}

WritersLock::WritersLock(const std::string& path)
    : descriptor_(::open(path.c_str(), O_RDWR | O_CLOEXEC | O_NONBLOCK)),
      failure_(descriptor_ < 0 ? errno : 0) {
    struct flock lock = lock_of_writer();
    held_ = descriptor_ >= 0 && (fcntl(descriptor_, F_OFD_SETLK, &lock) == 0 || errno == ENOLCK);
}

WritersLock::~WritersLock() {
    if (descriptor_ >= 0) ::close(descriptor_);
}

bool DiskFile::create(const char* path) {
    constexpr mode_t readable_and_writable = 0666;
    descriptor_ = ::open(path, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, readable_and_writable);
    was_created_ = descriptor_ >= 0;
    if (!was_created_) {
        failure_ = errno;
        return false;
    }
    struct flock lock = lock_of_writer();
    fcntl(descriptor_, F_OFD_SETLK, &lock);  // for readers alone: without it the file is as good
    return true;
}

bool DiskFile::read(std::uint64_t from, std::size_t size, void* to) {
    auto* bytes = static_cast<char*>(to);
    notice_cut();
    while (size > 0 && !failure_) {
        const ssize_t got = pread(descriptor_, bytes, size, static_cast<off_t>(from));
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) return false;
        if (got == 0) break;
        bytes += got;
        from += static_cast<std::uint64_t>(got);
        size -= static_cast<std::size_t>(got);
    }
    std::memset(bytes, 0, size);
    return !failure_;
}

// Bytes that another program cut off would be zeros when more is written behind them.
void DiskFile::notice_cut() {
    struct stat now = {};
    if (fstat(descriptor_, &now) == 0 && static_cast<std::uint64_t>(now.st_size) < size_)
        refuse_changed();
}

void DiskFile::refuse_changed() {
    if (failure_) return;
    failure_ = EIO;
    was_changed_ = true;
}

void DiskFile::write(std::uint64_t to, std::size_t size, const void* from) {
    const auto* bytes = static_cast<const char*>(from);
    notice_cut();
    while (size > 0 && !failure_) {
        const ssize_t taken = pwrite(descriptor_, bytes, size, static_cast<off_t>(to));
        if (taken < 0 && errno == EINTR) continue;
        if (taken < 0) {
            failure_ = errno;
            return;
        }
        bytes += taken;
        to += static_cast<std::uint64_t>(taken);
        size -= static_cast<std::size_t>(taken);
        size_ = std::max(size_, to);
    }
}

void DiskFile::resize(std::uint64_t size) {
    if (size == size_ || failure_) return;
    while (!failure_ && ftruncate(descriptor_, static_cast<off_t>(size)) != 0) {
        if (errno != EINTR) failure_ = errno;
    }
    if (!failure_) size_ = size;
}

void DiskFile::sync() {
    while (!failure_ && fdatasync(descriptor_) != 0) {
        if (errno == EINVAL || errno == ENOSYS) return;  // of a file system that cannot
        if (errno != EINTR) failure_ = errno;
    }
}

void DiskFile::close() {
    if (descriptor_ < 0) return;
    // A network file system may say only here that the disk is full.
    if (::close(descriptor_) != 0 && !failure_) failure_ = errno;
    descriptor_ = -1;
}

std::string DiskFile::reason() const {
    return was_changed_ ? "another program wrote to it, or cut it off" : std::strerror(failure_);
}

}  // namespace apical
