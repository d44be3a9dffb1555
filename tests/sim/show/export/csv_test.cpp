// `apical export --csv`
#include "tests/sim/show/inspect/recorded_run.hpp"

using namespace apical;

namespace {

// Compares a table with the run file, number by number: `columns` are [path, index of a row
// without its phase] in the table's order.
const char* const comparison = R"(
import csv, h5py
rows = list(csv.reader(open(argv[1])))
run = h5py.File(argv[2], 'r', swmr=True)
columns = eval(argv[3])
begin, end = int(argv[4]), int(argv[5])
phases = run['axes/phase'].asstr()[:].tolist()
assert all(len(row) == 2 + len(columns) for row in rows)
data = {path: run[path][:] for path, _ in columns}
all_steps = {path: run[path].dims[0]['step'][:].tolist() for path, _ in columns}
has_phases = {path: 'phase' in [d.label for d in run[path].dims] for path, _ in columns}
expected = []
for step in range(begin, end):
    for p, phase in enumerate(phases):
        row = [str(step), phase]
        for path, index in columns:
            steps, by_phase = all_steps[path], has_phases[path]
            if step not in steps or not by_phase and p + 1 < len(phases): row.append(None)
            else: row.append(data[path][(steps.index(step),) + ((p,) if by_phase else ()) + index])
        expected.append(row)
assert len(rows) == len(expected) + 1
for found, right in zip(rows[1:], expected):
    assert found[:2] == right[:2]
    for a, b in zip(found[2:], right[2:]): assert a == '' if b is None else float(a) == b or a == 'nan' and b != b, (a, b)
print(','.join(rows[0]))
)";

Outcome export_csv(const TemporaryFolder& folder, std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"export", RecordedRun::get().path()});
    return apical_in(folder, arguments);
}

}  // namespace

TEST_CASE("a table's numbers read back as the doubles of the run file", "[export]") {
    const TemporaryFolder folder;
    const Outcome outcome =
        export_csv(folder, {"--csv", "t.csv", "--what", "hidden.r", "loss", "W_out", "output.r",
                            "gate.disinhibition", "--steps", "8:22", "--cells", "0:2"});
    CHECK(outcome.err.empty());
    REQUIRE(outcome.code == 0);
    CHECK(outcome.out == "csv      t.csv: 30 rows\n");
    const std::string columns =
        "[('state/hidden/rate', (k,)) for k in (0, 1)] + [('signals/loss', ())] + "
        "[('synapses/W_out/strength', (i, j)) for i in (0, 1) for j in (0, 1)] + "
        "[('state/output/rate', (k,)) for k in (0, 1)] + [('gates/disinhibition', ())]";
    CHECK(python(comparison, {folder / "t.csv", RecordedRun::get().path(), columns, "8", "23"}) ==
          "step,phase,hidden.r[0],hidden.r[1],loss,W_out[0][0],W_out[0][1],W_out[1][0],W_out[1][1],"
          "output.r[0],output.r[1],gate.disinhibition\n");
}

TEST_CASE("a table without --cells and --steps has all cells and steps", "[export]") {
    const TemporaryFolder folder;
    REQUIRE(export_csv(folder, {"--csv", "t.csv", "--what", "/state/hidden/rate"}).code == 0);
    python(comparison, {folder / "t.csv", RecordedRun::get().path(),
                        "[('state/hidden/rate', (k,)) for k in range(32)]", "0", "61"});
}

TEST_CASE("what is sampled once a step has one row a step", "[export]") {
    const Outcome outcome =
        export_csv(TemporaryFolder(), {"--csv", "-", "--what", "loss", "--steps", "1:3"});
    CHECK(std::count(outcome.out.begin(), outcome.out.end(), '\n') == 4);
    CHECK_THAT(outcome.out, Catch::StartsWith("step,phase,loss\n1,update,") &&
                                Catch::Contains("\n2,update,") && Catch::Contains("\n3,update,"));
}

TEST_CASE("a table does not overwrite, and says what is wrong with what was asked", "[export]") {
    const TemporaryFolder folder;
    const auto fails = [&](const std::vector<std::string>& arguments, int code,
                           const std::string& why) {
        const Outcome outcome = export_csv(folder, arguments);
        CHECK(outcome.code == code);
        CHECK(outcome.out.empty());
        CHECK_THAT(outcome.err, Catch::Contains(why));
    };
    folder.write("mine.csv", "precious");
    fails({"--csv", "mine.csv", "--what", "loss"}, 73, "\"mine.csv\" exists; use --force");
    fails({"--csv", "mine.csv", "--what", "losss", "--force"}, 65, "Did you mean \"loss\"?");
    CHECK(content_of(folder / "mine.csv") == "precious");
    fails({"--csv", "mine.csv/x", "--what", "loss"}, 73, "mine.csv/x");
    fails({"--csv", RecordedRun::get().path(), "--what", "loss", "--force"}, 73,
          "it is what the command reads");
    fails({"--csv", "-"}, 2, "expected --what");
    fails({"--csv", "-", "--what", "J", "--steps", "12:15"}, 2, "the file has steps 0 to 60");
    for (const char* steps : {"61:70", "60:61"}) {
        const std::string why =
            fmt::format("--steps {}: {} ends with step 60\n", steps, RecordedRun::get().path());
        fails({"--csv", "-", "--what", "loss", "--steps", steps}, 2, why);
        fails({"--sonata", "folder", "--steps", steps}, 2, why);
    }
    fails({"--csv", std::string(300, 'x'), "--what", "loss"}, 73, "\": File name too long");
    fails({"--csv", "-", "--what", "hidden.r", "--cells", "32:40"}, 2, "\"hidden.r\" has 32 cells");
    REQUIRE(export_csv(folder, {"--csv", "mine.csv", "--what", "loss", "--force"}).code == 0);
    CHECK_THAT(content_of(folder / "mine.csv"), Catch::StartsWith("step,phase,loss\n"));
}

TEST_CASE("a table that the disk has no room for is an error", "[export]") {
    const TemporaryFolder folder;
    std::vector<std::string> command =
        apical_command({"export", RecordedRun::get().path(), "--csv", "-", "--what", "hidden.r"});
    const Outcome outcome = Running(folder, command, "/dev/full", "").wait();
    CHECK(outcome.code == 74);
    CHECK_THAT(outcome.err, Catch::Contains("cannot be written"));
}
