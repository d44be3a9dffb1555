#include "sim/engine/initialize.hpp"

#include <Eigen/QR>
#include <catch2/catch.hpp>
#include <cmath>

#include "sim/numbers/random.hpp"
#include "tests/sim/hdf5/written_dataset.hpp"

using namespace apical;

namespace {

using Matrix = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using How = Initializer::Kind;
constexpr std::uint32_t seed = 11;

Initializer start(How kind, double scale = 0.0) {
    Initializer init;
    init.kind = kind;
    init.scale.factor = scale;
    init.where = {"model.toml", 7, 3};
    return init;
}

Initializer copy_of(const std::string& name) {
    Initializer init = start(How::copy);
    init.copy_of = name;
    return init;
}

Initializer dataset(const TemporaryHdf5& file, const std::string& name) {
    Initializer init = start(How::file);
    init.path = file.name();
    init.dataset = name;
    return init;
}

// A circuit with a slot for everything that starts.
struct Initialized {
    Circuit circuit;
    Program program;
    std::string directory;

    PopulationId population(const std::string& name, int size,
                            const Initializer& rate = start(How::constant)) {
        Population cells;
        cells.name = name;
        cells.size = size;
        cells.activation = Activation::tanh;
        cells.initial_rate = rate;
        circuit.populations.push_back(cells);
        const PopulationId id(circuit.populations.size() - 1);
        program.slots.push_back({.name = name + ".r",
                                 .what = What::rate,
                                 .shape = Shape::per_cell,
                                 .cells = id,
                                 .rows = size});
        return id;
    }

    void synapses(const std::string& name, PopulationId post, PopulationId pre,
                  const Initializer& init) {
        circuit.synapses.push_back({name, pre, post, init, {}});
        program.slots.push_back({.name = name,
                                 .what = What::strength,
                                 .shape = Shape::per_synapse,
                                 .synapses = SynapseSetId(circuit.synapses.size() - 1),
                                 .rows = circuit[post].size,
                                 .columns = circuit[pre].size});
    }

    Matrix started(const std::string& name, std::uint32_t with_seed = seed) const {
        State state(program);
        initialize(state, circuit, with_seed, directory);
        const SlotId id = program.find(name);
        Matrix numbers(program[id].rows, program[id].columns);
        state.read(id, numbers.data());
        return numbers;
    }
};

// One set "W" of post x pre strengths.
Initialized one_set(int post, int pre, const Initializer& init) {
    Initialized model;
    const PopulationId a = model.population("post", post), b = model.population("pre", pre);
    model.synapses("W", a, b, init);
    return model;
}

Matrix normal(int rows, int columns, const std::string& stream) {
    Matrix numbers(rows, columns);
    for (int i = 0; i < rows; ++i) {
        for (int j = 0; j < columns; ++j) {
            numbers(i, j) = Stream(seed, stream).normal(0, std::uint64_t(i * columns + j));
        }
    }
    return numbers;
}

// Entry (i, j) is 10 i + j.
std::vector<double> counted(int rows, int columns) {
    std::vector<double> numbers;
    for (int i = 0; i < rows; ++i) {
        for (int j = 0; j < columns; ++j) numbers.push_back(10 * i + j);
    }
    return numbers;
}

}  // namespace

TEST_CASE("a constant start fills every entry", "[initialize]") {
    REQUIRE(one_set(9, 5, start(How::constant, 0.3)).started("W") == Matrix::Constant(9, 5, 0.3));
}

TEST_CASE("a normal start draws entry (i, j) at index i pre + j of the set's stream",
          "[initialize]") {
    Initializer init = start(How::normal, 2.0);
    init.scale.relative = Scale::Relative::pre;
    const Matrix expected = 2.0 / std::sqrt(5.0) * normal(9, 5, "init/W");
    REQUIRE(one_set(9, 5, init).started("W").isApprox(expected, 1e-15));
}

TEST_CASE("a half-normal start is a normal one without its sign, on the side of its scale",
          "[initialize]") {
    Initializer init = start(How::half_normal, -2.0);
    init.scale.relative = Scale::Relative::pre;
    const Matrix expected = -2.0 / std::sqrt(5.0) * normal(9, 5, "init/W").cwiseAbs();
    REQUIRE(one_set(9, 5, init).started("W").isApprox(expected, 1e-15));
    REQUIRE(one_set(9, 5, start(How::half_normal, 0.5)).started("W").minCoeff() > 0.0);
}

