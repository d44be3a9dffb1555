// Run files that something happened to: every command that reads one answers with a message, or is
// right.
#include <csignal>

#include "tests/sim/command_line/killed_child.hpp"

using namespace apical;

namespace {

// Four steps of a few cells, of everything that there are kinds of: most of the file describes it.
class SmallRun {
public:
    static const SmallRun& get() {
        static const SmallRun run;
        return run;
    }
    std::string path() const { return folder_ / "run.h5"; }
    const std::string& bytes() const { return bytes_; }

private:
    SmallRun() {
        const Outcome outcome =
            apical_in(folder_, {"run", path_of_shipped("dni_b"), "-q", "--steps", "4", "-o",
                                "run.h5", "--set", "population.hidden.size=4", "--set",
                                "record={ all = { what = [\"hidden.r\", \"gate.disinhibition\", "
                                "\"previous(hidden.r)\", \"W_out\", \"loss\", \"events\"] } }"});
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        bytes_ = content_of(path());
    }
    TemporaryFolder folder_;
    std::string bytes_;
};

// The commands that read `file`, and read of it what there is.
std::vector<std::vector<std::string>> readers_of(const std::string& file) {
    return {{"inspect", file},
            {"inspect", file, "--at", "3"},
            {"plot", file, "loss", "hidden.r", "W_out", "-o", "figure.gp"},
            {"export", file, "--csv", "-", "--what", "hidden.r", "loss", "W_out"},
            {"view", file, "-o", "-"}};
}

bool is_one_message(const std::string& text) {
    return text.starts_with("apical: ") && std::count(text.begin(), text.end(), '\n') == 1 &&
           text.ends_with('\n');
}

// Either it has nothing to complain of, or says in one line what, and is no crash.
int answer_of(const TemporaryFolder& folder, const std::vector<std::string>& arguments) {
    const Outcome outcome = apical_in(folder, arguments);
    INFO(fmt::format("{}", fmt::join(arguments, " "))
         << ": " << outcome.code << ' ' << outcome.err);
    const std::vector<int> expected{0, 2, 65, 66, 74};
    CHECK(std::count(expected.begin(), expected.end(), outcome.code) == 1);
    CHECK((outcome.code == 0 ? outcome.err.empty() : is_one_message(outcome.err)));
    return outcome.code;
}

// What Python says of the open file `f`, the small run.
std::string in_small_run(const std::string& statements) {
    return python("import h5py\nwith h5py.File(argv[1], 'r', swmr=True) as f:\n " + statements,
                  {SmallRun::get().path()});
}

// Something that Python does to the open file `f`, a copy of the small run; what a command then
// says.
struct Damage {
    std::string what, says;
    std::vector<std::string> command = {"inspect"};
};

std::vector<Outcome> after(const std::vector<Damage>& changes) {
    const TemporaryFolder folder;
    std::vector<std::string> arguments{SmallRun::get().path(), folder / "changed"};
    for (const Damage& one : changes) arguments.push_back(one.what);
    python(R"(
import h5py, numpy, os, shutil

def kill_writer(f):
    f.swmr_mode = True
    f.flush()
    os._exit(0)

def stub(f, name, shape):
    scale = f['axes/all/step']
    attributes = dict(f[name].attrs)
    del f[name]
    new = f.create_dataset(name, shape, 'f8', maxshape=(None,) + shape[1:], chunks=(1,) * len(shape))
    new.dims[0].attach_scale(scale)
    new.attrs['address'] = attributes['address']

for k, change in enumerate(argv[3:]):
    shutil.copy(argv[1], f'{argv[2]}{k}.h5')
    if os.fork():
        assert os.wait()[1] == 0, change
        continue
    with h5py.File(f'{argv[2]}{k}.h5', 'r+') as f: exec(change)
    os._exit(0)
)",
           arguments);
    std::vector<Outcome> outcomes;
    for (std::size_t k = 0; k < changes.size(); ++k) {
        std::vector<std::string> command = changes[k].command;
        command.insert(command.begin() + 1, fmt::format("changed{}.h5", k));
        outcomes.push_back(apical_in(folder, command));
    }
    return outcomes;
}

