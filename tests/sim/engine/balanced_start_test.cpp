// Strengths that begin with the sum 0 of what each cell receives, `balanced = true`.
#include "tests/learning_rules/shown_inputs.hpp"

using namespace apical;

namespace {

// The strengths with which 6 cells that 6 inputs drive begin.
Matrix beginning(const std::string& init, const std::string& connect = "") {
    SteppedModel sim(
        shown("phase = [{ name = \"forward\", ms = 10.0 }]\n"
              "population.cell = { size = 6 }\n"
              "synapses.W = { from = \"input\", to = \"cell.soma\", during = "
              "\"forward\", init = { " +
                  init + " }" + connect + " }\n",
              Matrix::Ones(1, 6)));
    return sim.matrix("W");
}

std::string balance_refused(const std::string& init) {
    try {
        beginning(init);
    } catch (const Error& error) {
        return error.what();
    }
    return "";
}

}  // namespace

TEST_CASE("a balanced start is the drawn one less the mean of each row", "[init][balanced]") {
    for (const std::string kind : {"normal = 0.3", "orthogonal = 1.0"}) {
        INFO(kind);
        const Matrix drawn = beginning(kind), balanced = beginning(kind + ", balanced = true");
        const Matrix expected = drawn.colwise() - drawn.rowwise().mean();
        CHECK((balanced - expected).cwiseAbs().maxCoeff() < 1e-15);
        CHECK(drawn.rowwise().sum().cwiseAbs().maxCoeff() > 0.1);
    }
    CHECK(beginning("normal = 0.3, balanced = false") == beginning("normal = 0.3"));
}

TEST_CASE("a balanced start leaves the mean of existing synapses alone out", "[init][balanced]") {
    for (const std::string storage : {"dense", "rows"}) {
        INFO(storage);
        const std::string half = ", connect = { probability = 0.5, storage = \"" + storage + "\" }";
        const Matrix drawn = beginning("normal = 0.3", half),
                     balanced = beginning("normal = 0.3, balanced = true", half);
        for (int i = 0; i < 6; ++i) {
            const auto count = static_cast<double>((drawn.row(i).array() != 0.0).count());
            for (int j = 0; j < 6; ++j) {
                const double expected =
                    drawn(i, j) == 0.0 ? 0.0 : drawn(i, j) - drawn.row(i).sum() / count;
                CHECK(std::abs(balanced(i, j) - expected) < 1e-15);
            }
        }
    }
}

TEST_CASE("starts that have a side or a range cannot be balanced", "[init][balanced]") {
    for (const std::string kind : {"half_normal = 0.3", "uniform = 0.3", "constant = 1.0"}) {
        INFO(kind);
        CHECK_THAT(balance_refused(kind + ", balanced = true"),
                   Catch::Contains("\"balanced\" goes with normal and orthogonal alone"));
    }
}
