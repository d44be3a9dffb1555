// The spikes in a run file, held to the rates that the same run records, and in runs that are
// killed, resumed, performed by two threads and recorded otherwise: the same bytes.
#include <map>

#include "sim/run_file/stored_run.hpp"
#include "sim/runs/plain_copy.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/runs/resumed_run.hpp"

using namespace apical;

namespace {

constexpr const char* lif = R"(
format = 1
phase = [{ name = "step", ms = 1.0 }]
population.input = { role = "input", size = 7, fires = { by = "bernoulli", rate_hz = 200.0 } }
population.rec = { size = 40, tau_ms = { soma = 20.0 }, impulse = ["soma"], spikes = { threshold = 1.0, reset = 0.0, refractory = 3 } }
synapses.W_in = { from = "input", to = "rec.soma", during = "step", init = { uniform = [0.0, 0.3] } }
synapses.W_rec = { from = "rec", to = "rec.soma", during = "step", delay = 1, init = { normal = 0.1 } }
plasticity.pairs = { rule = "stdp", synapses = ["W_rec"], rate = 1e-3 }
run = { steps = 300, seed = 1 }
checkpoint = { every = 70, minutes = 0, keep = 99 }
)";

// Cells that fire in each of four iterations of the second phase.
constexpr const char* iterated = R"(
format = 1
phase = [{ name = "before", ms = 2.0 }, { name = "settle", ms = 0.5, repeat = 4, order = "together" }]
population.one.role = "constant"
population.rec = { size = 5, tau_ms = { soma = 3.0 }, impulse = ["soma"], spikes = { threshold = 1.0, reset = 0.0 } }
synapses.W = { from = "one", to = "rec.soma", during = "settle", init = { uniform = [0.1, 0.7] } }
run = { steps = 30, seed = 1 }
checkpoint = { every = 11, minutes = 0, keep = 99 }
)";

constexpr const char* spikes_and_rates =
    "record={ all = { what = [\"*.spikes\", \"input.r\", \"rec.r\"] } }";

Model spiking(const std::string& text, const TemporaryFolder& folder, const std::string& name,
              const std::string& record) {
    Model model = load_model(folder.write("model.toml", text), {record});
    model.output = folder / name;
    return model;
}

std::vector<Spike> spikes_of(const StoredRun& run, const std::string& population) {
    const StoredSpikes* one = run.find_spikes(population);
    REQUIRE(one);
    return run.read_spikes(*one, 0, one->rows);
}

bool is_same(const std::vector<Spike>& a, const std::vector<Spike>& b) {
    return std::equal(a.begin(), a.end(), b.begin(), b.end(), [](const Spike& x, const Spike& y) {
        return x.step == y.step && x.time_ms == y.time_ms && x.cell == y.cell;
    });
}

// What the recorded rates say, at `after_ms` from each step's beginning.
std::vector<Spike> by_rates(const StoredRun& run, const std::string& address, double after_ms) {
    const StoredQuantity& rate = run.find(address);
    const std::size_t cells = rate.row_numbers();
    std::vector<Spike> all;
    for (std::uint64_t row = 0; row < rate.rows; ++row) {
        const std::int64_t step = run.steps(rate.axis, row, 1).front();
        const std::vector<double> z = run.read(rate, row, 1);
        for (std::size_t i = 0; step > 0 && i < cells; ++i) {
            if (z[i] == 1.0)
                all.push_back({step, double(step - 1) * run.step_ms() + after_ms, std::int64_t(i)});
        }
    }
    return all;
}

}  // namespace

TEST_CASE("the spikes in a run file are those of the rates, with their times", "[spikes][record]") {
    const TemporaryFolder folder;
    const Model model = spiking(lif, folder, "lif.h5", spikes_and_rates);
    run_model(model);
    const StoredRun run(model.output);
    const std::vector<Spike> rec = spikes_of(run, "rec");
    REQUIRE(rec.size() > 300);
    CHECK(is_same(rec, by_rates(run, "rec.r", 1.0)));
    CHECK(is_same(spikes_of(run, "input"), by_rates(run, "input.r", 0.0)));
    const StoredSpikes& one = *run.find_spikes("rec");
    CHECK(one.cells == 40);
    for (const std::int64_t step : {0, 1, 100, 299, 300}) {
        const auto expected = std::count_if(rec.begin(), rec.end(),
                                            [&](const Spike& spike) { return spike.step <= step; });
        CHECK(run.first_spike(one, step) == std::uint64_t(expected));
    }
}

