#include "sim/show/view/dygraphs.hpp"

#include <fmt/format.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>

#include "circuits/text/error.hpp"

namespace apical {

namespace {

std::string shared_folders() {
    const char* set = std::getenv("XDG_DATA_DIRS");
    return set && *set ? set : "/usr/local/share:/usr/share";
}

// A file's text without the comment that leads a browser's tools to another file.
std::string content_of(const std::string& path) {
    std::ifstream file(path, std::ios::binary);
    std::string text{std::istreambuf_iterator<char>(file), {}};
    const std::size_t comment = text.rfind("# sourceMappingURL");
    if (comment != std::string::npos && comment >= 2) text.resize(comment - 2);
    return text;
}

}  // namespace

Dygraphs load_dygraphs() {
    std::istringstream folders(shared_folders());
    for (std::string folder; std::getline(folders, folder, ':');) {
        const std::string stem = folder + "/javascript/dygraphs/dygraph.min";
        Dygraphs found{content_of(stem + ".js"), content_of(stem + ".css")};
        if (!found.script.empty() && !found.style.empty()) return found;
    }
    throw Error(ExitCode::unavailable,
                fmt::format("dygraphs, which draws the charts, is missing: there is no "
                            "javascript/dygraphs/dygraph.min.js in {}; install it with "
                            "`apt-get install libjs-dygraphs`",
                            shared_folders()));
}

}  // namespace apical
