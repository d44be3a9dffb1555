#include "sim/show/plot/request.hpp"

#include <fmt/format.h>

#include <charconv>
#include <filesystem>

namespace apical {

namespace {

[[noreturn]] void unusable(std::string_view option, std::string_view text,
                           std::string_view expected) {
    throw Error(ExitCode::usage, fmt::format("{}{}{}: expected {}", option,
                                             option.empty() ? "" : " ", shortened(text), expected));
}

bool is_file(const std::string& word) {
    std::error_code none;
    const auto status = std::filesystem::status(word, none);
    return std::filesystem::exists(status) && !std::filesystem::is_directory(status);
}

void check_missing(const std::string& word) {
    if (!word.ends_with(".h5") && !word.ends_with(".hdf5")) return;
    std::error_code none;
    if (std::filesystem::is_directory(word, none))
        reject({word, 0, 0}, "is a folder, and no run file");
    throw Error(ExitCode::no_such_input,
                fmt::format("{}: there is no such run file", shortened(word)));
}

}  // namespace

void refuse(const std::string& sentence) { throw Error(ExitCode::usage, sentence); }

void sort_words(const std::vector<std::string>& words, PlotRequest& request) {
    for (const std::string& word : words) {
        const bool run = is_file(word);
        if (!run) check_missing(word);
        (run ? request.runs : request.addresses).push_back(word);
    }
    if (request.runs.empty())
        unusable("", list_of(words),
                 "at least one run file before what is to be drawn, and none of these is a file");
    if (request.addresses.empty())
        unusable(
            "", list_of(words),
            "an address such as \"loss\" or \"hidden.r\" after the run files; `overview_text()` "
            "lists what was recorded");
}

std::int64_t block_of(const std::string& text) {
    if (const auto block = whole_number(text); block && *block >= 1) return *block;
    unusable("`block`", text, "a number of steps, a whole number from 1 on");
}

double width_of(const std::string& text) {
    double width = 0.0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), width);
    const bool number = error == std::errc() && end == text.data() + text.size();
    if (number && width >= 4.0 && width <= 100.0) return width;
    unusable("`width`", text, "the width of the figure in cm, from 4 to 100");
}

LogAxes log_axes_of(const std::vector<std::string>& texts) {
    LogAxes log;
    for (const std::string& text : texts) {
        if (text != "x" && text != "y" && text != "xy")
            unusable("`log`", text, "the axis that is to be logarithmic: x, y or xy");
        log.x |= text != "y";
        log.y |= text != "x";
    }
    return log;
}

FigureKind kind_of_figure(const std::string& path) {
    const std::string ending = std::filesystem::path(path).extension().string();
    if (ending == ".svg") return FigureKind::svg;
    if (ending == ".pdf") return FigureKind::pdf;
    if (ending == ".png") return FigureKind::png;
    if (ending == ".gp") return FigureKind::script;
    unusable("`output`", path,
             "a file that ends in .svg, .pdf or .png, or in .gp for the script that gnuplot gets");
}

}  // namespace apical
