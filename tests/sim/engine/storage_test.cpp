// Where the strengths of a set are stored, what they begin from, and what is refused.
#include <fmt/format.h>

#include "tests/sim/engine/plan/draft_program.hpp"
#include "tests/sim/engine/plan/driven_model.hpp"
#include "tests/sim/engine/sparse_models.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"

using namespace apical;

TEST_CASE("rules that need all synapses refuse rows, and have a matrix where nothing is said",
          "[rows][model]") {
    const std::vector<std::pair<std::string, std::string>> rules = {{"rtrl", "rtrl"},
                                                                    {"uoro", "uoro"},
                                                                    {"kf_rtrl", "kf_rtrl"},
                                                                    {"r_kf", "r_kf"},
                                                                    {"r_kf", "r_kf"}};
    for (const auto& [name, rule] : rules) {
        INFO(name);
        std::vector<std::string> overrides = {"synapses.W_rec.init={ normal = 0.2 }",
                                              "synapses.W_rec.connect={ probability = 0.05 }"};
        const Model model = load_model(path_of_shipped(name), overrides);
        CHECK_FALSE(is_by_rows(model, "W_rec"));
        CHECK(model.resolved.find("storage") == std::string::npos);
        overrides.back() = "synapses.W_rec.connect={ probability = 0.05, storage = \"rows\" }";
        try {
            load_model(path_of_shipped(name), overrides);
            FAIL("it was loaded");
        } catch (const Error& error) {
            const std::string message = error.what();
            CHECK(message.find("needs storage = \"dense\"") != std::string::npos);
            CHECK(message.find("rule \"") != std::string::npos);
        }
    }
}

TEST_CASE("few synapses are stored by rows by themselves, many as a matrix, and the file says so",
          "[rows][model]") {
    const auto with = [](const std::string& connect) {
        return load_model(path_of_shipped("rflo"), {"synapses.W_rec.init={ normal = 0.2 }",
                                                    "synapses.W_rec.connect=" + connect});
    };
    const Model few = with("{ probability = 0.2 }"), many = with("{ probability = 0.21 }"),
                asked = with("{ probability = 0.05, storage = \"dense\" }");
    CHECK(is_by_rows(few, "W_rec"));
    CHECK(few.resolved.find("storage = \"rows\"") != std::string::npos);
    CHECK_FALSE(is_by_rows(many, "W_rec"));
    CHECK(many.resolved.find("storage") == std::string::npos);
    CHECK_FALSE(is_by_rows(asked, "W_rec"));
    CHECK(asked.resolved.find("storage = \"dense\"") != std::string::npos);
    // J of DNI(b) is used in both directions.
    const auto learned = [](const std::string& connect) {
        return load_model(path_of_shipped("dni_b"),
                          {"synapses.J.init={ normal = 0.2 }", "synapses.J.connect=" + connect});
    };
    CHECK(is_by_rows(learned("{ probability = 0.1 }"), "J"));
    CHECK_FALSE(is_by_rows(learned("{ probability = 0.11 }"), "J"));
}

TEST_CASE("strengths stored by rows begin from a file of one number for each synapse, or of all",
          "[rows]") {
    TemporaryHdf5 file;
    const Model drawn = load_model(path_of_shipped("rflo"), sparse_rflo("rows"));
    const std::size_t count = drawn.places.front()->count();
    std::vector<double> each(count), all(81);
    for (std::size_t k = 0; k < count; ++k) each[k] = 0.01 * double(k + 1);
    for (std::size_t k = 0; k < all.size(); ++k) all[k] = 0.001 * double(k + 1);
    file.write("each", {count}, each);
    file.write("all", {9, 9}, all);
    file.close();
    const auto begun = [&](const std::string& dataset) {
        auto overrides = sparse_rflo("rows");
        overrides[1] = fmt::format("synapses.W_rec.init={{ file = \"{}\", dataset = \"{}\" }}",
                                   file.directory() + "/" + file.name(), dataset);
        SteppedModel stepped(load_model(path_of_shipped("rflo"), overrides));
        const auto numbers = stepped.state.numbers(stepped.find("W_rec"));
        return std::vector<double>(numbers.begin(), numbers.begin() + std::ptrdiff_t(count));
    };
    CHECK(begun("each") == each);
    const std::vector<double> some = begun("all");
    for_each_synapse(*drawn.places.front(), [&](std::size_t i, std::size_t j, std::size_t k) {
        CHECK(some[k] == all[9 * i + j]);
    });
}

TEST_CASE("sets that this machine has no memory for are refused before they are drawn", "[rows]") {
    const auto refusal = [](const std::string& connect) {
        try {
            load_model(path_of_shipped("rflo"),
                       {"population.hidden.size=1000000", "synapses.W_rec.init={ normal = 0.1 }",
                        "synapses.W_rec.connect=" + connect});
        } catch (const Error& error) {
            return std::string(error.what());
        }
        return std::string("it was loaded");
    };
    const std::string of_matrix = refusal("{ probability = 0.5 }"),
                      of_rows = refusal("{ probability = 0.01, storage = \"rows\" }");
    CHECK(of_matrix.find("GB of memory for 1e+12 pairs of cells") != std::string::npos);
    CHECK(of_rows.find("\"W_rec\" has about 1e+10 synapses; expected less than 2^32") !=
          std::string::npos);
}

TEST_CASE("a dataset of a million million places is refused", "[rows]") {
    TemporaryHdf5 named;
    named.close();
    const std::string path = named.directory() + "/" + named.name();
    {
        H5::H5File file(path, H5F_ACC_TRUNC);
        const hsize_t extent[] = {1'000'000, 1'000'000}, chunk[] = {1000, 1000};
        H5::DSetCreatPropList chunked;
        chunked.setChunk(2, chunk);
        file.createDataSet("W", H5::PredType::NATIVE_DOUBLE, H5::DataSpace(2, extent), chunked);
    }
    try {
        load_model(path_of_shipped("rflo"),
                   {"synapses.W_rec.init={ normal = 0.1 }",
                    fmt::format("synapses.W_rec.connect={{ file = \"{}\", dataset = \"W\", storage "
                                "= \"rows\" }}",
                                path)});
        FAIL("it was loaded");
    } catch (const Error& error) {
        CHECK(std::string(error.what()).find("2^31 numbers") != std::string::npos);
    }
}
