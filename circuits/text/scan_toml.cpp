#include "circuits/text/scan_toml.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/text/text.hpp"

namespace apical {

namespace {

constexpr int most_dots = 256;

bool is_beyond_ascii(char c) { return static_cast<unsigned char>(c) > 0x7f; }

// Walks over TOML text outside of comments and quoted text.
class Walk {
public:
    explicit Walk(std::string_view text) : rest_(text), size_(text.size()) {}

    // The next character that counts, or '\0' at the end.
    char next() {
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (c == '#') {
                skip(std::min(rest_.find('\n'), rest_.size()));
            } else if ((c == '"' || c == '\'') && !in_number()) {
                word_ = c;
                skip_quoted(c);
            } else {
                enter(c);
                skip(1);
                if (c != '\0') return c;
            }
        }
        return '\0';
    }
    int line() const { return line_; }
    std::size_t passed() const { return size_ - rest_.size(); }

private:
    // A quote in or behind a number begins no text: toml++ reads on, as far as the number might go,
    // also over what ends a key, which is the first word of a line outside of brackets.
    bool in_number() const {
        return (word_ >= '0' && word_ <= '9') || word_ == '+' || word_ == '-';
    }
    void enter(char c) {
        if (c == ' ' || c == '\t') return;
        const bool within = in_number() && !in_key_;
        const std::string_view between = within ? "]},\r\n" : "=[]{},\r\n";
        const bool ends = between.find(c) != std::string_view::npos;
        word_ = ends ? '\0' : word_ == '\0' ? c : word_;
        if (c == '[' || c == '{') ++depth_;
        if (c == ']' || c == '}') depth_ = std::max(0, depth_ - 1);
        if (c == '=' || depth_ > 0) in_key_ = false;
        if (c == '\n') in_key_ = depth_ == 0;
    }

    void skip(std::size_t count) {
        line_ += static_cast<int>(
            std::count(rest_.begin(), rest_.begin() + static_cast<std::ptrdiff_t>(count), '\n'));
        rest_.remove_prefix(count);
    }

    // One quote ends on its line; three end where they come again, of which up to two more may be
    // part of the text. A backslash counts in "..." alone.
    void skip_quoted(char quote) {
        const std::string three(3, quote);
        const bool long_text = rest_.starts_with(three);
        skip(long_text ? 3 : 1);
        while (!rest_.empty()) {
            const bool ends =
                long_text ? rest_.starts_with(three) : rest_[0] == quote || rest_[0] == '\n';
            if (ends) {
                const std::size_t most = long_text ? 5 : 1;
                const std::size_t quotes = std::min(rest_.find_first_not_of(quote), rest_.size());
                return skip(std::clamp<std::size_t>(quotes, 1, most));
            }
            const bool escape = quote == '"' && rest_[0] == '\\' && rest_.size() > 1;
            if (escape && long_text && skip_trimmed()) return;
            skip(escape ? 2 : 1);
        }
    }

    // A backslash takes the white space behind it out of a long text. Whether a character beyond
    // ASCII comes next; then it counts, though it is quoted.
    bool skip_trimmed() {
        const std::size_t next = rest_.find_first_not_of(" \t\r\n\v\f", 1);
        if (next == std::string_view::npos || !is_beyond_ascii(rest_[next])) return false;
        skip(next);
        return true;
    }

    std::string_view rest_;
    std::size_t size_;
    int line_ = 1, depth_ = 0;  // of brackets
    bool in_key_ = true;
    char word_ = '\0';  // what the word begins with that is walked over, or was just before
};

}  // namespace

void check_nesting(std::string_view text, const std::string& source) {
    int brackets = 0, dots = 0, line = 1;
    Walk walk(text);
    for (char c = walk.next(); c != '\0'; c = walk.next()) {
        if (walk.line() != line) line = walk.line(), dots = 0;
        if (c == '.') ++dots;
        if (c == '[' || c == '{') ++brackets;
        if (c == ']' || c == '}') brackets = std::max(0, brackets - 1);
        if (brackets > deepest_nesting) {
            reject({source, line, 1}, fmt::format("nested more than {} deep", deepest_nesting));
        }
        if (dots > most_dots) {
            reject({source, line, 1}, fmt::format("a line with more than {} dots", most_dots));
        }
    }
}

std::size_t find_beyond_ascii(std::string_view text) {
    Walk walk(text);
    for (char c = walk.next(); c != '\0'; c = walk.next()) {
        if (is_beyond_ascii(c)) return walk.passed() - 1;
    }
    return std::string_view::npos;
}

Where where_at(std::string_view text, std::size_t offset, const std::string& source) {
    const std::string_view before = text.substr(0, offset);
    const std::size_t line = before.rfind('\n') + 1;  // npos + 1 is the beginning
    return {source, 1 + static_cast<int>(std::count(before.begin(), before.end(), '\n')),
            1 + static_cast<int>(characters_in(before.substr(line)))};
}

}  // namespace apical
