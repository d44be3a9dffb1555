#include "sim/show/view/model_differences.hpp"

#include <catch2/catch.hpp>

using namespace apical;

namespace {

std::vector<std::vector<std::string>> rows(const std::string& written, const std::string& ran) {
    std::vector<std::vector<std::string>> all;
    for (const ModelDifference& one :
         differences(parse_toml(written, "written"), parse_toml(ran, "ran")))
        all.push_back({one.key, one.written, one.ran});
    return all;
}

using Rows = std::vector<std::vector<std::string>>;

}  // namespace

TEST_CASE("a model that ran as written differs in nothing, however its numbers are written",
          "[view]") {
    CHECK(rows("# a\n[run]\nsteps = 100_000\nrate = 1e-3\nms = 6\n",
               "[run]\nms = 6.0\nrate = 0.001\nsteps = 100000\n")
              .empty());
    CHECK(rows("[[phase]]\nms = 6\n", "[[phase]]\nms = 6.0\n").empty());
}

TEST_CASE("keys with another value come first, then those of one text alone", "[view]") {
    CHECK(rows("title = \"a\"\n[run]\nseed = 1\noutput = \"x.h5\"\n",
               "title = \"b\"\n[run]\nseed = 5\n[synapses.b]\ninit = { constant = 0.0 }\n") ==
          Rows{{"title", "\"a\"", "\"b\""},
               {"run.seed", "1", "5"},
               {"run.output", "\"x.h5\"", ""},
               {"synapses.b.init.constant", "", "0"}});
    CHECK(rows("[[phase]]\nms = 6\n", "[[phase]]\nms = 7.5\n[[phase]]\nms = 4\n") ==
          Rows{{"phase.0.ms", "6", "7.5"}, {"phase.1.ms", "", "4"}});
}
