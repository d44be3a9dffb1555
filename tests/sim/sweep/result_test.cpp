// The result as the documentation says that it is read, and what happened to it on the way.
#include <cmath>

#include "sim/sweep/sweep_result.hpp"
#include "tests/sim/show/plot/plot_runs.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"

using namespace apical;

namespace {

// Swept keys of each kind: whole numbers, numbers, texts, truth values, tables.
std::string all_kinds() {
    return "format = 1\ntitle = \"All kinds of columns\"\nseeds = [4, 9]\nblocks = 3\n"
           "[set]\nrun.steps = 20\n" +
           model_lines("RFLO", "rflo") + model_lines("DNI(b) \u00e9", "dni_b") +
           "[task.add]\nkind = \"add\"\nlags = [2, 4]\n[task.mimic]\nkind = \"mimic\"\n"
           "[grid]\npopulation.hidden.size = [4, 6]\n[[leave_out]]\ntask = \"mimic\"\n"
           "population.hidden.size = 6\n[[zip]]\n"
           "plasticity.readout.rate = [1, 0.5]\npopulation.hidden.activation = [\"tanh\", "
           "\"rectified\"]\n"
           "\"synapses.W_out.init\" = [{ constant = 0.0 }, { normal = 1.0 }]\n";
}

const SweepFolder& ready() {
    static const SweepFolder sweep(all_kinds());
    static const JobCounts done = sweep.done();
    CHECK(done == JobCounts{24, 24, 0, 0, 0});
    return sweep;
}

}  // namespace

TEST_CASE("a result is a table of pandas, as the documentation reads it", "[sweep]") {
    const SweepFolder& sweep = ready();
    const std::string script = R"(
import h5py, pandas
result = h5py.File(argv[1])
table = pandas.DataFrame({name: column.asstr()[:] if column.dtype.kind in "SO" else column[:] for name, column in result["jobs"].items()})
assert len(table) == 24, len(table)
assert set(table.model) == {"RFLO", "DNI(b) \u00e9"}, set(table.model)
assert set(table.task) == {"add", "mimic"} and set(table.seed) == {4, 9}
assert set(table["population.hidden.size"]) == {4, 6}
assert set(table["plasticity.readout.rate"]) == {1.0, 0.5}
pairs = set(zip(table["plasticity.readout.rate"], table["population.hidden.activation"], table["synapses.W_out.init"]))
assert pairs == {(1.0, "tanh", "{ constant = 0.0 }"), (0.5, "rectified", "{ normal = 1.0 }")}, pairs
assert (table.steps == 20).all() and (table.seconds > 0).all() and (table.failure == "").all() and (table.run_file == "").all()
assert table.job.is_unique
kinds = {name: kind.kind for name, kind in table.dtypes.items()}
assert [kinds[n] for n in ("seed", "steps", "loss", "seconds", "population.hidden.size", "plasticity.readout.rate")] == list("iiffif"), kinds
curves, steps = result["curves/loss"], result["curves/step"]
assert curves.shape == steps.shape == (24, 3) and (steps[:] == [6, 13, 20]).all(), steps[:]
texts = result["configurations"].asstr()[:]
assert len(texts) == 12
for row in table.itertuples():
    text = texts[row.configuration]
    assert f'kind = "{row.task}"' in text
for name, value in (("size", "population.hidden.size"),):
    for _, row in table.iterrows(): assert f"size = {row[value]}\n" in texts[row.configuration]
bounds = pandas.DataFrame({n: c.asstr()[:] if c.dtype.kind in "SO" else c[:] for n, c in result["bounds"].items()})
add = bounds[bounds.configuration == table[table.task == "add"].configuration.iloc[0]]
# The published losses of the Add task.
assert sorted(round(x, 4) for x in add.loss) == [0.4545, 0.5192, 0.6277, 0.6616], add
assert result.attrs["title"] == "All kinds of columns" and result.attrs["sweep"] == open(argv[2]).read()
assert result.attrs["swept"].split("\n") == ["population.hidden.size", "plasticity.readout.rate", "population.hidden.activation", "synapses.W_out.init"]
# The report against pandas.
import json, numpy
report = json.loads(argv[3])
keys = ["model", "task"] + result.attrs["swept"].split("\n")
groups = table.groupby(keys).loss.agg(["mean", "sem", "count"])
assert len(groups) == len(report["losses"]) == 12
def text(value): return value if isinstance(value, (str, int, float)) else "{ " + ", ".join(f"{k} = {v}" for k, v in value.items()) + " }"
for row in report["losses"]:
    mean, sem, count = groups.loc[tuple(text(row[key]) for key in keys)]
    assert abs(row["loss"] - mean) < 1e-14 * max(1.0, mean), (row, mean)
    assert abs(row["sem"] - sem) < 1e-14 * max(1.0, mean), (row, sem)
    assert row["seeds"] == count and row["failed"] == 0
)";
    const Outcome report = apical_in(sweep.folder, {"report", "runs/s.h5", "--json"});
    REQUIRE(report.code == 0);
    python(script, {sweep.result(), sweep.folder / "s.toml", report.out});
}