TEST_CASE("the logarithm of a lognormal start is normal around that of its median",
          "[initialize]") {
    Initializer init = start(How::lognormal, -3.0);
    init.sigma = 0.7;
    const Matrix w = one_set(9, 5, init).started("W");
    REQUIRE(w.maxCoeff() < 0.0);
    const Matrix log_of_share = (w / -3.0).array().log();
    REQUIRE(log_of_share.isApprox(0.7 * normal(9, 5, "init/W"), 1e-14));
    init.sigma = 0.0;
    REQUIRE(one_set(9, 5, init).started("W") == Matrix::Constant(9, 5, -3.0));
}

TEST_CASE("a uniform start lies between its ends", "[initialize]") {
    Initializer init = start(How::uniform);
    init.low.factor = -3.0;
    init.high = {4.0, Scale::Relative::post};
    const Matrix w = one_set(16, 3, init).started("W");
    for (int i = 0; i < 16; ++i) {
        for (int j = 0; j < 3; ++j) {
            const double u = Stream(seed, "init/W").uniform(0, std::uint64_t(3 * i + j));
            REQUIRE(w(i, j) == Approx(-3.0 + 4.0 * u).margin(1e-14));
        }
    }
}

TEST_CASE("an identity start has its scale on the diagonal of any shape", "[initialize]") {
    REQUIRE(one_set(3, 5, start(How::identity, 0.8)).started("W") == 0.8 * Matrix::Identity(3, 5));
    REQUIRE(one_set(5, 3, start(How::identity, 0.8)).started("W") == 0.8 * Matrix::Identity(5, 3));
}

TEST_CASE("an orthogonal start has orthogonal columns, or rows where it is wide", "[initialize]") {
    const Matrix square = one_set(32, 32, start(How::orthogonal, 1.0)).started("W");
    REQUIRE((square.transpose() * square).isIdentity(1e-13));
    const Matrix tall = one_set(9, 4, start(How::orthogonal, 0.5)).started("W");
    REQUIRE((4.0 * tall.transpose() * tall).isIdentity(1e-13));
    const Matrix wide = one_set(4, 9, start(How::orthogonal, 0.5)).started("W");
    REQUIRE((4.0 * wide * wide.transpose()).isIdentity(1e-13));
}

TEST_CASE("an orthogonal start is the Q of a Gaussian matrix's QR", "[initialize]") {
    const Matrix g = normal(6, 6, "init/W");
    const Matrix q = one_set(6, 6, start(How::orthogonal, 1.0)).started("W");
    const Matrix r = q.transpose() * g;
    REQUIRE(r.triangularView<Eigen::StrictlyLower>().toDenseMatrix().isZero(1e-13));
    REQUIRE(q.isApprox(Eigen::HouseholderQR<Matrix>(g).householderQ() * Matrix::Identity(6, 6)));
}

TEST_CASE("a copy has the entries of the other set, whichever comes first", "[initialize]") {
    Initialized model;
    const PopulationId cells = model.population("hidden", 6);
    model.synapses("K", cells, cells, copy_of("J"));
    model.synapses("J", cells, cells, copy_of("W_rec"));
    model.synapses("W_rec", cells, cells, start(How::normal, 1.0));
    REQUIRE(model.started("W_rec") == normal(6, 6, "init/W_rec"));
    REQUIRE(model.started("J") == model.started("W_rec"));
    REQUIRE(model.started("K") == model.started("W_rec"));
}

TEST_CASE("a copy of a set that no operation uses still has its entries", "[initialize]") {
    Initialized model;
    const PopulationId cells = model.population("hidden", 6);
    model.synapses("J", cells, cells, copy_of("unused"));
    model.circuit.synapses.push_back({"unused", cells, cells, start(How::normal, 1.0), {}});
    REQUIRE(model.started("J") == normal(6, 6, "init/unused"));
}

TEST_CASE("copies in a circle are an error that names the circle", "[initialize]") {
    Initialized model;
    const PopulationId cells = model.population("hidden", 2);
    model.synapses("A", cells, cells, copy_of("B"));
    model.synapses("B", cells, cells, copy_of("C"));
    model.synapses("C", cells, cells, copy_of("B"));
    REQUIRE_THROWS_WITH(model.started("A"),
                        Catch::Contains("model.toml:7:3") && Catch::Contains("A <- B <- C <- B"));
}

TEST_CASE("a copy of another shape is an error that names both", "[initialize]") {
    Initialized model;
    const PopulationId two = model.population("output", 2), six = model.population("hidden", 6);
    model.synapses("J", six, six, copy_of("W_out"));
    model.synapses("W_out", two, six, start(How::normal, 1.0));
    REQUIRE_THROWS_WITH(model.started("J"), Catch::Contains("model.toml:7:3") &&
                                                Catch::Contains("\"J\" (6 x 6)") &&
                                                Catch::Contains("\"W_out\" (2 x 6)"));
}

