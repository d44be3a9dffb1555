// Which synapses of a set exist: drawn, told or read.
#include "sim/engine/places.hpp"

#include <cmath>
#include <set>

#include "sim/numbers/random.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

constexpr std::uint32_t drawn_by = 7;

// A set "W" between two populations, or from one to itself.
struct JoinedCells {
    Circuit circuit;

    JoinedCells(int post, int pre, const Connectivity& connect, bool same = false) {
        Population cells;
        cells.size = post;
        circuit.populations.push_back(cells);
        cells.size = pre;
        circuit.populations.push_back(cells);
        circuit.synapses.push_back({"W", PopulationId(same ? 0 : 1), PopulationId(0), {}, {}});
        circuit.synapses.back().connect = connect;
    }
    Matrix places(const DataFolder& folder = {}, std::uint32_t seed = drawn_by) const {
        const SynapseSet& set = circuit.synapses.front();
        const Places found = places_of(circuit, set, seed, folder);
        Matrix all(circuit[set.post].size, circuit[set.pre].size);
        REQUIRE(found.rows.rows() == static_cast<std::size_t>(all.rows()));
        all.setZero();
        for_each_synapse(found.rows, [&](std::size_t i, std::size_t j, std::size_t) {
            all(static_cast<Eigen::Index>(i), static_cast<Eigen::Index>(j)) += 1.0;
        });
        return all;
    }
};

Connectivity connected(Connectivity::Kind kind, bool self = true) {
    Connectivity connect;
    connect.kind = kind;
    connect.self = self;
    connect.stream = "connect/W";
    return connect;
}

Connectivity with_probability(double p, bool self = true) {
    Connectivity connect = connected(Connectivity::Kind::probability, self);
    connect.probability = p;
    return connect;
}

Connectivity with_degree(Connectivity::Kind kind, int degree, bool self = true) {
    Connectivity connect = connected(kind, self);
    connect.degree = degree;
    return connect;
}

// Floyd's sample (Bentley & Floyd 1987), in a set: for j from N - k to N - 1 a draw t up to j joins
// it, or j where t is there already.
std::set<std::uint64_t> floyd(std::uint64_t cell, std::uint64_t candidates, std::uint64_t degree) {
    const Stream stream(drawn_by, "connect/W");
    std::set<std::uint64_t> sample;
    for (std::uint64_t j = candidates - degree; j < candidates; ++j) {
        const std::uint64_t m = j + degree - candidates;
        const std::uint64_t t = (stream.bits(cell, m) / (1ull << 32)) * (j + 1) / (1ull << 32);
        if (!sample.insert(t).second) sample.insert(j);
    }
    return sample;
}

}  // namespace

