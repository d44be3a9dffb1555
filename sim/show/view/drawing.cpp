#include "sim/show/view/drawing.hpp"

#include <fmt/format.h>

#include "circuits/text/error.hpp"
#include "sim/system/external_program.hpp"

namespace apical {

std::string svg_of(const std::string& dot) {
    // Names of populations stand at the left, where fewer edges pass.
    const auto drawn = run_program(
        {"dot", "-Tsvg", "-Gbgcolor=transparent", "-Glabeljust=l", "-Granksep=0.7"}, dot);
    if (!drawn) {
        throw Error(ExitCode::unavailable,
                    "the circuit cannot be drawn: Graphviz's program `dot` is missing; install it "
                    "with `apt-get install graphviz`");
    }
    const std::size_t begin = drawn->out.find("<svg");
    if (!drawn->succeeded || begin == std::string::npos) {
        const std::string& said = drawn->complaints;
        throw Error(ExitCode::internal,
                    fmt::format("the circuit cannot be drawn: Graphviz's program `dot` failed: {}",
                                said.empty() ? "it says nothing"
                                             : shortened(said.substr(0, said.find('\n')))));
    }
    return drawn->out.substr(begin);
}

}  // namespace apical
