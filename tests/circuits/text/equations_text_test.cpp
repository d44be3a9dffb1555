// Equations are written on their lines where TOML can, and always read back the same.
#include "circuits/text/value.hpp"
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

std::string written(const std::string& key, const std::string& text) {
    return to_toml({{entry("rule", Table{{entry("mine", Table{{entry(key, text)}})}})}});
}

std::string read_back(const std::string& toml, const std::string& key) {
    const Table root = parse_toml(toml, "written.toml");
    const Table& rules = std::get<Table>(root.find("rule")->content);
    const Table& mine = std::get<Table>(rules.find("mine")->content);
    return std::get<std::string>(mine.find(key)->content);
}

}  // namespace

TEST_CASE("equations of several lines are written on them", "[toml]") {
    const std::string text = "x = post.r^2  # \"a\\b\"\n\tw += x * pre.r\n";
    CHECK_THAT(written("equations", text),
               Catch::EndsWith("[rule.mine]\nequations = '''\n" + text + "'''\n"));
    CHECK_THAT(written("summary", "a\nb"), Catch::Contains("summary = \"a\\nb\"\n"));
    CHECK_THAT(written("equations", "w += pre.r"), Catch::Contains("equations = \"w += pre.r\"\n"));
}

TEST_CASE("equations that no literal text can be are written with escapes", "[toml]") {
    for (const char* text : {"a = 1\n# '''\n", "a = 1\n# '", "a = 1\r\nb = 2\n"}) {
        INFO(text);
        CHECK_THAT(written("equations", text), !Catch::Contains("equations = '''"));
    }
}

TEST_CASE("equations are read back as they were", "[toml]") {
    for (const char* text :
         {"w += pre.r\n", "w += pre.r", "\n\nw += pre.r\n\n", "a = 1 # ''\nb = 2", "a = 1\n# '''\n",
          "a = 1\r\nb = '\n", "# \xc3\xa9 \\ \"\"\"\n\tw += pre.r\n"}) {
        INFO(text);
        CHECK(read_back(written("equations", text), "equations") == std::string(text));
    }
}
