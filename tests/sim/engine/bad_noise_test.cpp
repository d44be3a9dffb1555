// Noise and first values that are read from files which cannot be used.
#include <limits>

#include "sim/engine/initialize.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

constexpr hsize_t n = 3, n_in = 2, m = n + n_in + 1, rows = 6;

struct Written {
    Written() {
        std::vector<double> bad(rows * n, 1.0);
        bad[4 * n + 1] = std::numeric_limits<double>::quiet_NaN();
        file.write("nu", {rows, n}, std::vector<double>(rows * n, 1.0));
        file.write("two", {rows, 2}, std::vector<double>(rows * 2, 1.0));
        file.write("wide", {rows, n + 1}, std::vector<double>(rows * (n + 1), 1.0));
        file.write("bad", {rows, n}, bad);
        file.write("cube", {rows, n, 1}, std::vector<double>(rows * n, 1.0));
        file.write("A", {n}, std::vector<double>(n, 1.0));
        file.write("B", {n, m}, std::vector<double>(n * m, 1.0));
        file.write("B_and_more", {n, m + 1}, std::vector<double>(n * (m + 1), 1.0));
        file.write("halves", {rows, n}, std::vector<double>(rows * n, 0.5));
        file.write("row", {m}, std::vector<double>(m, 1.0));
        file.close();
    }
    std::string path() const { return file.directory() + '/' + file.name(); }
    TemporaryHdf5 file;
};

// A small model whose run is as long as the datasets, with a line more in [plasticity.recurrent].
std::vector<Change> small(const std::string& line, int steps = rows) {
    return {{"size       = 32", fmt::format("size = {}", n)},
            {"[plasticity.readout]", line + "\n[plasticity.readout]"},
            {"steps = 100_000", fmt::format("steps = {}", steps)}};
}

std::string noise(const std::string& file, const std::string& dataset) {
    return fmt::format("noise = {{ file = @\"{}\", dataset = \"{}\" }}", file, dataset);
}

void start(const std::string& path) {
    const Model model = load_model(path, {});
    State state(model.program);
    initialize(state, model.circuit, model.seed, model.directory);
}

void no_such_input(const std::string& model, const std::vector<Change>& changes,
                   const std::vector<std::string>& phrases) {
    const TemporaryFolder folder;
    std::string text = drafted(model, changes);
    const std::string mark = take_mark(text), path = folder.write("model.toml", text);
    check_error(error_of([&] { start(path); }), ExitCode::no_such_input, path + mark, phrases);
}

// The value of A or B, or zeta.
std::vector<Change> first_value(const std::string& tensor, const std::string& init) {
    std::vector<Change> changes = small("");
    changes.push_back({fmt::format("{}        = {{ normal = 1.0 }}", tensor),
                       fmt::format("{} = {{ {} }}", tensor, init)});
    return changes;
}

const std::vector<std::string> replaying = {"uoro", "r_kf", "kernl"};

// With the noise before the first step, where there is one.
std::string noise_of(const std::string& model, const std::string& file,
                     const std::string& dataset) {
    return noise(file, dataset) + (model == "kernl" ? "\nzeta = { constant = 0.0 }" : "");
}

}  // namespace

TEST_CASE("noise of the right shape and length can be replayed", "[noise]") {
    const Written written;
    const TemporaryFolder folder;
    const auto model = [&](const std::string& name, const std::string& dataset) {
        std::string text = drafted(name, small(noise_of(name, written.path(), dataset)));
        take_mark(text);
        return folder.write(name + ".toml", text);
    };
    for (const std::string& name : replaying) CHECK_NOTHROW(start(model(name, "nu")));
    CHECK_NOTHROW(start(model("kf_rtrl", "two")));
}

TEST_CASE("a noise file that is missing is no input", "[noise]") {
    for (const std::string& name : replaying)
        no_such_input(name, small(noise_of(name, "none.h5", "nu")), {"none.h5", "No such file"});
}

TEST_CASE("replayed noise of a twin needs the noise before the first step", "[noise][kernl]") {
    const Written written;
    const std::string line =
        fmt::format("noise = @{{ file = \"{}\", dataset = \"nu\" }}", written.path());
    rejects("kernl", small(line), {"the noise before the first step", "the key \"zeta\""});
}

