// The lines of the sources, for tests of what stands in them.
#pragma once

#include <fmt/format.h>

#include <catch2/catch.hpp>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <functional>
#include <string>
#include <vector>

namespace apical::source_lines {

namespace fs = std::filesystem;

struct Line {
    std::string file;  // "sim/engine/plan/plan.cpp"
    int number = 0;
    std::string text;

    std::string place() const { return fmt::format("{}:{}: {}", file, number, text); }
};

// The code of a line, without a comment at its end and without what stands in quotes, unless it is
// an include. (No source has a comment of several lines.)
inline std::string code_of(const std::string& line) {
    if (line.starts_with("#include")) return line.substr(0, line.find("//"));
    std::string code;
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (quoted && line[i] == '\\') {
            ++i;
        } else if (line[i] == '"') {
            quoted = !quoted;
        } else if (!quoted && line.compare(i, 2, "//") == 0) {
            break;
        } else if (!quoted) {
            code += line[i];
        }
    }
    return code;
}

// The texts of a line, what stands in quotes, with the quotes that they have in them.
inline std::vector<std::string> texts_of(const std::string& line) {
    std::vector<std::string> texts;
    bool quoted = false;
    for (std::size_t i = 0; i < line.size(); ++i) {
        if (!quoted && line.compare(i, 2, "//") == 0) break;
        if (!quoted && line.compare(i, 3, "'\"'") == 0) {
            i += 2;  // a character
        } else if (line[i] == '"') {
            quoted = !quoted;
            if (quoted) texts.emplace_back();
        } else if (quoted && line[i] == '\\') {
            ++i;
            texts.back() += line[i] == '"' ? '"' : ' ';
        } else if (quoted) {
            texts.back() += line[i];
        }
    }
    return texts;
}

inline std::vector<Line> lines_of(const std::string& folder) {
    std::vector<Line> lines;
    const fs::path root = APICAL_SOURCE_DIR;
    for (const auto& entry : fs::recursive_directory_iterator(root / folder)) {
        if (entry.path().extension() != ".cpp" && entry.path().extension() != ".hpp") continue;
        std::ifstream file(entry.path());
        REQUIRE(file);
        Line line{fs::relative(entry.path(), root).string(), 0, {}};
        while (std::getline(file, line.text)) {
            ++line.number;
            lines.push_back(line);
        }
    }
    REQUIRE(lines.size() > 100);
    return lines;
}

inline std::vector<Line> lines_of_sources() {
    std::vector<Line> all;
    for (const char* folder : {"circuits", "learning_rules", "sim"}) {
        for (Line& line : lines_of(folder)) all.push_back(std::move(line));
    }
    return all;
}

// What stands between the delimiters of an include, or nothing.
inline std::string included(const Line& line, char open, char close) {
    const std::string code = code_of(line.text);
    const std::size_t begin = code.find(open);
    if (!code.starts_with("#include") || begin == std::string::npos) return "";
    const std::size_t end = code.find(close, begin + 1);
    return code.substr(begin + 1, end - begin - 1);
}

inline std::string ours(const Line& line) { return included(line, '"', '"'); }
inline std::string of_others(const Line& line) { return included(line, '<', '>'); }

inline void no_line(const std::vector<Line>& lines, const std::string& rule,
                    const std::function<bool(const Line&)>& breaks) {
    for (const Line& line : lines) {
        if (breaks(line)) FAIL_CHECK(line.place() << "\n  " << rule);
    }
    SUCCEED();
}

inline std::string folder_of(const std::string& file) { return file.substr(0, file.rfind('/')); }

inline bool has_word(const std::string& code, const std::string& word) {
    const auto part_of_name = [](char c) {
        return std::isalnum(static_cast<unsigned char>(c)) || c == '_';
    };
    for (std::size_t at = code.find(word); at != std::string::npos; at = code.find(word, at + 1)) {
        const std::size_t end = at + word.size();
        const bool begins = at == 0 || !part_of_name(code[at - 1]);
        if (begins && (end == code.size() || !part_of_name(code[end]))) return true;
    }
    return false;
}

// What prints: the program and its verbs, a file for each family.
inline std::vector<std::string> command_line() {
    return {"sim/command_line/command_line.cpp",
            "sim/command_line/evaluate_command.cpp",
            "sim/command_line/main.cpp",
            "sim/command_line/model_commands.cpp",
            "sim/command_line/run_commands.cpp",
            "sim/command_line/run_file_commands.cpp",
            "sim/command_line/sweep_commands.cpp",
            "sim/command_line/survive_command.cpp",
            "sim/command_line/complete_command.cpp"};
}

}  // namespace apical::source_lines