void are_refused(const std::vector<Damage>& all, int code) {
    const std::vector<Outcome> outcomes = after(all);
    for (std::size_t k = 0; k < all.size(); ++k) {
        INFO(all[k].what);
        CHECK(outcomes[k].code == code);
        CHECK(is_one_message(outcomes[k].err));
        CHECK_THAT(outcomes[k].err, Catch::Contains(all[k].says));
    }
}

}  // namespace

TEST_CASE("every command reads the run file that is then damaged", "[inspect][damaged]") {
    const TemporaryFolder folder;
    folder.write("run.h5", SmallRun::get().bytes());
    for (const auto& arguments : readers_of("run.h5")) CHECK(answer_of(folder, arguments) == 0);
}

TEST_CASE("a run file cut off anywhere is answered with a message", "[inspect][damaged]") {
    const CrashesAreSignals environment;
    const std::string& whole = SmallRun::get().bytes();
    const TemporaryFolder folder;
    // Within and after the signature and the superblock, which states the length; then by eighths.
    std::vector<std::size_t> lengths{0, 7, 8, 47, 48, whole.size() - 1};
    for (std::size_t k = 1; k < 8; ++k) lengths.push_back(whole.size() * k / 8);
    for (const std::size_t length : lengths) {
        INFO(length);
        folder.write("damaged.h5", whole.substr(0, length));
        CHECK(answer_of(folder, {"inspect", "damaged.h5"}) == 65);
        if (length < 48) continue;
        CHECK_THAT(
            apical_in(folder, {"inspect", "damaged.h5"}).err,
            Catch::Contains(fmt::format("is cut off: it has {} bytes, and says that it has {}",
                                        length, whole.size())));
    }
    folder.write("damaged.h5", whole.substr(0, whole.size() / 2));
    for (const auto& arguments : readers_of("damaged.h5"))
        CHECK(answer_of(folder, arguments) == 65);
}

TEST_CASE("a changed byte anywhere in a run file is answered with a message, or rightly",
          "[inspect][damaged]") {
    const CrashesAreSignals environment;
    const std::string& whole = SmallRun::get().bytes();
    const TemporaryFolder folder;
    const auto changed_at = [&](std::size_t place) {
        INFO("byte " << place);
        std::string bytes = whole;
        bytes[place] = static_cast<char>(~bytes[place]);
        folder.write("damaged.h5", bytes);
    };
    // Spread evenly; each is read by one of the commands, in turn.
    const std::size_t places = static_cast<std::size_t>(fewer_if_sanitized(60));
    for (std::size_t k = 0; k < places; ++k) {
        changed_at(whole.size() * k / places);
        const auto readers = readers_of("damaged.h5");
        answer_of(folder, readers[k % readers.size()]);
    }
    // Numbers have no checksum: a change of one is one, and everything else is as it was.
    changed_at(
        std::stoul(in_small_run("print(f['signals/loss'].id.get_chunk_info(0).byte_offset)")));
    for (const auto& arguments : readers_of("damaged.h5")) CHECK(answer_of(folder, arguments) == 0);
    changed_at(1);  // of the signature
    for (const auto& arguments : readers_of("damaged.h5"))
        CHECK(answer_of(folder, arguments) == 65);
}

TEST_CASE("what is no run file is answered with what it lacks", "[inspect][damaged]") {
    const TemporaryFolder folder;
    const auto says = [&](const std::string& path, int code, const std::string& why) {
        for (const auto& arguments : readers_of(path)) {
            INFO(arguments[0]);
            const Outcome outcome = apical_in(folder, arguments);
            CHECK(outcome.code == code);
            CHECK(is_one_message(outcome.err));
            CHECK_THAT(outcome.err, Catch::Contains(path) && Catch::Contains(why));
        }
    };
    says("none.h5", 66, "o such ");
    folder.write("text.h5", "not HDF5");
    says("text.h5", 65, "is not an HDF5 file, or it is damaged; it has 8 bytes");
    folder.write("empty.h5", "");
    says("empty.h5", 65, "is empty");
    python("import h5py\nh5py.File(argv[1], 'w')['x'] = [1, 2]", {folder / "other.h5"});
    says("other.h5", 65, "has no attribute \"program\"");
    std::filesystem::create_directory(folder / "folder.h5");
    says("folder.h5", 65, "is a folder, and no run file");
}