TEST_CASE("a swept truth value is a text", "[sweep]") {
    const SweepFolder sweep("format = 1\nseeds = [1]\n" + small_set + model_lines("RFLO", "rflo") +
                            "[grid]\ndiagnose.alignment = [true, false]\n");
    sweep.done();
    const auto texts = Stored(sweep.result()).texts("jobs/diagnose.alignment");
    CHECK(texts == std::vector<std::string>{"true", "false"});
}

TEST_CASE("what is read of a result is what was written", "[sweep]") {
    SweepResult result{"title", "text\nof a sweep", "1+a", {"a.b", "c"}, {}};
    for (const int k : {0, 1, 2}) {
        JobResult job;
        job.id = fmt::format("00000000-0000-0000-0000-00000000000{}", k);
        job.model = std::string(std::size_t(k), 'm');
        job.task = "add";
        job.values = {value_of(std::int64_t{k}), value_of(std::string("x"))};
        job.seed = 4294967295U - unsigned(k);
        job.configuration = k < 2 ? "one = 1\n" : "two = 2\n";
        job.bounds = {{k < 2 ? "low" : "other", 0.25 * k * k}};
        if (k < 2) job.bounds = {{"low", 0.5}};
        job.failure = k == 1 ? "step 3: not a number" : "";
        job.steps = 10 - k;
        job.loss = k == 1 ? std::nan("") : 0.1 * k;
        job.seconds = 0.5;
        for (int block = 0; block < 3 - k; ++block) {
            job.block_steps.push_back(block + 1);
            job.block_losses.push_back(1.0 / (block + 3));
        }
        result.jobs.push_back(job);
    }
    const TemporaryFolder folder;
    const std::string path = folder / "r.h5";
    write_result(path, result);
    CHECK(is_result(path));
    const SweepResult read = read_result(path);
    CHECK(read.title == result.title);
    CHECK(read.sweep == result.sweep);
    CHECK(read.engine == result.engine);
    CHECK(read.names == result.names);
    REQUIRE(read.jobs.size() == 3);
    for (std::size_t k = 0; k < 3; ++k) {
        INFO(k);
        const JobResult &a = read.jobs[k], &b = result.jobs[k];
        CHECK(a.id == b.id);
        CHECK(a.model == b.model);
        CHECK(a.seed == b.seed);
        CHECK(a.configuration == b.configuration);
        CHECK(a.failure == b.failure);
        CHECK(a.steps == b.steps);
        CHECK((a.loss == b.loss || (std::isnan(a.loss) && std::isnan(b.loss))));
        CHECK(a.block_steps == b.block_steps);
        CHECK(a.block_losses == b.block_losses);
        REQUIRE(a.values.size() == 2);
        CHECK(inline_text(a.values[0]) == inline_text(b.values[0]));
        CHECK(inline_text(a.values[1]) == inline_text(b.values[1]));
        REQUIRE(a.bounds.size() == b.bounds.size());
        CHECK(a.bounds[0].name == b.bounds[0].name);
        CHECK(a.bounds[0].loss == b.bounds[0].loss);
    }
    const std::string before = content_of(path);
    write_result(path, read);
    CHECK(content_of(path) == before);
}

TEST_CASE("report and plot tell a result from other files", "[sweep]") {
    const TemporaryFolder folder;
    REQUIRE(apical_in(folder, {"run", path_of_shipped("rflo"), "-q", "--steps", "20", "-o", "r.h5"})
                .code == 0);
    folder.write("text.h5", "a text");
    const auto refuses = [&](const char* file, int code) {
        INFO(file);
        const Outcome outcome = apical_in(folder, {"report", file});
        CHECK(outcome.code == code);
        CHECK_THAT(outcome.err, Catch::StartsWith("apical: ") && Catch::Contains(file));
        CHECK(outcome.out.empty());
    };
    refuses("r.h5", 65);
    refuses("text.h5", 65);
    refuses("none.h5", 66);
    CHECK(apical_in(folder, {"report"}).code == 2);
}
