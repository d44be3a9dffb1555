#include "sim/show/plot/gnuplot.hpp"

#include <fmt/format.h>

#include <string_view>

#include "circuits/text/error.hpp"
#include "sim/system/external_program.hpp"

namespace apical {

namespace {

// gnuplot shows the place with a caret above what it has to say.
std::string complaint(const std::string& text) {
    std::size_t begin = text.find("line ");
    if (begin == std::string::npos) begin = text.find_first_not_of(" \n^");
    if (begin == std::string::npos) return "it says nothing";
    return text.substr(begin, text.find('\n', begin) - begin);
}

// gnuplot's PNG does not say how large it is to be shown. The chunk pHYs, which follows the one of
// the size in pixels, does: 11811 pixels to the metre, 300 to the inch; the last four bytes are its
// CRC.
void add_resolution(std::string& png) {
    constexpr std::string_view begin("\x89PNG\r\n\x1a\n");
    constexpr std::string_view chunk("\0\0\0\x09pHYs\0\0\x2e\x23\0\0\x2e\x23\x01\x78\xa5\x3f\x76",
                                     21);
    constexpr std::size_t size_in_pixels = 25;
    if (png.starts_with(begin)) png.insert(begin.size() + size_in_pixels, chunk);
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
    add_resolution(drawn->out);
    return std::move(drawn->out);
}

}  // namespace apical
