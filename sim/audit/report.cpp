#include "sim/audit/report.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/text/value.hpp"

namespace apical {

namespace {

std::vector<std::string> evidence(const Program& program, const std::vector<Finding>& findings) {
    std::vector<std::string> lines;
    for (const Finding& finding : findings)
        lines.push_back(listing_line(program, finding.operation));
    return lines;
}

// ---- text

std::size_t width_of_models(const std::vector<AuditReport>& reports) {
    std::size_t width = 5;
    for (const AuditReport& report : reports)
        width = std::max(width, on_one_line(report.model).size());
    return width;
}

std::string measured_word(const AuditReport& report) {
    if (!report.influence) return "";
    if (report.influence->nudges == 0) return "not measured";
    return report.influence->foreign.empty() ? "local" : "not local";
}

std::string table(const std::vector<AuditReport>& reports) {
    const std::size_t width = width_of_models(reports);
    std::string text = fmt::format("{:<{}}", "model", width);
    for (const std::string_view column : criterion_columns) text += fmt::format("  {:<6}", column);
    text += fmt::format("  {:<9}", "verdict");
    const bool measured = !reports.empty() && reports.front().influence.has_value();
    text += measured ? "measured\n" : "\n";
    for (const AuditReport& report : reports) {
        text += fmt::format("{:<{}}", on_one_line(report.model), width);
        for (const std::string_view column : criterion_columns)
            text += fmt::format("  {:<6}", report.audit.meets(column) ? "ok" : "FAIL");
        text += fmt::format("  {:<9}{}\n", report.audit.passes() ? "passes" : "fails",
                            measured_word(report));
    }
    return text;
}

// Findings of one criterion: each with its evidence, then what would mend them.
std::string criterion_text(const std::vector<Finding>& findings,
                           const std::vector<std::string>& lines, std::size_t begin,
                           std::size_t end) {
    const CriterionTraits& asked = traits(findings[begin].criterion);
    const std::string_view column = asked.column.empty() ? "beyond" : asked.column;
    std::string text = fmt::format("  {:<7}{}\n", column, asked.asked);
    std::vector<std::string> mends;
    for (std::size_t k = begin; k < end; ++k) {
        const Finding& one = findings[k];
        text += fmt::format("         {}\n           {}{}\n", one.because, lines[k],
                            one.further > 0 ? fmt::format("  (and {} more)", one.further) : "");
        if (std::find(mends.begin(), mends.end(), one.mend) == mends.end())
            mends.push_back(one.mend);
    }
    return text + fmt::format("         to mend: {}\n", fmt::join(mends, "; "));
}

std::string findings_text(const std::vector<Finding>& findings,
                          const std::vector<std::string>& lines) {
    std::string text;
    for (std::size_t begin = 0, end = 0; begin < findings.size(); begin = end) {
        while (end < findings.size() && findings[end].criterion == findings[begin].criterion) ++end;
        text += criterion_text(findings, lines, begin, end);
    }
    return text;
}

// The influences with which each matrix changed, a line for each.
std::string foreign_text(const std::vector<ForeignInfluence>& foreign) {
    constexpr std::size_t most_names = 4;
    std::vector<std::string> matrices;
    for (const ForeignInfluence& one : foreign) {
        if (std::find(matrices.begin(), matrices.end(), one.on) == matrices.end())
            matrices.push_back(one.on);
    }
    std::string text;
    for (const std::string& matrix : matrices) {
        std::vector<std::string> names;
        for (const ForeignInfluence& one : foreign) {
            if (one.on == matrix) names.push_back(fmt::format("\"{}\"", one.of));
        }
        const std::size_t all = names.size();
        names.resize(std::min(all, most_names));
        text += fmt::format("         \"{}\" with {}{}\n", matrix, list_of(names),
                            all > most_names ? fmt::format(" and {} more", all - most_names) : "");
    }
    return text;
}

std::string influence_text(const MeasuredInfluence& measured) {
    if (measured.nudges == 0) {
        return fmt::format(
            "  measured: no, since the state would be copied for each operation, {:.3g} GB; "
            "expected "
            "fewer cells, or a shorter window\n",
            measured.gigabytes);
    }
    const std::string nudged =
        fmt::format("  measured: {} numbers{} nudged while the plan ran; ", measured.nudges,
                    measured.every_entry ? ", all there are," : ", a sample of all,");
    if (measured.foreign.empty()) {
        return nudged +
               "each synapse changed with its own two cells, itself and broadcast "
               "numbers alone\n";
    }
    return nudged + "synapses changed with what is not theirs:\n" + foreign_text(measured.foreign);
}

std::string evidence_text(const AuditReport& report) {
    std::string text =
        fmt::format("\n{}  {}\n", on_one_line(report.model), on_one_line(report.title));
    text += report.audit.passes() ? "  every criterion of the paper holds\n"
                                  : findings_text(report.audit.findings, report.findings);
    if (report.influence) text += influence_text(*report.influence);
    if (!report.audit.beyond.empty()) text += findings_text(report.audit.beyond, report.beyond);
    if (report.interventions.empty()) return text;
    text += "  events  what the experimenter does, without which the circuit is judged\n";
    for (const std::string& line : report.interventions)
        text += fmt::format("           {}\n", line);
    return text;
}

// ---- JSON

Value finding_json(const Finding& finding, const std::string& line) {
    const CriterionTraits& asked = traits(finding.criterion);
    return value_of(
        Table{{entry("criterion", std::string(asked.name)),
               entry("column", std::string(asked.column)), entry("subject", finding.subject),
               entry("because", finding.because), entry("evidence", line),
               entry("operation", static_cast<std::int64_t>(finding.operation + 1)),
               entry("further_operations", static_cast<std::int64_t>(finding.further)),
               entry("to_mend", finding.mend)}});
}

Array findings_json(const std::vector<Finding>& findings, const std::vector<std::string>& lines) {
    Array array;
    for (std::size_t k = 0; k < findings.size(); ++k)
        array.push_back(finding_json(findings[k], lines[k]));
    return array;
}

Table influence_json(const MeasuredInfluence& measured) {
    Array foreign;
    for (const ForeignInfluence& one : measured.foreign) {
        foreign.push_back(
            value_of(Table{{entry("of", one.of), entry("on", one.on), entry("example", one.example),
                            entry("found", static_cast<std::int64_t>(one.found))}}));
    }
    return {{entry("nudges", static_cast<std::int64_t>(measured.nudges)),
             entry("every_entry", measured.every_entry), entry("foreign", foreign)}};
}

Table report_json(const AuditReport& report) {
    Table criteria;
    for (const std::string_view column : criterion_columns)
        criteria.entries.push_back(entry(std::string(column), report.audit.meets(column)));
    Table table{{entry("title", report.title), entry("passes", report.audit.passes()),
                 entry("criteria", criteria),
                 entry("findings", findings_json(report.audit.findings, report.findings)),
                 entry("beyond", findings_json(report.audit.beyond, report.beyond))}};
    if (!report.interventions.empty()) {
        Array lines;
        for (const std::string& line : report.interventions) lines.push_back(value_of(line));
        table.entries.push_back(entry("interventions", lines));
    }
    if (report.influence)
        table.entries.push_back(entry("influence", influence_json(*report.influence)));
    return table;
}

}  // namespace

AuditReport report_on(const Model& model, bool measured) {
    AuditReport report{model.path, model.title, audit(model), {}, {}, {}, {}};
    report.findings = evidence(model.program, report.audit.findings);
    report.beyond = evidence(model.program, report.audit.beyond);
    for (const std::size_t operation : report.audit.interventions)
        report.interventions.push_back(listing_line(model.program, operation));
    if (measured) report.influence = measure_influence(model);
    return report;
}

std::string audit_text(const std::vector<AuditReport>& reports) {
    std::string text = table(reports);
    for (const AuditReport& report : reports) text += evidence_text(report);
    return text;
}

std::string audit_json(const std::vector<AuditReport>& reports) {
    Array models;
    for (const AuditReport& report : reports) {
        Table table = report_json(report);
        table.entries.insert(table.entries.begin(), entry("model", report.model));
        models.push_back(value_of(std::move(table)));
    }
    return to_json({{entry("models", models)}});
}

std::string audit_json(const AuditReport& report) { return to_json(report_json(report)); }

}  // namespace apical