TEST_CASE("attributes of another type, missing scales and false sizes are refused",
          "[inspect][damaged]") {
    const CrashesAreSignals environment;
    const std::string resolved = "f.attrs['resolved'] = f.attrs['resolved'].replace";
    const std::vector<std::string> state = {"inspect", "--at", "3"};
    are_refused(
        {{"f.attrs['program'] = 3", "has no attribute \"program\""},
         {"f.attrs['program'] = numpy.array([b'a', b'b'])", "has no attribute \"program\""},
         {"f.attrs['resolved'] = 1.5", "resolved"},
         {"f.attrs['resolved'] = 'x = ['", "(resolved):1:"},
         {"f.attrs['resolved'] = 'phase = 3'", "has no list [[phase]]"},
         {"f.attrs['resolved'] = 'phase = [3]'", "has no list [[phase]]"},
         {resolved + "('[task]', '[tusk]')", "tusk"},
         {resolved + "('[[phase]]', '[[phase]]\\nname=\"third\"\\nms=1.0\\n[[phase]]', 1)",
          "it names 2 phases, and its model 3"},
         {"del f['axes/phase']; f['axes/phase'] = 1", "\"/axes/phase\" has 0 dimensions"},
         {"del f['axes/phase']; f['axes/phase'] = [1, 2]", "no texts"},
         {"del f['axes/phase']; f['axes/phase'] = numpy.array([b'a'])", "2 phases, and the file 1"},
         {"del f['events']; f['events'] = 1.0", "\"/events\" has 0 dimensions"},
         // Sizes that are only stated take no memory.
         {"f['axes/all/step'].resize((10**15,))", "states 1000000000000000 rows"},
         {"for name in ('axes/all/step', 'signals/loss'): f[name].resize((10**12,))",
          "states 1000000000000 rows"},
         {"f['events'].resize((10**13,))", "\"/events\" states 10000000000000 rows"},
         {"stub(f, 'synapses/W_out/strength', (0, 10**6, 10**6))", "of more than 2^31 numbers",
          state},
         {"stub(f, 'synapses/W_out/strength', (0, 2**40, 2**40))", "of more than 2^31 numbers"},
         {"scale = f['axes/all/step']; del f['synapses/W_out/strength']; new = "
          "f.create_dataset('synapses/W_out/strength', (4, 0, 2)); "
          "new.dims[0].attach_scale(scale); new.attrs['address'] = 'W_out'",
          "has rows without a number", state},
         // Steps that no run counts to: differences of them would overflow.
         {"f['axes/all/step'][4] = 2**63 - 1", "/axes/all has a step 9223372036854775807"},
         {"f['axes/all/step'][0] = -1", "/axes/all has a step -1"},
         {"f['axes/all/step'][2] = -2**63", "has a step -9223372036854775808", state}},
        65);
    are_refused({{"stub(f, 'synapses/W_out/strength', (0, 30000, 30000))",
                  "with \"W_out\" the table would have more than 1000000 columns",
                  {"export", "--csv", "-", "--what", "W_out", "loss"}},
                 {"for name in ('synapses/W_out/strength', 'signals/loss'): "
                  "stub(f, name, (0, 1000, 600))",
                  "with \"loss\" the table would have more than 1000000 columns",
                  {"export", "--csv", "-", "--what", "W_out", "loss"}}},
                2);
}

