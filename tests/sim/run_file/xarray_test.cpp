// Every group of every file opens in xarray, with both of its engines, and has what h5py reads.
#include "sim/runs/run_model.hpp"
#include "tests/sim/command_line/program_run.hpp"
#include "tests/sim/sweep/sweep_folder.hpp"
#include "tests/this_build.hpp"

using namespace apical;

namespace {

bool xarray_agrees(const std::string& files) {
    const std::string script =
        std::string(APICAL_SOURCE_DIR) + "/tests/sim/run_file/check_xarray.py";
    return std::system(("/usr/bin/python3 '" + script + "' " + files).c_str()) == 0;
}

std::string run_of(const TemporaryFolder& folder, const std::string& path,
                   const std::vector<std::string>& overrides) {
    Model model = load_model(path, with_early_events(path, overrides));
    model.output = folder / (std::filesystem::path(path).stem().string() + ".h5");
    run_model(model, {.force = true});
    return " '" + model.output + "'";
}

const std::vector<std::string> all = {"run.steps=30", "record={ all = { what = \"*\" } }"};

}  // namespace

TEST_CASE("every group of the run files of all models opens in xarray", "[xarray][slow]") {
    const TemporaryFolder folder;
    std::vector<std::string> models = shipped_models();
    for (std::string& path : models_in({"models/circuits", "models/dynamics"}))
        models.push_back(std::move(path));
    std::string files;
    // xarray takes the time, which no sanitizer looks at.
    for (std::size_t k = 0; k < models.size(); k += is_sanitized ? 5 : 1)
        files += run_of(folder, models[k], all);
    CHECK(xarray_agrees(files));
}

TEST_CASE("tables with steps and cells of their own and what is measured open in xarray",
          "[xarray]") {
    const TemporaryFolder folder;
    const std::string tables =
        "record={ some = { what = [\"hidden.*\", \"loss\", \"W_rec\"], every = 3 }, "
        "rates = { what = [\"hidden.r\", \"events\"], every = 7 }, "
        "few = { what = \"W_in\", cells = { hidden = [0, 3] } } }";
    CHECK(xarray_agrees(run_of(folder, path_of_shipped("dni_b"),
                               {"run.steps=60", "diagnose.alignment=true", "diagnose.change=true",
                                "evaluate={ every = 20, steps = 20 }", tables})));
}

TEST_CASE("a sweep's result opens in xarray", "[xarray][sweep]") {
    const TemporaryFolder folder;
    std::ofstream(folder / "s.toml") << few_seeds << small_set << "diagnose.alignment = true\n"
                                     << model_lines("RFLO", "rflo");
    CHECK(apical_with({"sweep", folder / "s.toml", "-o", folder / "s.h5", "-q"}).code == 0);
    CHECK(xarray_agrees("'" + (folder / "s.h5") + "'"));
}