TEST_CASE("a noise file that is none is reported", "[noise]") {
    rejects("uoro", small(noise("model.toml", "nu")), {"model.toml", "not an HDF5 file"});
}

TEST_CASE("noise names its file and its dataset", "[noise]") {
    rejects("uoro", small("noise = @{ file = \"a.h5\" }"),
            {"[plasticity.recurrent.noise] is missing its key \"dataset\""});
    rejects("uoro", small("noise = @{ dataset = \"nu\" }"),
            {"[plasticity.recurrent.noise] is missing its key \"file\""});
    rejects(
        "uoro", small("noise = { file = \"a.h5\", @datset = \"nu\" }"),
        {"unknown key \"datset\" in [plasticity.recurrent.noise]", "Did you mean \"dataset\"?"});
    rejects("uoro", small("noise = @\"a.h5\""), {"noise is the text \"a.h5\"", "a table"});
}

TEST_CASE("noise that cannot be replayed is reported with what was expected", "[noise]") {
    const Written written;
    const std::string path = written.path();
    for (const std::string& name : replaying) {
        rejects(name, small(noise_of(name, path, "mu")),
                {"no dataset \"mu\"", "Did you mean \"nu\"?"});
        rejects(name, small(noise_of(name, path, "two")),
                {"\"two\"", "the shape [6, 2]", "one row a step with 3 columns"});
        rejects(name, small(noise_of(name, path, "wide")),
                {"\"wide\"", "the shape [6, 4]", "one row a step with 3 columns"});
        rejects(name, small(noise_of(name, path, "cube")),
                {"the shape [6, 3, 1]", "one row a step"});
        rejects(name, small(noise_of(name, path, "bad")),
                {"\"bad\"", "nan in row 4", "finite numbers"});
        rejects(name, small(noise_of(name, path, "nu"), rows + 1),
                {"\"nu\"", "ends at step 6", "the run is 7 steps long"});
        if (name == "kernl") continue;
        rejects(name, small(noise_of(name, path, "halves")),
                {"0.5 in step 1", "expected signs, -1 or 1"});
    }
    rejects("kf_rtrl", small(noise(path, "A")), {"the shape [3]", "with 2 columns"});
    rejects("kf_rtrl", small(noise(path, "nu")), {"the shape [6, 3]", "with 2 columns"});
}

TEST_CASE("first values from a file that does not fit are reported with both shapes",
          "[initialize]") {
    const Written written;
    const auto of = [&](const std::string& dataset) {
        return fmt::format("file = @\"{}\", dataset = \"{}\"", written.path(), dataset);
    };
    for (const char* name : {"uoro", "r_kf"}) {
        const TemporaryFolder folder;
        std::string text = drafted(name, first_value("B", of("B")));
        take_mark(text);
        CHECK_NOTHROW(start(folder.write("model.toml", text)));
        rejects(name, first_value("A", of("row")), {"\"row\"", "is 6", "3 x 1", "recurrent.A"},
                start);
        rejects(name, first_value("B", of("nu")), {"\"nu\"", "6 x 3", "3 x 3", "\"B(W_rec)\""},
                start);
        rejects(name, first_value("B", of("bad")), {"\"bad\"", "6 x 3"}, start);
        rejects(name, first_value("A", of("AA")), {"no dataset \"AA\"", "Did you mean \"A\"?"},
                start);
        no_such_input(name, first_value("A", "file = @\"none.h5\", dataset = \"A\""), {"none.h5"});
    }
    for (const char* name : {"uoro", "r_kf"}) {
        rejects(name, first_value("B", of("B_and_more")),
                {"3 x 7, columns 0 to 2 of 6", "expected 3 x 3"}, start);
        rejects(name, first_value("B", of("B_and_more") + ", columns = [0, 5]"),
                {"5 columns are taken of \"B_and_more\"", "expected 6"}, start);
    }
    rejects("kf_rtrl", first_value("A", of("A")), {"\"A\"", "is 3", "of 6", "recurrent.A(W_rec)"},
            start);
    rejects("kf_rtrl", first_value("B", of("B")), {"3 x 6", "3 x 3", "recurrent.B"}, start);
    rejects("kernl", small("zeta = { " + of("row") + " }"),
            {"\"row\"", "is 6", "3 x 1", "recurrent.zeta"}, start);
}
