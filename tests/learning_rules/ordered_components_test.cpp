// The circuit that docs/rules-as-equations.md puts in the place of Sanger's rule.
#include <Eigen/Eigenvalues>

#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

std::string model_of_the_page() {
    const std::string page = content_of(APICAL_SOURCE_DIR "/docs/rules-as-equations.md");
    const std::size_t begin = page.find("# components.toml");
    REQUIRE(begin != std::string::npos);
    return page.substr(begin, page.find("```", begin) - begin);
}

// How far both strengths lie along the first and the second principal component of what their
// cells receive.
Matrix cosines(Model model) {
    SteppedModel sim(std::move(model));
    Matrix covariance = Matrix::Zero(5, 5);
    for (int step = 0; step < 40'000; ++step) {
        sim.step(1);
        const Vector x = sim.vector("mixed.r");
        covariance += x * x.transpose() / 40'000.0;
    }
    const Eigen::SelfAdjointEigenSolver<Matrix> found(covariance);
    Matrix along(2, 2);
    for (int k : {0, 1}) {
        const Vector w = sim.matrix(k == 0 ? "W_1" : "W_2").transpose().col(0).normalized();
        for (int component : {0, 1})
            along(k, component) = std::abs(w.dot(found.eigenvectors().col(4 - component)));
    }
    return along;
}

}  // namespace

TEST_CASE("Oja's rule with synapses between its cells finds components in order", "[rules][docs]") {
    const Matrix apart = cosines(model_of_text(model_of_the_page()));
    CHECK(apart(0, 0) > 0.999);
    CHECK(apart(1, 1) > 0.999);
    const std::string text = model_of_the_page();
    const Matrix alone = cosines(model_of_text(text, {"plasticity.apart.rate=0.0"}));
    CHECK(alone(0, 0) > 0.999);
    CHECK(alone(1, 0) > 0.999);
}
