// Run files that something happened to: `apical inspect` answers with a message, or is right.
#include <sys/stat.h>

#include <csignal>
#include <random>

#include "sim/inspect/inspect.hpp"
#include "tests/sim/inspect/recorded_run.hpp"

using namespace apical;

namespace {

// A sanitizer's report of what happens inside the HDF5 library is to end the child as a crash does;
// what the library leaks when it gives up on a file is its own.
struct CrashesAreSignals {
    CrashesAreSignals() {
        setenv("ASAN_OPTIONS",
               "detect_leaks=0:abort_on_error=1:handle_segv=0:handle_sigbus=0:handle_sigfpe=0", 1);
    }
    ~CrashesAreSignals() { unsetenv("ASAN_OPTIONS"); }
};

bool is_one_message(const std::string& text) {
    return text.starts_with("apical: ") && std::count(text.begin(), text.end(), '\n') == 1 &&
           text.ends_with('\n');
}

// Whether it was answered rightly; counts the readable ones.
void check_answer(const TemporaryFolder& folder, const std::string& bytes, int& readable) {
    folder.write("damaged.h5", bytes);
    const Outcome outcome = apical_in(folder, {"inspect", "damaged.h5"});
    INFO(outcome.code << ' ' << outcome.err);
    if (outcome.code == 0) {
        ++readable;
        CHECK(outcome.err.empty());
        CHECK_THAT(outcome.out, Catch::Contains("\naddress "));
        return;
    }
    const bool expected = outcome.code == 65 || outcome.code == 66 || outcome.code == 74;
    CHECK(expected);
    CHECK(is_one_message(outcome.err));
    CHECK_THAT(outcome.err, Catch::Contains("damaged.h5"));
}

constexpr int crashed = -1;

// The exit code that reading a file comes to, read as the program does but without starting it.
int answer_of(const std::string& path) {
    const pid_t child = fork();
    if (child == 0) {
        for (const int signal : {SIGSEGV, SIGABRT, SIGFPE, SIGILL, SIGBUS})
            std::signal(signal, SIG_DFL);  // Catch2 has handlers
        alarm(20);
        try {
            const StoredRun run(path);
            _exit(overview_text(run, stored_model(run)).find("\naddress ") == std::string::npos);
        } catch (const Error& error) {
            const std::string sentence = error.what();
            const bool right =
                sentence.starts_with(path) && sentence.find('\n') == std::string::npos;
            _exit(right ? static_cast<int>(error.code()) : 99);
        } catch (...) {
            _exit(98);
        }
    }
    int status = 0;
    waitpid(child, &status, 0);
    return WIFEXITED(status) ? WEXITSTATUS(status) : crashed;
}

// What Python did to the open file `f`, a copy of the run's, and what the program says then.
std::vector<Outcome> after(const std::vector<std::string>& changes) {
    const TemporaryFolder folder;
    std::vector<std::string> arguments{RecordedRun::get().path(), folder / "changed"};
    arguments.insert(arguments.end(), changes.begin(), changes.end());
    python(R"(
import h5py, numpy, shutil
for k, change in enumerate(argv[3:]):
    shutil.copy(argv[1], f'{argv[2]}{k}.h5')
    with h5py.File(f'{argv[2]}{k}.h5', 'r+') as f: exec(change)
)",
           arguments);
    std::vector<Outcome> outcomes;
    for (std::size_t k = 0; k < changes.size(); ++k)
        outcomes.push_back(apical_in(folder, {"inspect", fmt::format("changed{}.h5", k)}));
    return outcomes;
}

struct Damage {
    std::string change, why;
};

void are_damaged(const std::vector<Damage>& all) {
    std::vector<std::string> changes;
    for (const Damage& one : all) changes.push_back(one.change);
    const std::vector<Outcome> outcomes = after(changes);
    for (std::size_t k = 0; k < all.size(); ++k) {
        INFO(all[k].change);
        CHECK(outcomes[k].code == 65);
        CHECK(is_one_message(outcomes[k].err));
        CHECK_THAT(outcomes[k].err, Catch::Contains(all[k].why));
    }
}

}  // namespace

TEST_CASE("a run file cut off anywhere is answered with a message", "[inspect][damaged]") {
    const CrashesAreSignals environment;
    const std::string whole = content_of(RecordedRun::get().path());
    const TemporaryFolder folder;
    int readable = 0;
    for (std::size_t k = 0; k < 60; ++k) {
        const std::string bytes = whole.substr(0, whole.size() * k / 60);
        if (k % 6 == 0) {
            check_answer(folder, bytes, readable);
        } else {
            CHECK(answer_of(folder.write("damaged.h5", bytes)) == 65);
        }
    }
    CHECK(readable == 0);
}

TEST_CASE("flipped bytes in a run file are answered with a message, or rightly",
          "[inspect][damaged]") {
    const CrashesAreSignals environment;
    const std::string whole = content_of(RecordedRun::get().path());
    const TemporaryFolder folder;
    std::mt19937_64 random(20191217);
    int readable = 0, variants = 0, crashes = 0;
    for (; variants < 300; ++variants) {
        std::string bytes = whole;
        // Half of them where the file describes itself.
        const std::size_t range = variants % 2 ? bytes.size() : 8192;
        const int flips = 1 << (variants % 5);
        for (int k = 0; k < flips; ++k) bytes[random() % range] ^= char(1 + random() % 255);
        INFO("variant " << variants);
        // The program for some; to read all of them by it would take long.
        if (variants % 10 == 0) {
            check_answer(folder, bytes, readable);
        } else {
            const int answer = answer_of(folder.write("damaged.h5", bytes));
            const bool expected = answer == 0 || answer == 65 || answer == 74 || answer == crashed;
#if defined(__SANITIZE_ADDRESS__)
            // The sanitizer ends this child itself where the library would have crashed.
            CHECK((expected || answer == 1));
#else
            CHECK(expected);
#endif
            readable += answer == 0 ? 1 : 0;
            crashes += answer == crashed ? 1 : 0;
        }
    }
    CHECK(crashes < variants / 20);
    CHECK(readable > 20);
    CHECK(readable < variants - 100);
}

