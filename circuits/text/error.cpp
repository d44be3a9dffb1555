#include "circuits/text/error.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <set>
#include <tuple>

#include "circuits/text/text.hpp"

namespace apical {

namespace {

// Optimal string alignment: insertions, deletions, substitutions and swaps of neighbours cost one.
std::size_t edit_distance(std::string_view a, std::string_view b) {
    std::vector<std::size_t> before(b.size() + 1), last(b.size() + 1), now(b.size() + 1);
    std::iota(last.begin(), last.end(), std::size_t{0});
    for (std::size_t i = 1; i <= a.size(); ++i) {
        now[0] = i;
        for (std::size_t j = 1; j <= b.size(); ++j) {
            const std::size_t change = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
            now[j] = std::min({last[j] + 1, now[j - 1] + 1, change});
            const bool swapped = i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1];
            if (swapped) now[j] = std::min(now[j], before[j - 2] + 1);
        }
        std::swap(before, last);
        std::swap(last, now);
    }
    return last[b.size()];
}

// Unicode's general categories Cc, Zl and Zp, and the overrides, embeddings and isolates of
// direction.
bool steers(std::string_view character) {
    const auto byte = [&](std::size_t k) { return static_cast<unsigned char>(character[k]); };
    if (character.size() == 1) return byte(0) < 0x20 || byte(0) == 0x7f;
    if (character.size() == 2) return byte(0) == 0xc2 && byte(1) < 0xa0;
    if (character.size() != 3 || byte(0) != 0xe2) return false;
    return (byte(1) == 0x80 && byte(2) >= 0xa8 && byte(2) <= 0xae) ||
           (byte(1) == 0x81 && byte(2) >= 0xa6 && byte(2) <= 0xa9);
}

std::string one_line_each(const std::vector<std::string>& sentences) {
    std::vector<std::string> lines;
    for (const std::string& one : sentences) lines.push_back(on_one_line(one));
    return fmt::format("{}", fmt::join(lines, "\n"));
}

// The mistakes that tell something new, by their places; a place on the command line comes first.
std::vector<Mistake> told(const std::vector<Mistake>& found) {
    std::vector<Mistake> mistakes;
    std::set<std::string> abouts;
    std::set<std::tuple<std::string, int, int, std::string>> sentences;
    for (const Mistake& one : found) {
        const auto& [source, line, column] = one.where;
        if (!one.about.empty() && abouts.count(one.about) > 0) continue;
        if (!sentences.emplace(source, line, column, one.sentence).second) continue;
        abouts.insert(one.about);
        mistakes.push_back(one);
    }
    std::stable_sort(mistakes.begin(), mistakes.end(), [](const Mistake& a, const Mistake& b) {
        if (a.where.line == 0 || b.where.line == 0) return a.where.line < b.where.line;
        return std::tie(a.where.line, a.where.column) < std::tie(b.where.line, b.where.column);
    });
    return mistakes;
}

std::vector<std::string> sentences_of(const std::vector<Mistake>& mistakes) {
    constexpr std::size_t most = 20;
    const std::vector<Mistake> all = told(mistakes);
    const std::size_t listed = all.size() > most + 1 ? most : all.size();
    std::vector<std::string> sentences;
    for (std::size_t k = 0; k < listed; ++k)
        sentences.push_back(text(all[k].where) + ": " + all[k].sentence);
    if (listed < all.size())
        sentences.push_back(fmt::format("{} more mistakes", all.size() - listed));
    return sentences;
}

}  // namespace

std::string text(const Where& where) {
    if (where.line == 0) return where.source;
    return fmt::format("{}:{}:{}", where.source, where.line, where.column);
}

std::string on_one_line(std::string_view text) {
    const auto is_plain = [](char c) { return c >= ' ' && c <= '~'; };
    std::string line;
    while (!text.empty()) {
        const auto special = std::find_if_not(text.begin(), text.end(), is_plain);
        line.append(text.begin(), special);
        text.remove_prefix(static_cast<std::size_t>(special - text.begin()));
        if (text.empty()) break;
        const std::size_t size = length_of_character(text);
        if (size == 0 || steers(text.substr(0, size))) {
            line += '?';
        } else {
            line += text.substr(0, size);
        }
        text.remove_prefix(std::max<std::size_t>(size, 1));
    }
    return line;
}

Error::Error(ExitCode code, const std::string& sentence)
    : std::runtime_error(on_one_line(sentence)), code_(code) {}

Error::Error(ExitCode code, const std::vector<std::string>& sentences)
    : std::runtime_error(one_line_each(sentences)), code_(code) {}

std::vector<std::string> Error::sentences() const {
    std::vector<std::string> sentences;
    std::string_view rest = what();
    for (std::size_t end; (end = rest.find('\n')) != std::string_view::npos;
         rest.remove_prefix(end + 1))
        sentences.emplace_back(rest.substr(0, end));
    sentences.emplace_back(rest);
    return sentences;
}

Rejected::Rejected(std::vector<Mistake> mistakes)
    : Error(ExitCode::bad_model, sentences_of(mistakes)), mistakes_(std::move(mistakes)) {}

void reject(const Where& where, const std::string& sentence, const std::string& about) {
    throw Rejected({{where, sentence, about}});
}

void Mistakes::add(const std::vector<Mistake>& more) {
    all_.insert(all_.end(), more.begin(), more.end());
}

void Mistakes::reject_any() const {
    if (any()) throw Rejected(all_);
}

std::vector<std::string> nearest_names(std::string_view found,
                                       const std::vector<std::string>& known) {
    constexpr std::size_t longest_name = 200;
    if (found.empty() || found.size() > longest_name) return {};
    std::vector<std::string> nearest;
    std::size_t distance = std::max<std::size_t>(2, found.size() / 3);
    for (const std::string& name : known) {
        const std::size_t d = edit_distance(found, name);
        if (d > distance || d >= std::max(found.size(), name.size())) continue;
        if (d < distance) nearest.clear();
        distance = d;
        nearest.push_back(name);
    }
    return nearest;
}

std::string did_you_mean(std::string_view found, const std::vector<std::string>& known) {
    const std::vector<std::string> nearest = nearest_names(found, known);
    return nearest.empty() ? "" : fmt::format(" Did you mean \"{}\"?", nearest.front());
}

std::string shortened(std::string_view text) {
    constexpr std::size_t most = 120;
    if (text.size() <= most) return std::string(text);
    return std::string(whole_characters(text, most)) + "...";
}

std::string list_of(const std::vector<std::string>& names) {
    return fmt::format("{}", fmt::join(names, ", "));
}

}  // namespace apical
