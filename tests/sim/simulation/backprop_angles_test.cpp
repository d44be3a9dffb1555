// Rule `gradient` beside the public code of tests/data/literature/README.md: the angle between the
// changes of feedback alignment and backprop's, in each layer and sample.
#include <numbers>

#include "tests/literature_run.hpp"

using namespace apical;

namespace {

// angle_W1_to_backprop_degrees and angle_W2_to_backprop_degrees of feedback_alignment.h5, group
// feedback_alignment: its first samples.
constexpr double angles_of_W1[] = {
    106.00735774019385, 94.76578890363126,  99.62343559815959,  130.79841274453594,
    113.00252304553904, 107.71753802254781, 123.90268612707742, 120.2819466694082,
    113.34668077739761, 121.16347910614766, 95.49891028711673,  107.9136880775943,
    107.05635914247743, 118.98096557839807, 102.0539057296815,  121.47300872418175,
    112.00067101582992, 103.56603698632347, 113.02841897036186, 89.84030107536832,
    114.97638056808114, 81.6241656885186,   79.962203876266,    81.59419538474674,
    83.03370961331856,  74.9296421302072,   87.4371079415838,   107.22872186652792,
    105.04094137293417, 118.19628407412758, 77.50970480444902,  82.02613352594722,
    74.45867967285945,  70.38345372729387,  102.52167560025214, 64.53960109768914,
    69.23911707702985,  75.73637091521888,  86.9354291161265,   58.01800589205122};
constexpr double angles_of_W2[] = {
    58.70418053683501,  110.04019158517038, 118.38751177278534, 103.62361232347322,
    114.99210807361398, 34.78194576861912,  73.84348539393719,  68.84397115422168,
    111.04182547376782, 76.49971610016235,  99.03431627141036,  111.17779708603588,
    52.30330806172781,  87.06029081298,     48.302851282159885, 105.09815335998651,
    64.02874383791459,  113.90982558141182, 110.74794041964103, 53.98359531637242,
    74.72354574250573,  114.99411806788018, 93.78869759933156,  111.90298050924676,
    74.83631284679073,  114.83284437136415, 113.65802660223116, 35.92294113201101,
    104.62108796708407, 106.32125393880395, 96.54033917388628,  106.95619559091045,
    105.31363604056892, 105.77417176037042, 106.67650958694664, 109.9728658854671,
    107.05098709105208, 76.9943720135649,   103.7485677022481,  95.58261261928718};

const std::vector<std::string> sets = {"W1", "b1", "W2", "b2", "W3", "b3"};

ReferenceCircuit circuit_of(const std::string& model) {
    ReferenceCircuit circuit(model, "feedback_alignment", "feedback_alignment/");
    return circuit.task("x", "y_target", 120).sizes({{"h1", 6}, {"h2", 5}}).starts(sets);
}

// Backprop's circuit without its way back, which rule gradient does not need.
std::string without_way_back() {
    return drafted(
        "literature/backprop",
        {{", dendrites = [\"apical\"] }\nh2", " }\nh2"},
         {", dendrites = [\"apical\"] }\noutput", " }\noutput"},
         {", back = { to = \"h1.apical\", during = \"update\" } }", " }"},
         {", back = { from = \"error\", to = \"h2.apical\", during = \"update\" } }", " }"},
         {"error  = { role = \"error\", during = \"update\" }\n", ""},
         {"[gate.perisomatic]\nopens  = \"h2.soma\"\nduring = \"forward\"\n", ""},
         {"[gate.disinhibition]\nopens  = \"h2.apical\"\nduring = \"update\"\nemits  "
          "= \"slope(soma.v) * apical.v\"\n",
          ""}});
}

double degrees_between(const Matrix& a, const Matrix& b) {
    const double cosine = a.cwiseProduct(b).sum() / (a.norm() * b.norm());
    return std::acos(cosine) * 180.0 / std::numbers::pi;
}

}  // namespace

TEST_CASE("rule gradient with a window of one step is backprop of public code, to its angles",
          "[gradient][reference][literature]") {
    ReferenceCircuit aligned = circuit_of("feedback_alignment_partners");
    aligned.each("plasticity", {"first", "second", "readout"}, "rate", "0.05");
    aligned.sizes({{"delta1", 6}, {"delta2", 5}});
    aligned.starts("B3", "B3", ", transpose = true").starts("B2", "B2", ", transpose = true");
    ReferenceCircuit backwards = circuit_of("backprop");
    backwards.add(
        "plasticity={ all = { rule = \"gradient\", synapses = [\"W1\", \"b1\", \"W2\", \"b2\", "
        "\"W3\", \"b3\"], window = 1, rate = 0.05 } }");
    const TemporaryFolder folder;
    SteppedModel feedback(aligned.load()),
        gradient(load_model(folder.write("backprop.toml", without_way_back()), backwards.keys));
    for (std::size_t sample = 0; sample < std::size(angles_of_W1); ++sample) {
        INFO("sample " << sample + 1);
        const Matrix W1 = feedback.matrix("W1"), W2 = feedback.matrix("W2");
        for (const std::string& set : sets) gradient.write(set, feedback.matrix(set));
        feedback.step();
        gradient.step();
        CHECK(
            std::abs(degrees_between(W1 - feedback.matrix("W1"), gradient.matrix("gradient(W1)")) -
                     angles_of_W1[sample]) < 1e-9);
        CHECK(
            std::abs(degrees_between(W2 - feedback.matrix("W2"), gradient.matrix("gradient(W2)")) -
                     angles_of_W2[sample]) < 1e-9);
    }
}
