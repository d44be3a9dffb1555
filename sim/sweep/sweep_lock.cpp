#include "sim/sweep/sweep_lock.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <filesystem>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

// A byte for each shard, by its index; a whole sweep has all of them.
struct flock lock_of(const std::optional<Shard>& shard) {
    struct flock lock {};
    lock.l_type = F_WRLCK;
    lock.l_whence = SEEK_SET;
    lock.l_start = shard ? static_cast<off_t>(shard->index) : 0;
    lock.l_len = shard ? 1 : 0;  // 0: to the end, wherever that is
    return lock;
}

bool take(int descriptor, const std::optional<Shard>& shard) {
    struct flock lock = lock_of(shard);
    return fcntl(descriptor, F_OFD_SETLK, &lock) == 0 || (errno != EAGAIN && errno != EACCES);
}

// Whether the file that is open is still the one of this name.
bool is_of(int descriptor, const std::string& path) {
    struct stat open {
    }, named{};
    return fstat(descriptor, &open) == 0 && stat(path.c_str(), &named) == 0 &&
           open.st_ino == named.st_ino && open.st_dev == named.st_dev;
}

}  // namespace

SweepLock::SweepLock(const std::string& parts, const std::string& output,
                     const std::optional<Shard>& shard)
    : parts_(parts), path_((std::filesystem::path(parts) / "lock").string()) {
    constexpr mode_t readable_and_writable = 0666;
    do {
        if (descriptor_ >= 0) close(descriptor_);
        descriptor_ = open(path_.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, readable_and_writable);
        if (descriptor_ < 0) return;  // whoever writes parts there says why it cannot
        if (take(descriptor_, shard)) continue;
        close(descriptor_);
        throw Error(ExitCode::cannot_create_output,
                    fmt::format("\"{}\": another `SweepRun` is at work on {}; expected it to "
                                "end first, or another `output`",
                                output, shard ? "this shard, or all" : "it"));
    } while (!is_of(descriptor_, path_));  // who had it before has removed it
}

SweepLock::~SweepLock() {
    if (descriptor_ < 0) return;
    if (take(descriptor_, std::nullopt)) {
        std::error_code none;
        std::filesystem::remove(path_, none);
        std::filesystem::remove(parts_, none);
    }
    close(descriptor_);
}

}  // namespace apical
