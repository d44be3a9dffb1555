#include "sim/hdf5/data_source.hpp"

#include <fmt/format.h>

#include <map>
#include <set>

#include "circuits/text/text.hpp"

namespace apical {

namespace {

constexpr std::size_t digits = 16;  // of a fingerprint

// "task data.h5:x" with its fingerprint.
std::map<std::string, std::string> fingerprints_in(const std::string& text) {
    std::map<std::string, std::string> all;
    for (const std::string& line : lines_of(text)) {
        if (line.size() > digits + 1) all[line.substr(digits + 1)] = line.substr(0, digits);
    }
    return all;
}

std::string without_use(const std::string& name) { return name.substr(name.find(' ') + 1); }

}  // namespace

std::string text_of(const std::vector<DataSource>& sources) {
    std::set<std::string> lines;
    for (const DataSource& one : sources)
        lines.insert(
            fmt::format("{:016x} {} {}:{}\n", one.fingerprint, one.use, one.file, one.dataset));
    return fmt::format("{}", fmt::join(lines, ""));
}

std::string data_of_uses(const std::string& text, const std::vector<std::string_view>& uses) {
    std::string chosen;
    for (const std::string& line : lines_of(text)) {
        for (const std::string_view use : uses) {
            const bool is_of_use =
                line.size() > digits && line.substr(digits + 1).starts_with(std::string(use) + ' ');
            if (is_of_use) chosen += line + '\n';
        }
    }
    return chosen;
}

std::string data_presented(const std::string& text) {
    return data_of_uses(text, {"task", "noise"});
}

std::string differing_data(const std::string& one, const std::string& other) {
    const auto mine = fingerprints_in(one), theirs = fingerprints_in(other);
    for (const auto& [name, fingerprint] : mine) {
        const auto found = theirs.find(name);
        if (found == theirs.end() || found->second != fingerprint) return without_use(name);
    }
    for (const auto& [name, fingerprint] : theirs)
        if (!mine.contains(name)) return without_use(name);
    return "";
}

}  // namespace apical
