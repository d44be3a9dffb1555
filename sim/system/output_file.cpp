#include "sim/system/output_file.hpp"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cctype>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <functional>
#include <regex>
#include <thread>
#include <vector>

#include "sim/system/output_path.hpp"

namespace apical {

namespace {

namespace fs = std::filesystem;

[[noreturn]] void cannot_write(ExitCode code, const std::string& path, int reason) {
    throw Error(code, fmt::format("cannot write \"{}\": {}", path, std::strerror(reason)));
}

// Letters, digits and "_" of the machine's name, which tells its processes from those of another
// one on a shared disk.
std::string host_name() {
    constexpr std::size_t enough = 32;
    char host[256] = "";
    gethostname(host, sizeof(host) - 1);
    std::string name(host);
    for (char& c : name)
        if (!std::isalnum(static_cast<unsigned char>(c))) c = '_';
    return name.substr(0, enough);
}

// A name that has at most 255 bytes with its ending; the hash of what is cut off remains.
std::string beginning_of(const std::string& name) {
    constexpr std::size_t most = 160;
    if (name.size() <= most) return name;
    return fmt::format("{}~{:016x}", name.substr(0, most), std::hash<std::string>()(name));
}

struct Maker {
    std::string host;
    pid_t process = 0;
};

// The maker of the file of this name; of process 0 when it is no unfinished name.
Maker maker_of(const std::string& name) {
    static const std::regex ours(R"(.*\.apical-(\w+)-(\d{1,9})\.new)");
    std::smatch parts;
    if (!name.ends_with(".new")) return {};  // cheaper, for large folders
    if (!std::regex_match(name, parts, ours)) return {};
    return {parts[1], std::stoi(parts[2])};
}

// A file system without locks does not say who writes a file. The system knows whether a
// process of this machine lives; a file of another machine is given up when nobody has touched it
// for a day.
bool is_given_up(const fs::path& path) {
    const Maker maker = maker_of(path.filename().string());
    if (maker.process == 0 || is_being_written(path.string())) return false;
    if (maker.host == host_name()) return kill(maker.process, 0) != 0 && errno == ESRCH;
    std::error_code unknown;
    const auto touched = fs::last_write_time(path, unknown);
    return !unknown && fs::file_time_type::clock::now() - touched > std::chrono::hours(24);
}

fs::path folder_of(const std::string& path) {
    const fs::path folder = fs::path(path).parent_path();
    return folder.empty() ? "." : folder;
}

// A name that a file has taken is on the disk when its folder is. Some file systems cannot sync
// one, and need not.
void sync_folder_of(const std::string& path) {
    const int descriptor = ::open(folder_of(path).c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (descriptor < 0) return;
    const bool failed = !sync_descriptor(descriptor) && errno == EIO;
    close(descriptor);
    if (failed) cannot_write(ExitCode::input_output_error, path, EIO);
}

}  // namespace

std::string unfinished_name(const std::string& path) {
    const fs::path whole(path);
    const std::string name = fmt::format(
        "{}.apical-{}-{}.new", beginning_of(whole.filename().string()), host_name(), getpid());
    return (whole.parent_path() / name).string();
}

void remove_unfinished(const std::string& path) {
    std::vector<fs::path> found;
    std::error_code unknown;
    for (fs::directory_iterator entry(folder_of(path), unknown), end; !unknown && entry != end;
         entry.increment(unknown)) {
        if (is_given_up(entry->path())) found.push_back(entry->path());
    }
    for (const fs::path& one : found) fs::remove(one, unknown);
}

UnfinishedFile::UnfinishedFile(const std::string& path, ExitCode failure)
    : path_(path), made_(unfinished_name(path)) {
    if (!disk_.create(made_.c_str())) cannot_write(failure, path_, disk_.failure());
}

UnfinishedFile::UnfinishedFile(const std::string& path, CreatedByCaller)
    : path_(path), made_(unfinished_name(path)) {}

UnfinishedFile::~UnfinishedFile() {
    if (disk_.was_created() && !made_.empty()) std::remove(made_.c_str());
}

void UnfinishedFile::check() const {
    if (disk_.failure()) cannot_write(ExitCode::input_output_error, path_, disk_.failure());
}

void UnfinishedFile::publish() {
    disk_.sync();
    disk_.close();
    check();
    publish(true);
    sync_folder_of(path_);
}

// Keeps the permissions of the file that is replaced.
void UnfinishedFile::publish(bool replace) {
    struct stat before = {};
    if (replace && stat(path_.c_str(), &before) == 0) chmod(made_.c_str(), before.st_mode & 07777);
    const unsigned how = replace ? 0 : RENAME_NOREPLACE;
    int failed = renameat2(AT_FDCWD, made_.c_str(), AT_FDCWD, path_.c_str(), how);
    if (failed && errno == EINVAL) failed = std::rename(made_.c_str(), path_.c_str());
    if (failed) cannot_write(ExitCode::input_output_error, path_, errno);
    made_.clear();
}

// ---- what is no file with a name

namespace {

// N of "/dev/stdout", "/dev/fd/N", "/proc/self/fd/N" and of links to them; else -1. To open it anew
// would write over what is there already.
int descriptor_in(fs::path path) {
    std::error_code unknown;
    const fs::path open_files = fs::canonical("/proc/self/fd", unknown);
    if (unknown) return -1;
    constexpr int most_links = 40;
    for (int k = 0; k < most_links; ++k) {
        const std::string name = path.filename().string();
        const bool is_number =
            !name.empty() && name.size() < 9 &&
            std::all_of(name.begin(), name.end(), [](unsigned char c) { return std::isdigit(c); });
        if (is_number && fs::canonical(folder_of(path.string()), unknown) == open_files)
            return std::stoi(name);
        const fs::path to = fs::read_symlink(path, unknown);
        if (unknown) return -1;
        path = path.parent_path() / to;
    }
    return -1;
}

// A pipe without a reader would be waited for; one that comes a moment later is not missed.
int open_in_place(const std::string& path) {
    if (const int open = descriptor_in(path); open >= 0) return fcntl(open, F_DUPFD_CLOEXEC, 0);
    constexpr int tries = 300;
    constexpr auto pause = std::chrono::milliseconds(10);
    int descriptor = -1;
    for (int k = 0; k < tries; ++k) {
        descriptor = ::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
        if (descriptor >= 0 || errno != ENXIO) break;
        std::this_thread::sleep_for(pause);
    }
    if (descriptor < 0 && errno == ENXIO)
        throw Error(ExitCode::cannot_create_output,
                    fmt::format("cannot write \"{}\": it is a pipe that nobody reads", path));
    if (descriptor >= 0) fcntl(descriptor, F_SETFL, fcntl(descriptor, F_GETFL) & ~O_NONBLOCK);
    return descriptor;
}

}  // namespace

// A descriptor that is closed at the end; errno of its first failed call.
class InPlace {
public:
    explicit InPlace(const std::string& path) : descriptor_(open_in_place(path)) {
        if (descriptor_ < 0) cannot_write(ExitCode::cannot_create_output, path, errno);
    }
    ~InPlace() { close(); }
    InPlace(const InPlace&) = delete;
    InPlace& operator=(const InPlace&) = delete;

