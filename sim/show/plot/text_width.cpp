#include "sim/show/plot/text_width.hpp"

#include <array>
#include <cstddef>
#include <string_view>

#include "circuits/text/text.hpp"

namespace apical {

namespace {

// Thousandths of the font's size, from the space (32) to the tilde (126).
constexpr std::array<int, 95> helvetica{
    278, 278, 355, 556, 556, 889, 667, 191, 333, 333, 389, 584, 278, 333,  278, 278, 556, 556, 556,
    556, 556, 556, 556, 556, 556, 556, 278, 278, 584, 584, 584, 556, 1015, 667, 667, 722, 722, 667,
    611, 778, 722, 278, 500, 667, 556, 833, 722, 778, 667, 778, 722, 667,  611, 722, 667, 944, 667,
    667, 611, 278, 278, 278, 469, 556, 333, 556, 556, 500, 556, 556, 278,  556, 556, 222, 222, 500,
    222, 833, 556, 556, 556, 556, 333, 500, 278, 556, 500, 722, 500, 500,  500, 334, 260, 334, 584};
constexpr int other = 556;
constexpr double cm_of_point = 2.54 / 72.0;
// Fonts that take Helvetica's place are a little wider.
constexpr double reserve = 1.04;

double width_of(char c) {
    if (continues_character(c)) return 0.0;  // has no width of its own
    const int thousandths =
        c >= ' ' && c <= '~' ? helvetica[static_cast<std::size_t>(c - ' ')] : other;
    return reserve * cm_of_point * small_font * thousandths / 1000.0;
}

std::vector<std::string> characters_of(const std::string& text) {
    std::vector<std::string> all;
    for (const char c : text) {
        if (all.empty() || !continues_character(c)) all.emplace_back();
        all.back() += c;
    }
    return all;
}

bool may_break_behind(char c) {
    return std::string_view(" ,/_.-").find(c) != std::string_view::npos;
}

// How many bytes of the text make a line; at least one character.
std::size_t line_of(std::string_view text, double cm) {
    double width = 0.0;
    std::size_t last_break = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        width += width_of(text[at]);
        if (width > cm && at > 0 && !continues_character(text[at]) && text[at] != ' ')
            return last_break > 0 ? last_break : at;
        if (may_break_behind(text[at])) last_break = at + 1;
    }
    return text.size();
}

}  // namespace

double width_cm(const std::string& text) {
    double width = 0.0;
    for (const char c : text) width += width_of(c);
    return width;
}

std::string without_middle(const std::string& text, double cm) {
    if (width_cm(text) <= cm) return text;
    const std::vector<std::string> all = characters_of(text);
    std::size_t begin = all.size() / 2, end = all.size() - begin;  // how many of either side stay
    const auto shortened = [&] {
        std::string joined;
        for (std::size_t k = 0; k < all.size(); ++k) {
            if (k == begin) joined += "…";
            if (k < begin || k >= all.size() - end) joined += all[k];
        }
        return joined;
    };
    while (begin + end > 2 && width_cm(shortened()) > cm) --(begin >= end ? begin : end);
    return shortened();
}

std::vector<std::string> wrapped(const std::string& text, double cm) {
    std::vector<std::string> lines;
    std::string_view rest = text;
    while (!rest.empty()) {
        const std::size_t size = line_of(rest, cm);
        std::string_view line = rest.substr(0, size);
        rest.remove_prefix(size);
        while (!line.empty() && line.back() == ' ') line.remove_suffix(1);
        if (!line.empty()) lines.emplace_back(line);
    }
    return lines;
}

}  // namespace apical