// A file that was closed is left as it is.
TEST_CASE("rows and events that are not those of the model are not recovered",
          "[inspect][damaged]") {
    const CrashesAreSignals environment;
    const std::string resolved = "f.attrs['resolved'] = f.attrs['resolved'].replace";
    are_refused({{"stub(f, 'state/hidden/rate', (4, 2, 1)); kill_writer(f)",
                  "rows of \"/state/hidden/rate\" are not as its model has them",
                  {"recover"}},
                 {resolved + "(', \"events\"', ''); kill_writer(f)",
                  "it has events, which its model does not record",
                  {"recover"}}},
                65);
}

TEST_CASE("what a file lacks is not shown, and nothing else is lost", "[inspect][damaged]") {
    const CrashesAreSignals environment;
    const std::vector<std::string> state = {"inspect", "--at", "3"};
    const std::vector<Damage> changes{
        {"f.attrs['title'] = 7", "/signals/loss"},
        {"f.attrs['seed'] = 'one'", "/signals/loss"},
        {"f.attrs['steps_completed'] = [1, 2]", "/signals/loss"},
        {"del f.attrs['failure']", "/signals/loss"},  // as of an earlier version
        {"f['state/hidden/rate'].attrs['units'] = 3", "/signals/loss"},
        {"f['state/hidden/rate'].attrs['units'] = numpy.array([b'a', b'b'])", "/signals/loss"},
        {"f['signals/loss'].attrs['units'] = h5py.Empty('S1')", "/signals/loss"},
        {"del f['signals/loss'].attrs['address']", "/synapses/W_out/strength"},
        {"del f['signals/loss'].attrs['DIMENSION_LIST']", "/synapses/W_out/strength"},
        // Scales of other types and sizes than HDF5's own functions for them believe.
        {"f['signals/loss'].attrs['DIMENSION_LIST'] = numpy.zeros(300)",
         "/synapses/W_out/strength"},
        {"f['signals/loss'].attrs['DIMENSION_LIST'] = 3", "/synapses/W_out/strength"},
        {"f['state/hidden/rate'].attrs['DIMENSION_LABELS'] = numpy.zeros(300)", "/signals/loss"},
        {"f['state/hidden/rate'].attrs['DIMENSION_LABELS'] = 'a'", "/signals/loss"},
        {"stub(f, 'synapses/W_out/strength', (0, 30000, 30000))", "\n  loss ", state},
        {"f['state/hidden/rate'].resize(2, 0)", "\n  loss ", state},
        // Cells of which there is no row take no memory.
        {"stub(f, 'state/hidden/rate', (0, 10**8))",
         "Of up to 100000000 cells the page has 0 to",
         {"view", "-o", "-"}},
        {"del f['axes/all/time_ms']", "forward 0 to 6 ms, update 6 to 10 ms"},
        // Names cannot take over the terminal.
        {"f['signals/loss'].attrs['address'] = 'a\\x1b[2J\\nb'", "a?[2J?b"},
        {"f.attrs['title'] = 'a\\x1b[2J\\nb'", "a?[2J?b"},
        {"f.move('signals/loss', 'signals/a\\x1b[2J\\nb')", "a?[2J?b"}};
    const std::vector<Outcome> outcomes = after(changes);
    for (std::size_t k = 0; k < changes.size(); ++k) {
        INFO(changes[k].what);
        CHECK(outcomes[k].code == 0);
        CHECK(outcomes[k].err.empty());
        CHECK_THAT(outcomes[k].out, Catch::Contains(changes[k].says) && !Catch::Contains("\x1b"));
    }
}

// It is in a child, where an endless heap of objects, or whatever else, would crash the library.
TEST_CASE("a crash of the library is a message, not a crash", "[inspect][damaged]") {
    const CrashesAreSignals signals;
    const TemporaryFolder folder;
    folder.write("run.h5", SmallRun::get().bytes());
    for (const auto& arguments : readers_of("run.h5")) {
        INFO(arguments[0]);
        const Outcome outcome = outcome_after_kill(folder, arguments, SIGSEGV);
        CHECK(outcome.code == 65);
        CHECK(outcome.err == "apical: run.h5: is damaged (the HDF5 library gave up on it)\n");
        CHECK(outcome.out.empty());
    }
}
