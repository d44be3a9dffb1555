#pragma once

#include <cmath>
#include <sstream>

#include "tests/sim/command_line/program_run.hpp"

namespace apical {

using Curves = std::vector<std::vector<double>>;  // lines

// A folder with run files of DNI(b).
struct PlotRuns {
    TemporaryFolder folder;

    std::string add(const std::string& name, const std::vector<std::string>& options) const {
        std::vector<std::string> all{"run", path_of_shipped("dni_b"), "-q", "-o", name};
        all.insert(all.end(), options.begin(), options.end());
        const Outcome outcome = apical_in(folder, all);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return folder / name;
    }
    Outcome plot(std::vector<std::string> arguments) const {
        arguments.insert(arguments.begin(), "plot");
        return apical_in(folder, arguments);
    }
    std::string script(std::vector<std::string> arguments) const {
        arguments.insert(arguments.end(), {"-o", "figure.gp"});
        const Outcome outcome = plot(arguments);
        INFO(outcome.err);
        REQUIRE(outcome.code == 0);
        return content_of(folder / "figure.gp");
    }
};

inline Curves numbers_of(const std::string& text) {
    Curves all;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        all.emplace_back();
        std::istringstream words(line);
        for (std::string word; words >> word;)
            all.back().push_back(std::strtod(word.c_str(), nullptr));
    }
    return all;
}

// The lines of a block of data in a script.
inline Curves data_of(const std::string& script, const std::string& block) {
    const std::string head = "$" + block + " << EOD\n";
    const std::size_t begin = script.find(head);
    INFO(block);
    REQUIRE(begin != std::string::npos);
    const std::size_t from = begin + head.size();
    return numbers_of(script.substr(from, script.find("EOD\n", from) - from));
}

inline Curves numpy(const std::string& script, const std::vector<std::string>& paths) {
    return numbers_of(
        python("import h5py, numpy\nfiles = [h5py.File(p) for p in argv[1:]]\n"
               "def show(a):\n"
               "    for line in a: print(*[repr(float(x)) for x in line])\n" +
                   script,
               paths));
}

// Within a rounding error or two of sums in another order.
inline void check_near(const Curves& found, const Curves& expected) {
    REQUIRE(found.size() == expected.size());
    REQUIRE_FALSE(found.empty());
    for (std::size_t k = 0; k < found.size(); ++k) {
        REQUIRE(found[k].size() == expected[k].size());
        for (std::size_t c = 0; c < found[k].size(); ++c) {
            INFO("line " << k << ", column " << c);
            REQUIRE(std::abs(found[k][c] - expected[k][c]) <=
                    1e-13 * std::max(1.0, std::abs(expected[k][c])));
        }
    }
}

inline std::size_t count(const std::string& text, const std::string& word) {
    std::size_t found = 0;
    for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1))
        ++found;
    return found;
}

}  // namespace apical