TEST_CASE("a start from a file takes the dataset's columns", "[initialize]") {
    TemporaryHdf5 file;
    file.write("W", {3, 5}, counted(3, 5));
    file.close();
    Initialized whole = one_set(3, 5, dataset(file, "W"));
    whole.directory = file.directory();
    REQUIRE(whole.started("W") == Eigen::Map<Matrix>(counted(3, 5).data(), 3, 5));

    Initializer some = dataset(file, "W");
    some.first_column = 1;
    some.end_column = 3;
    Initialized part = one_set(3, 2, some);
    part.directory = file.directory();
    REQUIRE(part.started("W") == whole.started("W").middleCols(1, 2));

    some.transpose = true;
    Initialized turned = one_set(2, 3, some);
    turned.directory = file.directory();
    REQUIRE(turned.started("W") == whole.started("W").middleCols(1, 2).transpose());
}

TEST_CASE("a dataset of one dimension serves as a column, a row, or rates", "[initialize]") {
    TemporaryHdf5 file;
    file.write("v", {4}, {1, 2, 3, 4});
    file.close();
    const Eigen::Vector4d v(1, 2, 3, 4);
    Initialized column = one_set(4, 1, dataset(file, "v"));
    column.directory = file.directory();
    REQUIRE(column.started("W") == v);
    Initialized row = one_set(1, 4, dataset(file, "v"));
    row.directory = file.directory();
    REQUIRE(row.started("W") == v.transpose());
    Initialized rates;
    rates.population("hidden", 4, dataset(file, "v"));
    rates.directory = file.directory();
    REQUIRE(rates.started("hidden.r") == v);
}

TEST_CASE("a dataset that does not fit is an error with both shapes", "[initialize]") {
    TemporaryHdf5 file;
    file.write("W", {3, 5}, counted(3, 5));
    file.write("cube", {2, 2, 2}, std::vector<double>(8));
    file.close();
    Initializer init = dataset(file, "W");
    const auto refuses = [&](int post, int pre, const std::string& text) {
        Initialized model = one_set(post, pre, init);
        model.directory = file.directory();
        REQUIRE_THROWS_WITH(model.started("W"), Catch::Contains("model.toml:7:3") &&
                                                    Catch::Contains(text) &&
                                                    Catch::Contains("\"" + init.dataset + "\""));
    };
    refuses(5, 3, "is 3 x 5; expected 5 x 3 for \"W\"");
    refuses(15, 1, "is 3 x 5; expected 15 x 1");
    init.end_column = 6;
    refuses(3, 6, "is 3 x 5, columns 0 to 5; expected 3 x 6");
    init.end_column = 2;
    init.transpose = true;
    refuses(3, 2, "is 3 x 5, columns 0 to 1, transposed; expected 3 x 2");
    init = dataset(file, "cube");
    refuses(2, 4, "is 2 x 2 x 2; expected 2 x 4");
}

TEST_CASE("rates that start as activated normals are phi of the draws", "[initialize]") {
    const Eigen::ArrayXd x = 0.7 * normal(10, 1, "init/hidden.r").array();
    const auto rates = [](Activation phi) {
        Initialized model;
        model.population("hidden", 10, start(How::activated_normal, 0.7));
        model.circuit.populations[0].activation = phi;
        return Eigen::ArrayXd(model.started("hidden.r").array());
    };
    REQUIRE(rates(Activation::tanh).isApprox(x.tanh(), 1e-14));
    REQUIRE(rates(Activation::linear).isApprox(x, 1e-14));
    REQUIRE(rates(Activation::rectified).isApprox(x.max(0.0), 1e-14));
    REQUIRE(rates(Activation::logistic).isApprox(1.0 / (1.0 + (-x).exp()), 1e-14));
}

TEST_CASE("a constant population starts at rate one", "[initialize]") {
    Initialized model;
    model.population("one", 3);
    model.circuit.populations[0].role = Role::constant;
    REQUIRE(model.started("one.r") == Matrix::Ones(3, 1));
}

TEST_CASE("sets and rates without a slot are skipped", "[initialize]") {
    Initialized model = one_set(2, 3, start(How::normal, 1.0));
    model.program.slots.erase(model.program.slots.begin());  // post.r
    const PopulationId post(std::size_t{0});
    model.circuit.synapses.push_back({"unused", post, post, start(How::normal, 1.0), {}});
    REQUIRE(model.started("W") == normal(2, 3, "init/W"));
}

TEST_CASE("another seed or another name gives other strengths", "[initialize]") {
    const Initialized model = one_set(4, 4, start(How::normal, 1.0));
    REQUIRE(model.started("W", 1) == model.started("W", 1));
    REQUIRE(model.started("W", 1) != model.started("W", 2));
    REQUIRE(normal(4, 4, "init/W") != normal(4, 4, "init/V"));
}