    int failure() const { return failure_; }
    void write(std::string_view text) {
        while (!text.empty() && !failure_) {
            const ssize_t taken = ::write(descriptor_, text.data(), text.size());
            if (taken < 0 && errno != EINTR) failure_ = errno;
            if (taken > 0) text.remove_prefix(static_cast<std::size_t>(taken));
        }
    }
    void close() {
        if (descriptor_ >= 0 && ::close(descriptor_) != 0 && !failure_) failure_ = errno;
        descriptor_ = -1;
    }

private:
    int descriptor_, failure_ = 0;
};

bool is_written_in_place(const std::string& path) {
    if (descriptor_in(path) >= 0) return true;
    std::error_code unknown;
    const fs::file_status status = fs::status(path, unknown);
    return fs::exists(status) && !fs::is_regular_file(status) && !fs::is_directory(status);
}

void prepare_text_output(const std::string& path, bool force) {
    if (is_written_in_place(path)) return;
    prepare_output(path, force, 0);
    remove_unfinished(link_followed(path));
}

// One of the two.
struct OutputFile::Buffer : std::streambuf {
    explicit Buffer(const std::string& output) : path(output), bytes(1 << 16) {
        setp(bytes.data(), bytes.data() + bytes.size());
        if (is_written_in_place(path)) {
            in_place = std::make_unique<InPlace>(path);
        } else {
            file = std::make_unique<UnfinishedFile>(link_followed(path));
        }
    }

    int failure() const { return file ? file->disk().failure() : in_place->failure(); }
    int sync() override {
        const std::string_view text(pbase(), static_cast<std::size_t>(pptr() - pbase()));
        if (file) {
            file->disk().write(size, text.size(), text.data());
            size += text.size();
        } else {
            in_place->write(text);
        }
        setp(bytes.data(), bytes.data() + bytes.size());
        return failure() ? -1 : 0;
    }
    int overflow(int character) override {
        if (sync() != 0) return traits_type::eof();
        if (character != traits_type::eof()) sputc(static_cast<char>(character));
        return 0;
    }
    void finish() {
        sync();
        if (in_place) in_place->close();
        if (failure()) cannot_write(ExitCode::input_output_error, path, failure());
        if (file) file->publish();
    }

    std::string path;
    std::vector<char> bytes;
    std::uint64_t size = 0;
    std::unique_ptr<UnfinishedFile> file;
    std::unique_ptr<InPlace> in_place;
};

OutputFile::OutputFile(const std::string& path)
    : buffer_(std::make_unique<Buffer>(path)), text_(buffer_.get()) {}

OutputFile::~OutputFile() = default;

void OutputFile::finish() { buffer_->finish(); }

void write_file(const std::string& path, std::string_view text) {
    OutputFile file(path);
    file.text() << text;
    file.finish();
}

}  // namespace apical
