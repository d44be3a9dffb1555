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
        {{}, {3}, "is one number; expected 2 x 3"},
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

TEST_CASE("a connection file without a synapse is told of", "[connect]") {
    JoinedCells cells(2, 3, connected(Connectivity::Kind::file));
    std::optional<Connectivity>& connect = cells.circuit.synapses.front().connect;
    connect->path = "c.h5";
    connect->dataset = "/none";
    connect->density = 0.5;  // as its file says, by `choose_storage`
    CHECK(cells_left_out(cells.circuit, drawn_by).empty());
    connect->density = 0.0;
    CHECK(
        cells_left_out(cells.circuit, drawn_by) ==
        std::vector<std::string>{"\"W\" has no synapse: dataset \"/none\" of \"c.h5\" names none"});
}

TEST_CASE("all but partners are joined, in as many cells of different kinds", "[connect]") {
    const Matrix all = JoinedCells(5, 5, connected(Connectivity::Kind::all_but_partner)).places();
    CHECK(all == Matrix(Matrix::Ones(5, 5) - Matrix::Identity(5, 5)));
    const Fans fans = expected_fans(connected(Connectivity::Kind::all_but_partner), 5, 5);
    CHECK(fans.in == 4.0);
    CHECK(fans.out == 4.0);
}

TEST_CASE("cells in blocks are joined with one probability within and one between", "[connect]") {
    Connectivity connect = connected(Connectivity::Kind::blocks);
    connect.blocks = 4;
    connect.probability = 0.5;
    connect.between = 0.05;
    const Matrix all = JoinedCells(400, 200, connect).places();
    const Stream stream(drawn_by, "connect/W");
    std::uint64_t off = 0;
    double within = 0.0;
    for (std::uint64_t i = 0; i < 400; ++i) {
        for (std::uint64_t j = 0; j < 200; ++j) {
            const bool is_own = i / 100 == j / 50;
            // floor(2^32 / 2) and floor(2^32 / 20)
            const bool exists = stream.word(200 * i + j) < (is_own ? 2'147'483'648u : 214'748'364u);
            const double is = all(Eigen::Index(i), Eigen::Index(j));
            off += exists != (is == 1.0);
            if (is_own) within += is;
        }
    }
    CHECK(off == 0);
    CHECK(std::abs(within - 10'000.0) <= 4.0 * std::sqrt(20'000.0 / 4.0));
    CHECK(std::abs(all.sum() - within - 3'000.0) <= 4.0 * std::sqrt(60'000.0 * 0.05 * 0.95));
    const Fans fans = expected_fans(connect, 400, 200);
    CHECK(fans.in == Approx(0.5 * 50.0 + 0.05 * 150.0));
    CHECK(fans.out == Approx(0.5 * 100.0 + 0.05 * 300.0));
    connect.probability = 1.0;
    connect.between = 0.0;
    const Matrix apart = JoinedCells(8, 4, connect).places();
    CHECK(apart.sum() == 8.0);
    for (Eigen::Index i = 0; i < 8; ++i) CHECK(apart(i, i / 2) == 1.0);
}

namespace {

Connectivity with_fields(double radius, Connectivity::Grid grid, Connectivity::Grid from) {
    Connectivity connect = connected(Connectivity::Kind::fields);
    connect.radius = radius;
    connect.grid = grid;
    connect.from_grid = from;
    return connect;
}

// Sheets of one size, in presynaptic cells: a cell stands in the middle of its place.
Matrix fields_by_distance(double radius, Connectivity::Grid grid, Connectivity::Grid from) {
    Matrix all = Matrix::Zero(grid.rows * grid.columns, from.rows * from.columns);
    for (int i = 0; i < all.rows(); ++i) {
        const double down = (i / grid.columns + 0.5) * from.rows / grid.rows,
                     along = (i % grid.columns + 0.5) * from.columns / grid.columns;
        for (int j = 0; j < all.cols(); ++j) {
            const double far =
                std::hypot(j / from.columns + 0.5 - down, j % from.columns + 0.5 - along);
            all(i, j) = far <= radius;
        }
    }
    return all;
}

}  // namespace

TEST_CASE("a receptive field is what stands near the cell on the sheet", "[connect]") {
    const Connectivity::Grid small = {3, 4}, large = {6, 12};
    for (const double radius : {0.0, 0.6, 1.0, 1.5, 2.3, 40.0}) {
        INFO("radius " << radius);
        CHECK(JoinedCells(12, 12, with_fields(radius, small, small)).places() ==
              fields_by_distance(radius, small, small));
        CHECK(JoinedCells(12, 72, with_fields(radius, small, large)).places() ==
              fields_by_distance(radius, small, large));
        CHECK(JoinedCells(72, 12, with_fields(radius, large, small)).places() ==
              fields_by_distance(radius, large, small));
    }
    // A cell and its four neighbours: 3 x 4 of them have 2 x 3 x 4 - 7 pairs of neighbours.
    CHECK(JoinedCells(12, 12, with_fields(1.0, small, small)).places().sum() == 12 + 2 * 17);
    const Fans fans = expected_fans(with_fields(1.0, small, small), 12, 12);
    CHECK(fans.in == Approx(46.0 / 12.0));
    const Fans into_few = expected_fans(with_fields(1.0, small, large), 12, 72);
    CHECK(into_few.in * 12.0 == Approx(into_few.out * 72.0));
}

TEST_CASE("within receptive fields synapses exist with a probability", "[connect]") {
    const Connectivity::Grid grid = {20, 20};
    Connectivity connect = with_fields(3.0, grid, grid);
    const Matrix near = JoinedCells(400, 400, connect).places();
    connect.probability = 0.25;
    const Matrix some = JoinedCells(400, 400, connect).places();
    const Stream stream(drawn_by, "connect/W");
    for (Eigen::Index i = 0; i < 400; ++i) {
        for (Eigen::Index j = 0; j < 400; ++j) {
            const bool drawn = stream.word(std::uint64_t(400 * i + j)) < 1'073'741'824u;
            REQUIRE(some(i, j) == (drawn ? near(i, j) : 0.0));
        }
    }
}

TEST_CASE("the places of a mirrored set are those of the set the other way round", "[connect]") {
    Connectivity connect = with_degree(Connectivity::Kind::in_degree, 3);
    const Matrix there = JoinedCells(9, 13, connect).places();
    connect.mirrored = true;
    CHECK(JoinedCells(13, 9, connect).places() == Matrix(there.transpose()));
    const Fans fans = expected_fans(connect, 13, 9);
    CHECK(fans.out == 3.0);
    CHECK(fans.in == Approx(27.0 / 13.0));
}

TEST_CASE("cells whose receptive field has no cell are counted", "[connect]") {
    // Two of four columns stand farther than a quarter from any of two presynaptic ones.
    JoinedCells cells(4, 2, with_fields(0.2, {1, 4}, {1, 2}));
    CHECK(cells_left_out(cells.circuit, drawn_by).size() == 1);
    cells = JoinedCells(4, 2, with_fields(0.3, {1, 4}, {1, 2}));
    CHECK(cells_left_out(cells.circuit, drawn_by).empty());
}
