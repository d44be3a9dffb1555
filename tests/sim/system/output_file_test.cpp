// What a command writes has its name when it is complete, whatever happens.
#include "sim/system/output_file.hpp"

#include <sys/resource.h>
#include <sys/stat.h>

#include <csignal>

#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/system/unfinished_names.hpp"

using namespace apical;

namespace {

using FileNames = std::vector<std::string>;

FileNames names_in(const TemporaryFolder& folder) {
    FileNames names;
    for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
        names.push_back(entry.path().filename());
    std::sort(names.begin(), names.end());
    return names;
}

// While it lives, no file of this process can grow beyond a size.
class FileSizeLimit {
public:
    explicit FileSizeLimit(rlim_t bytes) : handler_(std::signal(SIGXFSZ, SIG_IGN)) {
        getrlimit(RLIMIT_FSIZE, &before_);
        const rlimit limit{bytes, before_.rlim_max};
        setrlimit(RLIMIT_FSIZE, &limit);
    }
    ~FileSizeLimit() {
        setrlimit(RLIMIT_FSIZE, &before_);
        std::signal(SIGXFSZ, handler_);
    }

private:
    void (*handler_)(int);
    rlimit before_{};
};

}  // namespace

TEST_CASE("a file stays as it was until the new one is complete", "[output]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("page.html", "old");
    chmod(path.c_str(), 0640);
    {
        OutputFile file(path);
        file.text() << std::string(1 << 20, 'x') << std::flush;
        CHECK(content_of(path) == "old");
        CHECK(names_in(folder).size() == 2);
        file.finish();
    }
    CHECK(content_of(path).size() == 1 << 20);
    CHECK(names_in(folder) == FileNames{"page.html"});
    struct stat now = {};
    REQUIRE(stat(path.c_str(), &now) == 0);
    CHECK((now.st_mode & 07777) == 0640);
}

TEST_CASE("a file that is given up leaves the one of before, and nothing else", "[output]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("page.html", "old");
    { OutputFile(path).text() << "half"; }
    CHECK(content_of(path) == "old");
    CHECK(names_in(folder) == FileNames{"page.html"});
}

TEST_CASE("a disk that takes no more leaves the file of before", "[output]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("page.html", "old");
    {
        const FileSizeLimit limit(1000);
        const Error error = *error_of([&] { write_file(path, std::string(5000, 'x')); });
        CHECK(error.code() == ExitCode::input_output_error);
        CHECK(error.what() == "cannot write \"" + path + "\": File too large");
    }
    CHECK(content_of(path) == "old");
    CHECK(names_in(folder) == FileNames{"page.html"});
    const Error full = *error_of([] { write_file("/dev/full", "text"); });
    CHECK(full.code() == ExitCode::input_output_error);
    CHECK(std::string(full.what()) == "cannot write \"/dev/full\": No space left on device");
}

TEST_CASE("what killed processes left unfinished is removed, and nothing else", "[output]") {
    const TemporaryFolder folder;
    const std::string dead = name_of_process("any.svg", ended_process()),
                      living = name_of_process("any.svg", getppid());
    const FileNames stay = {"any.svg",
                            "any.svg.1.new",
                            living,
                            "any.svg.apical-elsewhere-1.new",
                            "any.svg.new",
                            "notes.apical-x.new",
                            "run.h5.host.7.new"};
    for (const std::string& name : stay) folder.write(name, "mine");
    folder.write(dead, "half");
    UnfinishedFile ours(folder / "other.h5");
    remove_unfinished(folder / "run.h5");
    CHECK_FALSE(std::filesystem::exists(folder / dead));
    CHECK(std::filesystem::exists(ours.name()));
    for (const std::string& name : stay) {
        INFO(name);
        CHECK(content_of(folder / name) == "mine");
    }
}

