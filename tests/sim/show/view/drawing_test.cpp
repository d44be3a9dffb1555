// Where names stand in a drawing of a circuit.
#include "sim/show/view/drawing.hpp"

#include <regex>

#include "circuits/anatomy/anatomy.hpp"
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

struct Line {
    double x = 0.0, y = 0.0;  // of its middle, and of the letters' feet
    std::string text = {};

    // Letters are half as wide as they are high, in the mean.
    bool overlaps(const Line& other, double size) const {
        const double width = 0.25 * size * static_cast<double>(text.size() + other.text.size());
        return std::abs(x - other.x) < width && std::abs(y - other.y) < 0.75 * size;
    }
};

constexpr double size_of_edges = 10.0;

// The lines of text at edges, as Graphviz has laid them.
std::vector<Line> lines_at_edges(const std::string& svg) {
    static const std::regex line(
        "<text text-anchor=\"middle\" x=\"([-0-9.]+)\" y=\"([-0-9.]+)\"[^>]*"
        "font-size=\"10.00\"[^>]*>([^<]*)</text>");
    std::vector<Line> lines;
    for (std::sregex_iterator one(svg.begin(), svg.end(), line), end; one != end; ++one)
        lines.push_back({std::stod((*one)[1]), std::stod((*one)[2]), (*one)[3]});
    return lines;
}

std::vector<std::string> overlapping(const std::vector<Line>& lines) {
    std::vector<std::string> found;
    for (std::size_t a = 0; a < lines.size(); ++a) {
        for (std::size_t b = 0; b < a; ++b) {
            if (lines[a].overlaps(lines[b], size_of_edges))
                found.push_back(lines[b].text + " and " + lines[a].text);
        }
    }
    return found;
}

}  // namespace

TEST_CASE("names that lie on each other are seen", "[view][drawing]") {
    CHECK(overlapping({{100, 50, "W_ee"}, {105, 52, "W_out"}}).size() == 1);
    CHECK(overlapping({{100, 50, "W_ee"}, {100, 61, "forward"}, {140, 50, "W_out"}}).empty());
}

TEST_CASE("names of synapse sets do not lie on each other in any shipped circuit",
          "[view][drawing]") {
    for (const std::string& path :
         models_in({"models", "models/variants", "models/ladder", "models/rules", "models/circuits",
                    "models/dynamics"})) {
        INFO(path);
        const Circuit circuit = load_model(path, {}).circuit;
        const std::vector<Line> lines =
            lines_at_edges(svg_of(to_dot(circuit, "", inhibitory_at_start(circuit))));
        CHECK(lines.size() >= 2 * circuit.synapses.size());
        for (const std::string& both : overlapping(lines)) FAIL_CHECK(both);
    }
}