TEST_CASE("spikes of cells that fire in each iteration have their own times", "[spikes][record]") {
    const TemporaryFolder folder;
    const Model model = spiking(iterated, folder, "iterated.h5",
                                "record={ all = { what = [\"rec.spikes\", \"rec.r\"], "
                                "each_iteration = true } }");
    run_model(model);
    const StoredRun run(model.output);
    const StoredQuantity& rate = run.find("iterations(rec.r)");
    std::vector<Spike> expected;
    for (std::uint64_t row = 1; row < rate.rows; ++row) {
        const std::vector<double> z = run.read(rate, row, 1);
        for (std::size_t k = 0; k < 4; ++k) {
            for (std::size_t i = 0; i < 5; ++i) {
                // The iterations end 2.5, 3, 3.5 and 4 ms behind the step's beginning.
                if (z[(k + 1) * 5 + i] == 1.0)
                    expected.push_back({std::int64_t(row),
                                        4.0 * double(row - 1) + 2.5 + 0.5 * double(k),
                                        std::int64_t(i)});
            }
        }
    }
    REQUIRE(expected.size() > 50);
    CHECK(is_same(spikes_of(run, "rec"), expected));
}

TEST_CASE("spikes are recorded of the steps and the cells that a table asks for",
          "[spikes][record]") {
    const TemporaryFolder folder;
    const Model model = spiking(lif, folder, "some.h5",
                                "record={ some = { what = \"rec.spikes\", from = 20, to = 200, "
                                "every = 3, cells = { rec = [3, \"10:20\"] } }, all = { what = "
                                "\"rec.r\" } }");
    run_model(model);
    const StoredRun run(model.output);
    std::vector<Spike> expected = by_rates(run, "rec.r", 1.0);
    std::erase_if(expected, [](const Spike& one) {
        const bool in_steps = one.step >= 20 && one.step <= 200 && (one.step - 20) % 3 == 0;
        return !in_steps || !(one.cell == 3 || (one.cell >= 10 && one.cell < 20));
    });
    REQUIRE(expected.size() > 20);
    CHECK(is_same(spikes_of(run, "rec"), expected));
    CHECK(!run.find_spikes("input"));
}

TEST_CASE("a run with spikes has the same bytes resumed and on two threads",
          "[spikes][checkpoint][threads]") {
    for (const char* record :
         {"record={ all = { what = \"*\" } }", "record={ few = { what = \"rec.spikes\" } }",
          "record={ a = { what = \"rec.spikes\", every = 7 }, b = { what = \"events\" }, c = { "
          "what = [\"W_rec\", \"rec.soma.v\"], every = 5 } }"}) {
        for (const char* text : {lif, iterated}) {
            const std::int64_t every = text == lif ? 70 : 11;
            if (text == iterated && std::string(record).find("W_rec") != std::string::npos)
                continue;
            INFO(record << text);
            const TemporaryFolder folder;
            const Model model = spiking(text, folder, "whole.h5", record);
            run_model(model);
            const std::string whole = content_of(model.output), killed = folder / "killed.h5";
            for (const std::int64_t step : {every, 2 * every}) {
                for (const int threads : {1, 2}) {
                    leave_killed(model.output, step, killed);
                    resumed(killed, threads);
                    CHECK((content_of(killed) == whole));
                }
            }
            const Model again = spiking(text, folder, "threads.h5", record);
            run_model(again, {.threads = 2});
            CHECK((content_of(again.output) == whole));
        }
    }
}