TEST_CASE("a file of another machine that nobody has touched for a day is removed", "[output]") {
    const TemporaryFolder folder;
    const std::string old = folder.write("run.h5.apical-elsewhere-1.new", "half");
    std::filesystem::last_write_time(
        old, std::filesystem::file_time_type::clock::now() - std::chrono::hours(25));
    remove_unfinished(folder / "run.h5");
    CHECK(names_in(folder).empty());
}

TEST_CASE("a name may be as long as the file system takes", "[output]") {
    const TemporaryFolder folder;
    const std::string one(255, 'x'), other = std::string(254, 'x') + "y";
    CHECK(unfinished_name(one) != unfinished_name(other));
    write_file(folder / one, "text");
    CHECK(content_of(folder / one) == "text");
    const Error error = *error_of([&] { write_file(folder / (one + "x"), "text"); });
    CHECK(names_in(folder) == FileNames{one});
    CHECK(std::string(error.what()).find("File name too long") != std::string::npos);
}

TEST_CASE("a link stays, and what it leads to is replaced; one to nothing is refused", "[output]") {
    const TemporaryFolder folder;
    folder.write("page.html", "old");
    std::filesystem::create_symlink("page.html", folder / "link.html");
    std::filesystem::create_symlink("none.html", folder / "dangling.html");
    write_file(folder / "link.html", "new");
    CHECK(std::filesystem::is_symlink(folder / "link.html"));
    CHECK(content_of(folder / "page.html") == "new");
    const std::string dangling = folder / "dangling.html";
    const Error error = *error_of([&] { prepare_text_output(dangling, true); });
    CHECK(error.code() == ExitCode::cannot_create_output);
    CHECK(error.what() ==
          "cannot write \"" + dangling + "\": it is a link to \"none.html\", which does not exist");
}

TEST_CASE("an open file is written on, not over", "[output]") {
    const TemporaryFolder folder;
    const std::string path = folder.write("log", "before ");
    const int open_file = open(path.c_str(), O_WRONLY | O_APPEND);
    const std::string name = "/dev/fd/" + std::to_string(open_file);
    std::filesystem::create_symlink(name, folder / "link");
    prepare_text_output(name, false);
    write_file(name, "one ");
    write_file(folder / "link", "two");
    close(open_file);
    CHECK(content_of(path) == "before one two");
}

TEST_CASE("a pipe takes what its reader reads; without one it is refused, not waited for",
          "[output]") {
    const TemporaryFolder folder;
    const std::string path = folder / "pipe";
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    const Error error = *error_of([&] { write_file(path, "text"); });
    CHECK(error.code() == ExitCode::cannot_create_output);
    CHECK(error.what() == "cannot write \"" + path + "\": it is a pipe that nobody reads");
    std::string read;
    std::thread reader([&] { read = content_of(path); });
    prepare_text_output(path, false);
    write_file(path, std::string(200'000, 'x'));
    reader.join();
    CHECK(read == std::string(200'000, 'x'));
}

TEST_CASE("a file that the caller makes takes its name while it is written, and no other's",
          "[output]") {
    const TemporaryFolder folder;
    const std::string path = folder / "run.h5";
    {
        UnfinishedFile file(path, UnfinishedFile::CreatedByCaller{});
        CHECK(names_in(folder).empty());
        REQUIRE(file.disk().create(file.name().c_str()));
        file.disk().write(0, 4, "half");
        file.publish(false);
        CHECK(file.is_published());
        file.disk().write(4, 4, "rest");
    }
    CHECK(content_of(path) == "halfrest");
    {
        UnfinishedFile other(path, UnfinishedFile::CreatedByCaller{});
        REQUIRE(other.disk().create(other.name().c_str()));
        CHECK(error_of([&] { other.publish(false); })->code() == ExitCode::input_output_error);
        CHECK_FALSE(other.is_published());
    }
    CHECK(names_in(folder) == FileNames{"run.h5"});
    CHECK(content_of(path) == "halfrest");
}
