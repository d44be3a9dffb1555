// One rule for several synapse sets, or one of the same kind for each.
#include "tests/small_circuit.hpp"

using namespace apical;

namespace {

// The model with "recurrent" on W_rec alone, and a second binding of the same rule on the rest.
std::string split(const std::string& name) {
    const std::string text = content_of(path_of_shipped(name));
    const std::size_t begin = text.find("[plasticity.recurrent]"),
                      end = text.find("\n[plasticity.", begin) + 1;
    std::string other = text.substr(begin, end - begin);
    other.replace(0, other.find('\n'), "[plasticity.rest]");
    const std::string all = "[\"W_rec\", \"W_in\", \"b\"]";
    other.replace(other.find(all), all.size(), "[\"W_in\", \"b\"]");
    return drafted(
        name, {{all, "[\"W_rec\"]"}, {"[plasticity.readout]", other + "[plasticity.readout]"}});
}

}  // namespace

TEST_CASE("a rule that is bound to its sets apart changes them as it does together", "[rules]") {
    for (const char* name : {"rflo", "dni_b", "rtrl", "bptt", "bptt_window"}) {
        INFO(name);
        const TemporaryFolder folder;
        const std::vector<std::string> small = {"population.hidden.size=5",
                                                "plasticity.recurrent.rate=0.05"};
        SteppedModel together(load_model(folder.write("together.toml", drafted(name, {})), small)),
            apart(load_model(folder.write("apart.toml", split(name)),
                             {small[0], small[1], "plasticity.rest.rate=0.05"}));
        together.step(25);
        apart.step(25);
        for (const char* set : {"W_rec", "W_in", "b"}) {
            INFO(set);
            CHECK(distance(apart.matrix(set), together.matrix(set)) <= 1e-13);
        }
    }
}
