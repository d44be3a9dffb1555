#include "sim/hdf5/hdf5_status.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <mutex>
#include <string_view>

#include "circuits/text/error.hpp"
#include "sim/hdf5/hdf5_lock.hpp"
#include "sim/hdf5/hdf5_reading.hpp"

namespace apical {

namespace {

// The beginning of an HDF5 file of the version that run files have; zeros of another file.
struct Superblock {
    std::uint8_t flags = 0;
    std::uint64_t end = 0;  // how many bytes the file says that it has

    explicit Superblock(const std::string& path) {
        constexpr std::string_view signature("\x89HDF\r\n\x1a\n\x03\x08\x08");
        constexpr std::size_t place_of_flags = 11, place_of_end = 28;
        char bytes[place_of_end + sizeof end] = {};
        std::ifstream(path, std::ios::binary).read(bytes, sizeof bytes);
        if (!std::string_view(bytes, sizeof bytes).starts_with(signature)) return;
        flags = static_cast<std::uint8_t>(bytes[place_of_flags]);
        std::memcpy(&end, bytes + place_of_end, sizeof end);
    }
    // Whether a program writes that no reader may follow.
    bool is_open_for_writing() const {
        constexpr unsigned writing = 1, followed = 4;
        return (flags & writing) && !(flags & followed);
    }
};

// Opens the file whatever its status says.
H5::H5File open_although_open(const std::string& path, unsigned how) {
    const H5::FileAccPropList access;
    H5Pset_file_locking(access.getId(), false, true);
    const hbool_t clear = true;
    H5Pset(access.getId(), "clear_status_flags", &clear);  // as h5clear does
    return {path, how, H5::FileCreatPropList::DEFAULT, access};
}

void read_although_open(const std::string& path) {
    H5::H5File file = open_although_open(path, H5F_ACC_RDONLY);
    names_of_datasets(file);
    file.close();
}

// Other programs lock what they write to by flock, as HDF5 does.
void check_not_open(const std::string& path) {
    const int descriptor = ::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    const bool is_open =
        descriptor >= 0 && flock(descriptor, LOCK_EX | LOCK_NB) != 0 && errno == EWOULDBLOCK;
    if (descriptor >= 0) close(descriptor);
    if (is_open)
        throw Error(ExitCode::cannot_create_output,
                    fmt::format("\"{}\" is open for writing in another program", path));
}

}  // namespace

std::string why_not_opened(const std::string& path) {
    std::error_code none;
    if (!std::filesystem::is_regular_file(path, none)) return "is no ordinary file";
    const std::uint64_t size = std::filesystem::file_size(path, none);
    if (!none && size == 0) return "is empty";
    const Superblock stated(path);
    if (!none && stated.end > size)
        return fmt::format("is cut off: it has {} bytes, and says that it has {}", size,
                           stated.end);
    if (stated.is_open_for_writing())
        return fmt::format(
            "is open for writing in another program, or was left so by one that was killed; then "
            "`h5clear -s {}` mends it (`recover()` a run file)",
            std::filesystem::path(path).filename().string());
    return fmt::format("is not an HDF5 file, or it is damaged; it has {} bytes", none ? 0 : size);
}

bool clear_open_for_writing(const std::string& path, const ReadingTrial& trial) {
    std::error_code unknown;
    if (!std::filesystem::is_regular_file(path, unknown)) return false;
    if (!Superblock(path).is_open_for_writing()) return false;
    check_not_open(path);
    try_reading(trial, marked_file_reading, {path}, {path, 0, 0});
    const std::lock_guard lock(hdf5_mutex());
    H5::Exception::dontPrint();
    try {
        read_although_open(path);
        open_although_open(path, H5F_ACC_RDWR).close();
    } catch (const H5::Exception& exception) {
        reject({path, 0, 0}, fmt::format("is damaged: {}", exception.getDetailMsg()));
    }
    return true;
}

const Reading marked_file_reading{"marked file",
                                  [](const std::vector<std::string>& words, const ReadingTrial&) {
                                      const std::lock_guard lock(hdf5_mutex());
                                      H5::Exception::dontPrint();
                                      read_although_open(words.at(0));
                                  }};

}  // namespace apical
