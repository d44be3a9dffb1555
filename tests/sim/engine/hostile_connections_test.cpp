// Connection files that are damaged, of other kinds, or say that they are larger than any memory.
#include <algorithm>

#include "tests/sim/engine/plan/driven_model.hpp"
#include "tests/sim/engine/sparse_models.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// What is said of "W" of an HDF5 file as the places of nine cells' synapses.
std::string said_of(const std::string& path, const std::string& storage) {
    const auto error = error_of([&] {
        load_model(path_of_shipped("rflo"),
                   {"population.hidden.size=9", "synapses.W_rec.init={ normal = 0.1 }",
                    fmt::format("synapses.W_rec.connect={{ file = \"{}\", dataset = \"W\", storage "
                                "= \"{}\" }}",
                                path, storage)});
    });
    return error ? error->what() : "it was loaded";
}

// A file that `fill` writes into.
template <class Fill>
std::string said_of_file(const Fill& fill, const std::string& storage = "rows") {
    TemporaryHdf5 named;
    named.close();
    const std::string path = named.directory() + "/" + named.name();
    {
        H5::H5File file(path, H5F_ACC_TRUNC);
        fill(file);
    }
    return said_of(path, storage);
}

// A dataset of which nothing is written but its shape.
void state_shape(H5::H5File& file, const std::vector<hsize_t>& shape) {
    std::vector<hsize_t> chunk = shape;
    for (hsize_t& one : chunk) one = std::min<hsize_t>(one, 1000);
    H5::DSetCreatPropList chunked;
    chunked.setChunk(static_cast<int>(chunk.size()), chunk.data());
    file.createDataSet("W", H5::PredType::NATIVE_INT,
                       H5::DataSpace(static_cast<int>(shape.size()), shape.data()), chunked);
}

}  // namespace

TEST_CASE("a connection file without numbers is refused", "[connect][hdf5]") {
    const hsize_t two[] = {2, 2};
    const H5::DataSpace pairs(2, two);
    const std::string of_text = said_of_file([&](H5::H5File& file) {
        file.createDataSet("W", H5::StrType(H5::PredType::C_S1, 3), pairs);
    });
    CHECK_THAT(of_text, Catch::Contains("it is not of numbers"));
    const std::string of_tuples = said_of_file([&](H5::H5File& file) {
        H5::CompType tuple(2 * sizeof(double));
        tuple.insertMember("post", 0, H5::PredType::NATIVE_DOUBLE);
        tuple.insertMember("pre", sizeof(double), H5::PredType::NATIVE_DOUBLE);
        file.createDataSet("W", tuple, pairs);
    });
    CHECK_THAT(of_tuples, Catch::Contains("it is not of numbers"));
    CHECK_THAT(said_of_file([](H5::H5File& file) { file.createGroup("W"); }),
               Catch::Contains("has no dataset \"W\""));
    CHECK_THAT(said_of_file([](H5::H5File&) {}), Catch::Contains("has no dataset \"W\""));
}

TEST_CASE("a list of more pairs than a file has is refused before memory is taken",
          "[connect][hdf5]") {
    for (const char* storage : {"rows", "dense"}) {
        CHECK_THAT(said_of_file(
                       [](H5::H5File& file) {
                           state_shape(file, {1'000'000'000'000, 2});
                       },
                       storage),
                   Catch::Contains("it has more than 2^31 numbers"));
        CHECK_THAT(
            said_of_file(
                [](H5::H5File& file) {
                    state_shape(file, {1'000'000'000, 2});
                },
                storage),
            Catch::Contains("it states 1000000000 x 2 numbers, for which the file is too short"));
    }
}

TEST_CASE("cells that no circuit has are refused in a list of pairs", "[connect][hdf5]") {
    const auto said_of_pair = [](const H5::DataType& type, const void* pair) {
        return said_of_file([&](H5::H5File& file) {
            const hsize_t one[] = {1, 2};
            file.createDataSet("W", type, H5::DataSpace(2, one)).write(pair, type);
        });
    };
    const std::int64_t beyond_32_bits[] = {std::int64_t{1} << 40, 0};
    CHECK_THAT(said_of_pair(H5::PredType::NATIVE_INT64, beyond_32_bits),
               Catch::Contains("has the postsynaptic cell 1099511627776 in row 0"));
    const std::uint64_t largest[] = {0, ~std::uint64_t{0}};
    CHECK_THAT(said_of_pair(H5::PredType::NATIVE_UINT64, largest),
               Catch::Contains("has the presynaptic cell 1.844"));
    const double infinite[] = {0.0, INFINITY};
    CHECK_THAT(said_of_pair(H5::PredType::NATIVE_DOUBLE, infinite),
               Catch::Contains("expected finite numbers"));
    const double beside[] = {1.0, 1.0000000000000002};
    CHECK_THAT(said_of_pair(H5::PredType::NATIVE_DOUBLE, beside),
               Catch::Contains("has the presynaptic cell 1.0000000000000002 in row 0"));
}

TEST_CASE("a connection file that was cut off is refused", "[connect][hdf5]") {
    TemporaryHdf5 file;
    file.write("W", {2, 2}, {0, 1, 1, 0});
    file.close();
    const std::string whole = content_of(file.directory() + "/" + file.name());
    const TemporaryFolder folder;
    CHECK(said_of(folder.write("whole.h5", whole), "rows") == "it was loaded");
    for (const std::size_t size :
         {std::size_t{0}, std::size_t{8}, whole.size() / 2, whole.size() - 1}) {
        INFO(size << " bytes");
        const std::string path = folder.write("cut.h5", whole.substr(0, size));
        CHECK_THAT(said_of(path, "rows"),
                   size == 0 ? Catch::Contains("is empty")
                             : Catch::Contains("is not an HDF5 file, or it is damaged"));
    }
}

TEST_CASE("a list of no pairs joins nothing, which rows do not store", "[connect][hdf5]") {
    const auto nothing = [](H5::H5File& file) {
        const hsize_t none[] = {0, 2};
        file.createDataSet("W", H5::PredType::NATIVE_INT, H5::DataSpace(2, none));
    };
    CHECK_THAT(said_of_file(nothing), Catch::Contains("no synapse of \"W_rec\" exists"));
    CHECK(said_of_file(nothing, "dense") == "it was loaded");
}
