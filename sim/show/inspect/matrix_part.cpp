#include "sim/show/inspect/matrix_part.hpp"

#include <fmt/format.h>

#include "sim/numbers/number_text.hpp"
#include "sim/show/inspect/matrix_entries.hpp"

namespace apical {

namespace {

constexpr int digits_of_number = 6;

std::string trimmed(std::string_view text) {
    const std::size_t first = std::min(text.find_first_not_of(' '), text.size());
    const std::size_t end = text.find_last_not_of(' ') + 1;
    return std::string(text.substr(first, std::max(end, first) - first));
}

[[noreturn]] void reject_part(const std::string& text) {
    throw Error(ExitCode::usage,
                fmt::format("\"{}\" is no part of a matrix; expected its address with the "
                            "postsynaptic and the presynaptic cell, as in \"W_rec[3, 17]\", or "
                            "ranges of them, as in \"W_rec[0:4, :]\"",
                            shortened(text)));
}

std::optional<CellRange> range_in(const std::string& cells, const std::string& text) {
    if (cells == ":") return std::nullopt;
    const bool is_clear = !cells.empty() && cells.find_first_not_of("0123456789:") == cells.npos;
    if (!is_clear) reject_part(text);
    try {
        return cell_range_of(cells);
    } catch (const Error&) {  // says it of an option
        reject_part(text);
    }
}

std::string number_in(std::optional<double> number) {
    return number ? general_text(*number, digits_of_number) : "-";
}

// All steps of one synapse: how it began and ended, its least and largest number.
std::string course_text(const MatrixCourse& course) {
    std::string text;
    const auto line = [&](const std::string& name, std::size_t row) {
        text +=
            fmt::format("  {:<14} {}\n", name, general_text(course.numbers[row], digits_of_number));
    };
    const auto in_step = [&](const char* name, std::size_t row) {
        line(fmt::format("{} {}", name, course.steps[row]), row);
    };
    if (course.steps.empty()) return "  no row yet\n";
    in_step("step", 0);
    if (course.steps.size() > 1) in_step("step", course.steps.size() - 1);
    if (course.steps.size() < 3) return text;
    text += fmt::format("  {:<14} {} in step {}\n", "least",
                        general_text(course.numbers[course.least], digits_of_number),
                        course.steps[course.least]);
    text += fmt::format("  {:<14} {} in step {}\n", "largest",
                        general_text(course.numbers[course.largest], digits_of_number),
                        course.steps[course.largest]);
    return text + fmt::format("  {} rows\n", course.steps.size());
}

std::string one_text(const MatrixEntries& entries, const MatrixPart& part,
                     std::optional<std::int64_t> step) {
    const std::string head =
        fmt::format("{}: from cell {} to cell {}", part.text, part.pre->begin, part.post->begin);
    if (!entries.exists(0, 0)) return head + ": no synapse\n" + entries.others_text();
    const std::string note = entries.note();
    if (!step) return head + note + '\n' + course_text(entries.course());
    return fmt::format("{}{}\n  {:<14} {}\n", head, note, fmt::format("step {}", *step),
                       number_in(entries.table(*step).front()));
}

std::string block_text(const MatrixEntries& entries, const MatrixPart& part, std::int64_t step) {
    constexpr int width = 11;
    std::string text =
        fmt::format("{} in step {}: a row for each postsynaptic cell{}\n{:>6}", part.text, step,
                    entries.has_all() ? "" : ", - where there is no synapse", "");
    for (const CellPlace& pre : entries.pre()) text += fmt::format(" {:>{}}", pre.cell, width);
    const std::vector<std::optional<double>> numbers = entries.table(step);
    for (std::size_t i = 0; i < entries.post().size(); ++i) {
        text += fmt::format("\n{:>6}", entries.post()[i].cell);
        for (std::size_t j = 0; j < entries.pre().size(); ++j)
            text += fmt::format(" {:>{}}", number_in(numbers[i * entries.pre().size() + j]), width);
    }
    const std::string note = entries.note();
    return text + '\n' + (note.empty() ? "" : " " + note + '\n');
}

Value number_value(std::optional<double> number) {
    // What is not finite is null in JSON.
    return value_of(number.value_or(std::numeric_limits<double>::quiet_NaN()));
}

Array cells_json(const std::vector<CellPlace>& cells) {
    Array all;
    for (const CellPlace& one : cells) all.push_back(value_of(static_cast<std::int64_t>(one.cell)));
    return all;
}

}  // namespace

MatrixPart matrix_part_of(const std::string& text) {
    const std::size_t open = text.rfind('['), comma = text.find(',', open);
    const bool is_part = open != std::string::npos && open > 0 && comma != std::string::npos &&
                         text.ends_with(']') && comma > open;
    if (!is_part) reject_part(text);
    const std::string_view all = text;
    return {.address = trimmed(all.substr(0, open)),
            .text = text,
            .post = range_in(trimmed(all.substr(open + 1, comma - open - 1)), text),
            .pre = range_in(trimmed(all.substr(comma + 1, text.size() - comma - 2)), text)};
}

std::string matrix_text(const StoredRun& run, const StoredModel& model, const MatrixPart& part,
                        std::optional<std::int64_t> step) {
    const MatrixEntries entries(run, model, part);
    if (step) entries.check_sampled(*step);
    if (part.is_one()) return one_text(entries, part, step);
    return block_text(entries, part, step.value_or(entries.last_step()));
}

std::string matrix_json(const StoredRun& run, const StoredModel& model, const MatrixPart& part,
                        std::optional<std::int64_t> step) {
    const MatrixEntries entries(run, model, part);
    if (step) entries.check_sampled(*step);
    Table all{{entry("address", part.address), entry("post", cells_json(entries.post())),
               entry("pre", cells_json(entries.pre()))}};
    if (part.is_one()) all.entries.push_back(entry("exists", entries.exists(0, 0)));
    if (part.is_one() && !step && entries.exists(0, 0)) {
        const MatrixCourse course = entries.course();
        Array steps, numbers;
        for (const std::int64_t one : course.steps) steps.push_back(value_of(one));
        for (const double one : course.numbers) numbers.push_back(value_of(one));
        all.entries.push_back(entry("steps", steps));
        all.entries.push_back(entry("numbers", numbers));
        return to_json(all);
    }
    const std::int64_t at = step.value_or(entries.last_step());
    const std::vector<std::optional<double>> numbers = entries.table(at);
    Array rows;
    for (std::size_t i = 0; i < entries.post().size(); ++i) {
        Array row;
        for (std::size_t j = 0; j < entries.pre().size(); ++j)
            row.push_back(number_value(numbers[i * entries.pre().size() + j]));
        rows.push_back(value_of(std::move(row)));
    }
    all.entries.push_back(entry("step", at));
    all.entries.push_back(entry("rows", rows));
    return to_json(all);
}

}  // namespace apical
