#include "sim/diagnosis/summary.hpp"

#include <fmt/format.h>

#include "sim/numbers/number_text.hpp"

namespace apical {

namespace {

std::string verdict(const ChangeLine& line) {
    return fmt::format("{}{}", jumps(line) ? "jumps" : "changes continuously",
                       line.carries ? "" : "; a tag, nothing is transmitted by it");
}

std::string alignment_text(const DiagnosisSummary& summary) {
    if (summary.alignment.empty()) return "";
    std::string text = fmt::format(
        "{:<18} {:>10} {:>10} {:>10} {:>10}  cosine, norm: mean of the last {} steps; "
        "compared {} times with {}\n",
        "aligned", "cosine", "norm ratio", "bias", "variance", summary.tail,
        summary.alignment.front().compared, summary.alignment.front().truth);
    for (const AlignmentLine& line : summary.alignment) {
        text += fmt::format("  {:<16} {:>10} {:>10} {:>10} {:>10}\n", line.name,
                            fixed_text(line.cosine, 4), fixed_text(line.norm_ratio, 4),
                            fixed_text(line.bias, 4), fixed_text(line.variance, 4));
    }
    return text;
}

std::string jacobian_text(const DiagnosisSummary& summary) {
    if (summary.jacobians.empty()) return "";
    std::string text = fmt::format("{:<18} {:>10} {:>10} {:>10} {:>10}\n", "jacobian", "error",
                                   "cosine", "radius", "true one");
    for (const JacobianLine& line : summary.jacobians) {
        text += fmt::format("  {:<16} {:>10} {:>10} {:>10} {:>10}\n", line.name,
                            fixed_text(line.error, 4), fixed_text(line.cosine, 4),
                            fixed_text(line.spectral_radius, 4),
                            fixed_text(line.true_spectral_radius, 4));
    }
    return text;
}

std::string credit_text(const DiagnosisSummary& summary) {
    if (summary.credits.empty()) return "";
    const int window = summary.credits.front().window;
    const std::string steps =
        window == 0 ? "a whole trial" : fmt::format("{} step{}", window, window == 1 ? "" : "s");
    std::string text = fmt::format(
        "{:<18} {:>10} {:>10}  with the derivative of the losses of {} by the cells' rate\n",
        "credit", "cosine", "norm ratio", steps);
    for (const CreditLine& line : summary.credits)
        text += fmt::format("  {:<16} {:>10} {:>10}\n", line.name, fixed_text(line.cosine, 4),
                            fixed_text(line.norm_ratio, 4));
    return text;
}

std::string change_text(const DiagnosisSummary& summary) {
    if (summary.changes.empty()) return "";
    std::string text = "change             largest of a step, over the largest norm\n";
    for (const ChangeLine& line : summary.changes)
        text += fmt::format("  {:<20} {:>12}  {}\n", line.name, fixed_text(line.largest, 6),
                            verdict(line));
    return text;
}

std::string gates_text(const DiagnosisSummary& summary) {
    if (summary.gates.empty()) return "";
    std::string text = "gates              mean distance from what they are meant to be\n";
    for (const GateLine& line : summary.gates)
        text += fmt::format("  {:<20} {:>12}\n", line.name, fixed_text(line.distance, 6));
    return text;
}

Table table_of(const GateLine& line) { return {{entry("distance", line.distance)}}; }

Table table_of(const AlignmentLine& line) {
    return {{entry("cosine", line.cosine), entry("norm_ratio", line.norm_ratio),
             entry("bias", line.bias), entry("variance", line.variance),
             entry("compared", line.compared), entry("truth", line.truth)}};
}

Table table_of(const JacobianLine& line) {
    return {{entry("error", line.error), entry("cosine", line.cosine),
             entry("spectral_radius", line.spectral_radius),
             entry("true_spectral_radius", line.true_spectral_radius)}};
}

Table table_of(const CreditLine& line) {
    return {
        {entry("cosine", line.cosine), entry("norm_ratio", line.norm_ratio),
         line.window == 0 ? entry("window", "trial") : entry("window", std::int64_t{line.window})}};
}

Table table_of(const ChangeLine& line) {
    return {
        {entry("largest", line.largest), entry("jumps", jumps(line)), entry("tag", !line.carries)}};
}

template <class Line>
void add(std::vector<Entry>& entries, std::string key, const std::vector<Line>& lines) {
    if (lines.empty()) return;
    Table table;
    for (const Line& line : lines) table.entries.push_back(entry(line.name, table_of(line)));
    entries.push_back(entry(std::move(key), std::move(table)));
}

}  // namespace

std::string text_of(const DiagnosisSummary& summary) {
    return alignment_text(summary) + jacobian_text(summary) + credit_text(summary) +
           change_text(summary) + gates_text(summary);
}

std::vector<Entry> entries_of(const DiagnosisSummary& summary) {
    std::vector<Entry> entries;
    add(entries, "alignment", summary.alignment);
    add(entries, "jacobian", summary.jacobians);
    add(entries, "credit", summary.credits);
    add(entries, "change", summary.changes);
    add(entries, "gates", summary.gates);
    return entries;
}

}  // namespace apical
