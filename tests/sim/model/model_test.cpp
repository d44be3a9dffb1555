// What is rejected when a model meets its data, and what is only seen with all of its parts.
#include "sim/model/model.hpp"

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <limits>

#include "sim/runs/run_model.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"

namespace {

using namespace apical;

std::string shipped(const std::string& name) {
    return fmt::format("{}/models/{}.toml", APICAL_SOURCE_DIR, name);
}

// The message with which a shipped model is rejected, or an empty one.
std::string rejection(const std::string& name, const std::vector<std::string>& overrides) {
    try {
        load_model(shipped(name), overrides);
    } catch (const Error& error) {
        CHECK(error.code() == ExitCode::bad_model);
        return error.what();
    }
    return "";
}

std::string with_labels(const std::vector<double>& labels) {
    TemporaryHdf5 file;
    file.write("x", {2, 2}, {1, 0, 0, 1});
    file.write("y", {2, labels.size() / 2}, labels);
    file.close();
    return rejection("rflo", {fmt::format("task={{ kind = \"file\", path = \"{}/{}\" }}",
                                          file.directory(), file.name()),
                              "run.steps=2", "record={}"});
}

}  // namespace

TEST_CASE("labels of a softmax that are no probabilities are rejected", "[model][file]") {
    CHECK(with_labels({0.25, 0.75, 1.0, 0.0}).empty());
    CHECK_THAT(with_labels({0.25, 0.75, 0.5, 0.6}),
               Catch::Contains("row 1") && Catch::Contains("readout = \"linear\""));
    CHECK_THAT(with_labels({-0.5, 1.5, 0.5, 0.5}), Catch::Contains("row 0"));
    CHECK_THAT(with_labels({1.0, 1.0}), Catch::Contains("two or more outputs"));
}

TEST_CASE("data that are not finite are rejected with their row", "[model][file]") {
    const double nan = std::numeric_limits<double>::quiet_NaN();
    CHECK_THAT(with_labels({0.25, 0.75, nan, 0.5}),
               Catch::Contains("has nan in row 1; expected finite numbers"));
}

TEST_CASE("a run whose time does not fit into 63 bits is rejected", "[model]") {
    const std::string phases =
        "phase=[{ name = \"forward\", ms = 1e6 }, { name = \"update\", ms = 1e6 }]";
    CHECK(rejection("rflo", {phases, "run.steps=4_000_000"}).empty());
    CHECK_THAT(
        rejection("rflo", {phases, "run.steps=5_000_000"}),
        Catch::StartsWith("`override` run.steps=5_000_000: ") && Catch::Contains("292 years"));
}

TEST_CASE("a rule that needs the soma's slope rejects a dendrite that drives firing with it",
          "[model][rules]") {
    CHECK_THAT(
        rejection("rflo", {"population.hidden.dendrites=[\"feedback\", \"basal\"]",
                           "synapses.X={ from = \"input\", to = \"hidden.basal\", during = "
                           "\"forward\", init = { normal = 1.0 } }",
                           "gate={ g = { opens = \"hidden.basal\", during = \"forward\" } }"}),
        Catch::Contains("needs the slope at \"hidden.soma\" alone") &&
            Catch::Contains("\"hidden.basal\""));
}

TEST_CASE("a copy of a set onto itself is rejected", "[model][rules]") {
    CHECK_THAT(
        rejection("fixed_w", {"plasticity.same={ rule = \"copy\", synapses = [\"W_rec\"], of = "
                              "[\"W_rec\"], every = 1 }"}),
        Catch::Contains("needs another set than \"W_rec\" itself"));
}

TEST_CASE("an error population has a rate in its phase only", "[model]") {
    const Model model = load_model(shipped("rflo"), {});
    for (const Quantity& quantity : model.program.quantities) {
        if (quantity.address != "error.r") continue;
        REQUIRE(quantity.slots.size() == 2);
        CHECK_FALSE(quantity.slots[0]);
        CHECK(quantity.slots[1]);
    }
}

TEST_CASE("a teacher that does not fit into memory is rejected", "[model][task]") {
    CHECK_THAT(rejection("rflo", {"task={ kind = \"mimic\", cells = 10_000, inputs = 1_000_000 }"}),
               Catch::Contains("GB; this machine has"));
}

TEST_CASE("a run does not overwrite its own model", "[model][run]") {
    const std::string path = shipped("rflo");
    const Model model = load_model(path, {"run.output=\"" + path + "\""});
    try {
        run_model(model, {.force = true});
        FAIL("the model was overwritten");
    } catch (const Error& error) {
        CHECK(error.code() == ExitCode::cannot_create_output);
    }
    CHECK_NOTHROW(load_model(path, {}));
}

TEST_CASE("a table of recordings that names nothing is rejected", "[model][record]") {
    CHECK_THAT(rejection("rflo", {"record.loss.what=[]"}),
               Catch::Contains("[record.loss] names nothing"));
}

TEST_CASE("a compartment's short address is that of its voltage in recordings too",
          "[model][record]") {
    CHECK(rejection("rflo", {"record.loss.what=hidden.feedback"}).empty());
}
