#include "sim/plot/gnuplot.hpp"

#include <fmt/format.h>

#include "circuits/error.hpp"
#include "sim/external_program.hpp"

namespace apical {

namespace {

// gnuplot shows the place with a caret above what it has to say.
std::string complaint(const std::string& text) {
    std::size_t begin = text.find("line ");
    if (begin == std::string::npos) begin = text.find_first_not_of(" \n^");
    if (begin == std::string::npos) return "it says nothing";
    return text.substr(begin, text.find('\n', begin) - begin);
}

}  // namespace

std::string drawn_by_gnuplot(const std::string& script) {
    auto drawn = run_program({"gnuplot", "-d", "-"}, script);
    if (!drawn) {
        throw Error(
            ExitCode::unavailable,
            "drawing needs gnuplot, which is not on this machine; install the Debian package "
            "gnuplot-nox, or take the script with -o FILE.gp and draw it elsewhere");
    }
    if (!drawn->succeeded || drawn->out.empty()) {
        throw Error(ExitCode::internal,
                    fmt::format("gnuplot failed: {}", complaint(drawn->complaints)));
    }
    return std::move(drawn->out);
}

}  // namespace apical
