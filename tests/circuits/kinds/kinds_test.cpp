// The facts of a kind of operation agree with each other, and whoever tells kinds apart knows all
// of them.
#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <regex>
#include <string>
#include <vector>

#include "circuits/program/operation.hpp"

using namespace apical;

namespace {

namespace fs = std::filesystem;

const fs::path root = APICAL_SOURCE_DIR;

std::string content(const fs::path& path) {
    std::ifstream file(path);
    REQUIRE(file);
    return {std::istreambuf_iterator<char>(file), {}};
}

// Sources that may know operations; initializers of circuits/anatomy have kinds of their own.
std::vector<fs::path> sources() {
    std::vector<fs::path> all;
    for (const char* folder : {"circuits/program", "circuits/kinds", "learning_rules", "sim"}) {
        for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
            const fs::path extension = entry.path().extension();
            if (extension == ".cpp" || extension == ".hpp") all.push_back(entry.path());
        }
    }
    REQUIRE(all.size() > 100);
    return all;
}

// What follows each "switch" of a source, up to the next one.
std::vector<std::string> switches(const std::string& source) {
    std::vector<std::string> all;
    const std::string word = "switch (";
    for (std::size_t at = source.find(word); at != std::string::npos;) {
        const std::size_t next = source.find(word, at + 1);
        all.push_back(source.substr(at, next - at));
        at = next;
    }
    return all;
}

bool tells_kinds_apart(const std::string& one) {
    static const std::regex cases(
        "case (Kind|Carrier|Locality|Gathers|MatrixChange|HandsOn|SizeRule)::");
    return std::regex_search(one, cases);
}

template <class Visit>
void for_each_kind(Visit visit) {
    for (std::size_t k = 0; k < kind_count; ++k) {
        const KindTraits& kind = traits(static_cast<Kind>(k));
        INFO(kind.verb);
        visit(kind);
    }
}

}  // namespace

TEST_CASE("every kind has its facts in a file of its name", "[operation]") {
    for_each_kind([](const KindTraits& kind) {
        const std::string verb(kind.verb);
        const std::string facts = content(root / "circuits/kinds" / (verb + ".cpp"));
        REQUIRE(facts.find("KindTraits " + verb + "_traits = {") != std::string::npos);
        REQUIRE(facts.find("\n// Operands: ") != std::string::npos);
    });
}

TEST_CASE("a kind that multiplies by a matrix says which operands it multiplies", "[operation]") {
    for_each_kind([](const KindTraits& kind) {
        const bool gathers = kind.gathers == Gathers::synapses || kind.gathers == Gathers::matrix;
        REQUIRE(gathers == (kind.product.matrix > 0));
        REQUIRE(gathers == (kind.product.vector > 0));
        REQUIRE((kind.product.matrix != kind.product.vector || !gathers));
    });
}

TEST_CASE("a kind that changes synapses locally writes numbers at synapses", "[operation]") {
    for_each_kind([](const KindTraits& kind) {
        const bool local = kind.change == MatrixChange::rank_one ||
                           kind.change == MatrixChange::by_tag ||
                           kind.change == MatrixChange::formula;
        REQUIRE(local == (kind.writes == Carrier::synaptic));
        REQUIRE(local == (kind.locality == Locality::own_synapse));
        REQUIRE(local == (kind.size == SizeRule::change));
    });
}

TEST_CASE("a kind that multiplies matrices is no circuit's", "[operation]") {
    Operation square;  // a matrix in place, or a tensor
    square.operands.resize(2);
    for_each_kind([&](const KindTraits& kind) {
        if (!kind.multiplies_matrices(square)) return;
        REQUIRE(kind.change == MatrixChange::product);
        REQUIRE(kind.biology.starts_with("none"));
    });
}

TEST_CASE("no switch over kinds, or over the facts of a kind, has a default", "[operation]") {
    int found = 0;
    for (const fs::path& path : sources()) {
        INFO(path);
        for (const std::string& one : switches(content(path))) {
            if (!tells_kinds_apart(one)) continue;
            ++found;
            INFO(one);
            REQUIRE(one.find("default:") == std::string::npos);
        }
    }
    REQUIRE(found > 10);
}

TEST_CASE("a switch over kinds that lacks one does not compile", "[operation]") {
    const std::string libraries = content(root / "CMakeLists.txt");
    const std::size_t begin = libraries.find("function(make_library"),
                      end = libraries.find("endfunction()", begin);
    REQUIRE(end != std::string::npos);
    REQUIRE(libraries.substr(begin, end - begin).find("-Werror=switch-enum") != std::string::npos);
    for (const char* library : {"circuits", "learning_rules", "sim", "kernels_${name}"}) {
        INFO(library);
        REQUIRE(libraries.find(fmt::format("make_library({})", library)) != std::string::npos);
    }
}

TEST_CASE("nobody tells a step by its kernel", "[operation]") {
    const std::regex compares(R"(\brun (==|!=)|(==|!=) \w+(\.|->)(run|\w+_(set|add))\b)");
    for (const fs::path& path : sources()) {
        if (path.string().find("sim/engine") == std::string::npos) continue;
        INFO(path);
        REQUIRE_FALSE(std::regex_search(content(path), compares));
    }
}