TEST_CASE("what is no run file is answered with what it lacks", "[inspect][damaged]") {
    const TemporaryFolder folder;
    const auto says = [&](const std::string& path, int code, const std::string& why) {
        for (const char* command : {"inspect", "export"}) {
            std::vector<std::string> arguments{command, path};
            if (arguments[0] == "export") arguments.insert(arguments.end(), {"--sonata", "x"});
            const Outcome outcome = apical_in(folder, arguments);
            CHECK(outcome.code == code);
            CHECK(is_one_message(outcome.err));
            CHECK_THAT(outcome.err, Catch::Contains(path) && Catch::Contains(why));
        }
    };
    says("none.h5", 66, "No such file");
    folder.write("text.h5", "not HDF5");
    says("text.h5", 65, "is not an HDF5 file, or it is damaged");
    folder.write("empty.h5", "");
    says("empty.h5", 65, "is not an HDF5 file");
    std::filesystem::create_directory(folder / "folder.h5");
    says("folder.h5", 65, "is not an HDF5 file");
    python("import h5py\nh5py.File(argv[1], 'w')['x'] = [1, 2]", {folder / "other.h5"});
    says("other.h5", 65, "has no attribute \"program\"");
}

TEST_CASE("attributes of another type and missing scales are no crash", "[inspect][damaged]") {
    const CrashesAreSignals environment;
    are_damaged(
        {{"f.attrs['program'] = 3", "has no attribute \"program\""},
         {"f.attrs['program'] = numpy.array([b'a', b'b'])", "has no attribute \"program\""},
         {"f.attrs['resolved'] = 1.5", "resolved"},
         {"f.attrs['resolved'] = 'x = ['", "(resolved):1:"},
         {"del f['axes/phase']; f['axes/phase'] = 1", "\"/axes/phase\" has 0 dimensions"},
         {"del f['axes/phase']; f['axes/phase'] = ['a', 'b']", "no texts of a fixed length"},
         {"del f['axes/phase']; f['axes/phase'] = numpy.array([b'a'])", "2 phases, and the file 1"},
         {"del f['events']; f['events'] = 1.0", "\"/events\" has 0 dimensions"}});
    // Less to be seen, but nothing that would be wrong.
    const std::vector<std::string> harmless{
        "del f['signals/loss'].attrs['address']",
        "del f['signals/loss'].attrs['DIMENSION_LIST']",
        "f.attrs['title'] = 7",
        "f.attrs['seed'] = 'one'",
        "f.attrs['steps_completed'] = [1, 2]",
        "f['state/hidden/rate'].attrs['units'] = 3",
        "f['state/hidden/rate'].attrs['units'] = numpy.array([b'a', b'b'])",
        "f['signals/loss'].attrs['units'] = h5py.Empty('S1')",
        "f['signals/loss'].attrs['address'] = 'a\\x1b[2J\\nb'"};
    const std::vector<Outcome> outcomes = after(harmless);
    for (std::size_t k = 0; k < harmless.size(); ++k) {
        INFO(harmless[k]);
        CHECK(outcomes[k].code == 0);
        CHECK(outcomes[k].err.empty());
        CHECK((outcomes[k].out.find("/signals/loss") != std::string::npos) == (k >= 2));
    }
    // A name cannot take over the terminal.
    CHECK_THAT(outcomes.back().out, Catch::Contains("a?[2J?b"));
}

TEST_CASE("sizes that a file only states take no memory", "[inspect][damaged]") {
    are_damaged({{"f['axes/all/step'].resize((10**15,))", "states 1000000000000000 rows"},
                 {"for name in ('axes/all/step', 'signals/loss'): f[name].resize((10**12,))",
                  "states 1000000000000 rows"},
                 {"f['events'].resize((10**13,))", "\"/events\" states 10000000000000 rows"}});
}

TEST_CASE("a crash of the library is a message, not a crash", "[inspect][damaged]") {
    const CrashesAreSignals signals;
    // An endless heap of objects, or whatever else: the child dies as it would there.
    const TemporaryFolder folder;
    const std::string path = folder.write("pipe", "");
    std::filesystem::remove(path);
    REQUIRE(mkfifo(path.c_str(), 0600) == 0);
    Running reading(folder, apical_command({"inspect", path}));
    std::string child;
    REQUIRE(comes_true([&] {
        child = python(R"(
import subprocess, os
parents = [p for p in os.listdir('/proc') if p.isdigit()]
for p in parents:
    try: words = open(f'/proc/{p}/cmdline').read().split('\0')
    except OSError: continue
    if argv[1] in words and 'inspect' in words:
        children = open(f'/proc/{p}/task/{p}/children').read().split()
        if children: print(children[0], end='')
)",
                       {path});
        return !child.empty();
    }));
    REQUIRE(kill(std::stoi(child), SIGSEGV) == 0);
    const Outcome outcome = reading.wait();
    CHECK(outcome.code == 65);
    CHECK(outcome.err == "apical: " + path + ": is damaged (the HDF5 library gave up on it)\n");
}