TEST_CASE("a run of which spikes are recorded goes as one of which none are", "[spikes][record]") {
    for (const char* text : {lif, iterated}) {
        const TemporaryFolder folder;
        const std::string set = text == lif ? "W_rec" : "W";
        const std::string rates = "record={ all = { what = [\"rec.r\", \"" + set + "\"] } }";
        const std::string both =
            "record={ all = { what = [\"rec.r\", \"" + set + "\"] }, s = { what = \"*.spikes\" } }";
        const Model without = spiking(text, folder, "without.h5", rates),
                    with = spiking(text, folder, "with.h5", both);
        run_model(without);
        run_model(with);
        const StoredRun a(without.output), b(with.output);
        for (const std::string& address : {std::string("rec.r"), set}) {
            const StoredQuantity &x = a.find(address), &y = b.find(address);
            REQUIRE(x.rows == y.rows);
            CHECK((a.read(x, 1, x.rows - 1) == b.read(y, 1, y.rows - 1)));
        }
    }
}

TEST_CASE("a run that was killed is recovered with its spikes", "[spikes][checkpoint]") {
    const TemporaryFolder folder;
    const Model model = spiking(lif, folder, "whole.h5", spikes_and_rates);
    run_model(model);
    const std::vector<Spike> all = spikes_of(StoredRun(model.output), "rec");
    const std::string killed = folder / "killed.h5";
    std::filesystem::copy_file(model.output, killed);
    // As a killed program leaves it: not closed.
    python(
        "import h5py\n"
        "with h5py.File(argv[1], 'r+') as f:\n"
        "    f.attrs.modify('steps_completed', -1)\n",
        {killed});
    recover(killed);
    CHECK(is_same(spikes_of(StoredRun(killed), "rec"), all));
}

TEST_CASE("the spikes of a run file are read as those of a SONATA file", "[spikes][record]") {
    const TemporaryFolder folder;
    const Model model = spiking(lif, folder, "lif.h5", spikes_and_rates);
    run_model(model);
    // What the format asks of a spike file, and what its readers do with one.
    python(
        "import h5py, numpy\n"
        "with h5py.File(argv[1], 'r') as f:\n"
        "    assert sorted(f['spikes']) == ['input', 'rec']\n"
        "    rec = f['spikes/rec']\n"
        "    times, ids = rec['timestamps'], rec['node_ids']\n"
        "    assert times.attrs['units'] == 'ms' and times.dtype == 'f8'\n"
        "    assert numpy.issubdtype(ids.dtype, numpy.integer)\n"
        "    assert times.shape == ids.shape and times.ndim == 1\n"
        "    assert (numpy.diff(times) >= 0).all() and set(ids) <= set(range(40))\n"
        "    z = f['state/rec/rate'][1:, 0]\n"
        "    again = numpy.zeros_like(z)\n"
        "    again[numpy.round(times[:]).astype(int) - 1, ids[:]] = 1\n"
        "    assert (again == z).all()\n",
        {model.output});
}

TEST_CASE("what cannot be recorded of spikes is told at its place", "[spikes][record]") {
    const auto refused = [](const std::string& record, const std::vector<std::string>& phrases) {
        rejects_text(std::string(lif) + record, phrases);
    };
    refused("record.s = { what = @\"rec.spike\" }", {"Did you mean \"rec.spikes\"?"});
    refused("record.s = { what = @\"one.spikes\" }", {"\"one.spikes\" is nothing that can be"});
    refused("record.s = { what = \"rec.spikes\", cells = { @input = [1] } }",
            {"records nothing that has its cells in \"input\""});
    refused(
        "record.s = { what = \"rec.spikes\", cells = { rec = [1] } }\n"
        "record.t = { what = @\"rec.spikes\" }",
        {"[record.s] and [record.t] choose different cells of \"rec.spikes\""});
}

TEST_CASE("inspect tells the spikes of a run, as text and as JSON", "[spikes][inspect]") {
    const TemporaryFolder folder;
    const Model model = spiking(lif, folder, "lif.h5", spikes_and_rates);
    run_model(model);
    const StoredRun run(model.output);
    const std::vector<Spike> rec = spikes_of(run, "rec");
    const std::string text = apical_with({"inspect", model.output}).out;
    CHECK_THAT(text, Catch::Contains(fmt::format("{} spikes of 40 cells, steps {} to {}",
                                                 rec.size(), rec.front().step, rec.back().step)));
    const std::string json = apical_with({"inspect", model.output, "--json"}).out;
    CHECK_THAT(json, Catch::Contains(fmt::format("\"rows\": {}", rec.size())) &&
                         Catch::Contains("\"path\": \"/spikes/rec\""));
}