TEST_CASE("a tenth of the pairs exists with probability 0.1, each by a word of the stream",
          "[connect]") {
    const Matrix all = JoinedCells(1000, 1000, with_probability(0.1)).places();
    // 100,000 with a standard deviation of 300.
    CHECK(std::abs(all.sum() - 100'000.0) <= 1200.0);
    const Stream stream(drawn_by, "connect/W");
    std::uint64_t off = 0;
    for (std::uint64_t i = 0; i < 1000; ++i) {
        for (std::uint64_t j = 0; j < 1000; ++j) {
            const bool exists = stream.word(1000 * i + j) < 429'496'729u;  // floor(2^32 / 10)
            off += exists != (all(Eigen::Index(i), Eigen::Index(j)) == 1.0);
        }
    }
    CHECK(off == 0);
    CHECK(JoinedCells(30, 20, with_probability(1.0)).places() == Matrix::Ones(30, 20));
}

TEST_CASE("degrees are exact, and who is joined is Floyd's sample", "[connect]") {
    for (const int degree : {1, 5, 12, 13}) {
        const Matrix in =
            JoinedCells(9, 13, with_degree(Connectivity::Kind::in_degree, degree)).places();
        const Matrix out =
            JoinedCells(13, 9, with_degree(Connectivity::Kind::out_degree, degree)).places();
        for (Eigen::Index cell = 0; cell < 9; ++cell) {
            CHECK(in.row(cell).sum() == degree);
            CHECK(out.col(cell).sum() == degree);
            for (const std::uint64_t other :
                 floyd(std::uint64_t(cell), 13, std::uint64_t(degree))) {
                CHECK(in(cell, Eigen::Index(other)) == 1.0);
                CHECK(out(Eigen::Index(other), cell) == 1.0);
            }
        }
    }
}

TEST_CASE("without autapses degrees are exact among the others", "[connect]") {
    for (const int degree : {1, 4, 7}) {
        for (const auto kind : {Connectivity::Kind::in_degree, Connectivity::Kind::out_degree}) {
            const Matrix all = JoinedCells(8, 8, with_degree(kind, degree, false), true).places();
            CHECK(all.diagonal().sum() == 0.0);
            CHECK(all.sum() == 8.0 * degree);
            for (Eigen::Index cell = 0; cell < 8; ++cell)
                CHECK((kind == Connectivity::Kind::in_degree ? all.row(cell).sum()
                                                             : all.col(cell).sum()) == degree);
        }
    }
    Matrix expected = Matrix::Ones(8, 8);
    expected.diagonal().setZero();
    CHECK(JoinedCells(8, 8, connected(Connectivity::Kind::all, false), true).places() == expected);
    CHECK(JoinedCells(8, 8, with_probability(1.0, false), true).places() == expected);
    CHECK(JoinedCells(6, 6, connected(Connectivity::Kind::one_to_one)).places() ==
          Matrix::Identity(6, 6));
}

TEST_CASE("sets that name one stream draw alike, others and other seeds do not", "[connect]") {
    Connectivity other = with_probability(0.5);
    other.stream = "connect/V";
    const Matrix first = JoinedCells(20, 20, with_probability(0.5)).places();
    CHECK(first == JoinedCells(20, 20, with_probability(0.5)).places());
    CHECK(first != JoinedCells(20, 20, other).places());
    CHECK(first != JoinedCells(20, 20, with_probability(0.5)).places({}, drawn_by + 1));
}

TEST_CASE("places are read as a matrix of 0 and 1, or as pairs", "[connect]") {
    TemporaryHdf5 file;
    file.write("/matrix", {2, 3}, {0, 1, 1, 1, 0, 0});
    file.write("/pairs", {3, 2}, {0, 1, 0, 2, 1, 0});
    file.close();
    Matrix expected(2, 3);
    expected << 0, 1, 1, 1, 0, 0;
    for (const char* dataset : {"/matrix", "/pairs"}) {
        Connectivity connect = connected(Connectivity::Kind::file);
        connect.path = file.name();
        connect.dataset = dataset;
        const JoinedCells cells(2, 3, connect);
        CHECK(cells.places(file.directory()) == expected);
        const SynapseSet& set = cells.circuit.synapses.front();
        const Fans fans =
            fans_of(cells.circuit, set, places_of(cells.circuit, set, drawn_by, file.directory()));
        CHECK(fans.in == 1.5);
        CHECK(fans.out == 1.0);
    }
}

TEST_CASE("connection files that say something impossible are refused", "[connect]") {
    struct Refused {
        std::vector<hsize_t> shape;
        std::vector<double> numbers;
        std::string because;
    };
    const Refused all[] = {
        {{2, 3}, {0, 1, 1, 0.5, 0, 0}, "has 0.5 in row 1; expected 0 and 1 alone"},
        {{3, 3}, {0, 0, 0, 0, 0, 0, 0, 0, 0}, "is 3 x 3; expected 2 x 3 of 0 and 1 for \"W\""},
        {{3, 2}, {0, 1, 1, 1, 0, 1}, "has the pair (0, 1) a second time in row 2"},
        {{1, 2},
         {2, 1},
         "has the postsynaptic cell 2 in row 0; expected a whole number from 0 to "
         "1"},
        {{1, 2}, {1, 3}, "has the presynaptic cell 3 in row 0"},
        {{1, 2}, {-1, 0}, "has the postsynaptic cell -1 in row 0"},
        {{1, 2}, {0.5, 0}, "has the postsynaptic cell 0.5 in row 0"},
        {{1, 2}, {NAN, 0}, "expected finite numbers"},
    };
    for (const Refused& one : all) {
        TemporaryHdf5 file;
        file.write("/W", one.shape, one.numbers);
        file.close();
        Connectivity connect = connected(Connectivity::Kind::file);
        connect.path = file.name();
        connect.dataset = "/W";
        const JoinedCells cells(2, 3, connect);
        const std::optional<Error> error = error_of([&] { cells.places(file.directory()); });
        REQUIRE(error);
        CHECK_THAT(error->what(), Catch::Contains(one.because));
    }
}

TEST_CASE("cells that receive no synapse of a set are counted", "[connect]") {
    JoinedCells cells(80, 20, with_probability(0.1));
    cells.circuit.populations[0].name = "exc";
    const Matrix places = cells.places();
    int without = 0;
    for (Eigen::Index i = 0; i < 80; ++i) without += places.row(i).sum() == 0.0;
    CHECK(without > 0);  // 80 x 0.9^20 = 9.7 are expected
    const std::vector<std::string> said = cells_left_out(cells.circuit, drawn_by);
    REQUIRE(said.size() == 1);
    CHECK(said[0] ==
          fmt::format("{} of 80 cells of \"exc\" receive no synapse of \"W\" (2 expected a cell)",
                      without));
    CHECK(cells_left_out(JoinedCells(80, 20, with_degree(Connectivity::Kind::in_degree, 1)).circuit,
                         drawn_by)
              .empty());
    CHECK(cells_left_out(JoinedCells(80, 200, with_probability(0.5)).circuit, drawn_by).empty());
}
