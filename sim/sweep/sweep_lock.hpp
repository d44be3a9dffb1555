#pragma once

#include <cstddef>
#include <optional>
#include <string>

namespace apical {

// One of several processes that share a sweep's jobs without knowing of each other: the jobs whose
// number leaves `index` - 1 when it is divided by `count`.
struct Shard {
    std::size_t index = 1, count = 1;
};

// While it lives, no other process runs the same sweep, or the same shard of it, into the same
// result: two would do each job twice, write the same run files and delete each other's parts. The
// lock is one of the file "lock" in the folder of parts (fcntl, F_OFD_SETLK), which goes with the
// process however that ends; a network file system without locks has none.
class SweepLock {
public:
    // `parts` is a folder that exists. Throws Error{cannot_create_output} when another process has
    // it; `output` names the result.
    SweepLock(const std::string& parts, const std::string& output,
              const std::optional<Shard>& shard);
    // Removes the file when nobody else is at work, and the folder when nothing is in it.
    ~SweepLock();
    SweepLock(const SweepLock&) = delete;
    SweepLock& operator=(const SweepLock&) = delete;

private:
    std::string parts_, path_;
    int descriptor_ = -1;
};

}  // namespace apical
