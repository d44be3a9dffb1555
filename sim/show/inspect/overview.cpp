// The contents of a run file.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <optional>
#include <sstream>

#include "sim/numbers/loss_text.hpp"
#include "sim/show/inspect/headline.hpp"
#include "sim/show/inspect/inspect.hpp"

namespace apical {

namespace {

std::string shape_text(const StoredQuantity& quantity) {
    std::string text = fmt::format("{}", quantity.rows);
    for (const std::size_t size : quantity.row) text += fmt::format(" x {}", size);
    if (!quantity.synapses.empty()) text += fmt::format(" ({} synapses)", quantity.synapses.size());
    return text;
}

const Table* table_in(const Table& root, std::string_view key) {
    const Value* value = root.find(key);
    return value ? std::get_if<Table>(&value->content) : nullptr;
}

std::string inline_keys(const Table& table) {
    std::string text;
    for (const Entry& entry : table.entries) {
        if (const auto* inner = std::get_if<Table>(&entry.value.content)) {
            const std::string key = to_toml(Table{{apical::entry(entry.key, std::int64_t{0})}});
            const std::string name = key.substr(0, key.rfind(" = "));
            text += (text.empty() ? "" : ", ") + name + " = { " + inline_keys(*inner) + " }";
            continue;
        }
        std::string line = to_toml({{entry}});
        line.erase(line.find_last_not_of('\n') + 1);
        text += (text.empty() ? "" : ", ") + line;
    }
    return text;
}

std::string rules_text(const Table& root) {
    std::vector<std::string> rules;
    const Table* plasticity = table_in(root, "plasticity");
    for (const Entry& entry : plasticity ? plasticity->entries : std::vector<Entry>{}) {
        const auto* table = std::get_if<Table>(&entry.value.content);
        const Value* rule = table ? table->find("rule") : nullptr;
        const auto* name = rule ? std::get_if<std::string>(&rule->content) : nullptr;
        if (name) rules.push_back(fmt::format("{} ({})", entry.key, *name));
    }
    return rules.empty() ? "none: nothing learns" : list_of(rules);
}

std::optional<std::int64_t> planned_steps(const StoredModel& model) {
    const Table* section = table_in(model.root, "run");
    const Value* value = section ? section->find("steps") : nullptr;
    const auto* planned = value ? std::get_if<std::int64_t>(&value->content) : nullptr;
    return planned ? std::optional(*planned) : std::nullopt;
}

std::string steps_text(const StoredRun& run, const StoredModel& model) {
    const std::optional<std::int64_t> planned = planned_steps(model);
    const std::int64_t done = run.steps_completed();
    const std::string of = planned && done != *planned ? fmt::format(" of {}", *planned) : "";
    if (done < 0)
        return fmt::format(
            "rows up to step {}{}; {}", run.last_step(), of,
            run.is_being_written() ? "the run goes on" : "nothing writes it: the run was killed");
    return fmt::format("{}{}", done, of);
}

std::string phases_text(const StoredRun& run) {
    std::vector<std::string> parts;
    double begin = 0.0;
    const std::vector<double> ends = run.phase_end_ms();
    for (std::size_t p = 0; p < std::min(ends.size(), run.phases().size()); ++p) {
        parts.push_back(fmt::format("{} {:.6g} to {:.6g} ms", run.phases()[p], begin, ends[p]));
        begin = ends[p];
    }
    return parts.empty() ? list_of(run.phases()) : list_of(parts);
}

std::uint64_t bytes_of(const StoredRun& run) {
    std::error_code missing;
    const auto bytes = std::filesystem::file_size(run.path(), missing);
    return missing ? 0 : bytes;
}

std::string audit_line(const StoredRun& run) {
    const std::string audit = run.text(run_attribute::audit);
    if (audit.empty()) return "";
    return audit.find("\"passes\": true") != std::string::npos ? "passes the paper's criteria"
                                                               : "fails the paper's criteria";
}

// "task data.h5:x (0123456789abcdef)"
std::vector<std::string> data_lines(const StoredRun& run) {
    constexpr std::size_t digits = 16;
    std::vector<std::string> lines;
    std::istringstream text(run.text(run_attribute::data));
    for (std::string one; std::getline(text, one);) {
        if (one.size() > digits + 1)
            lines.push_back(fmt::format("{} ({})", one.substr(digits + 1), one.substr(0, digits)));
    }
    return lines;
}

// "rec.spikes    1204 of 100 cells, steps 3 to 998    /spikes/rec"
std::string spikes_text(const StoredRun& run) {
    std::string text;
    for (const StoredSpikes& one : run.spikes()) {
        std::string when;
        if (one.rows > 0)
            when = fmt::format(", steps {} to {}", run.read_spikes(one, 0, 1).front().step,
                               run.read_spikes(one, one.rows - 1, 1).front().step);
        text += fmt::format("  {:<28} {:>9} spike{} of {} cell{}{}\n",
                            fmt::format("{}.spikes", one.population), one.rows,
                            one.rows == 1 ? "" : "s", one.cells, one.cells == 1 ? "" : "s", when);
    }
    return text.empty() ? "" : "\nspikes, in /spikes/POPULATION\n" + text;
}

std::string line(std::string_view name, const std::string& text) {
    return text.empty() ? "" : fmt::format("{:<8} {}\n", name, on_one_line(text));
}

}  // namespace

namespace {

// The last evaluation that the run made of itself.
struct Frozen {
    std::int64_t step = 0;
    double loss = 0.0, error = 0.0;
};

std::optional<Frozen> last_frozen(const StoredRun& run) {
    if (!run.has("evaluation.loss") || !run.has("evaluation.loss_sem")) return {};
    const StoredQuantity &loss = run.find("evaluation.loss"),
                         &error = run.find("evaluation.loss_sem");
    const std::uint64_t rows = std::min(loss.rows, error.rows);
    if (rows == 0 || loss.row_numbers() != 1 || error.row_numbers() != 1) return {};
    return Frozen{run.steps(loss.axis, rows - 1, 1).front(), run.read(loss, rows - 1, 1).front(),
                  run.read(error, rows - 1, 1).front()};
}

std::string text_of(const Frozen& frozen) {
    return fmt::format("{} ± {}  after step {}", loss_text(frozen.loss), loss_text(frozen.error),
                       frozen.step);
}

}  // namespace

std::string overview_text(const StoredRun& run, const StoredModel& model) {
    std::string text =
        line("model", run.text(run_attribute::title)) + line("rules", rules_text(model.root));
    if (const Table* task = table_in(model.root, "task")) text += line("task", inline_keys(*task));
    for (const std::string& read : data_lines(run)) text += line("data", read);
    text += line("seed", fmt::format("{}", run.integer(run_attribute::seed, 0)));
    text += line("fork of", run.text(run_attribute::forked_from));
    text += line("steps", steps_text(run, model)) + line("failed", run.failure());
    text += line("phases", phases_text(run));
    if (const Headline loss = headline(run, planned_steps(model)); !std::isnan(loss.loss)) {
        text += line("loss", text_of(loss));
        if (const std::optional<Frozen> frozen = last_frozen(run))
            text += line("frozen", text_of(*frozen));
        for (const Bound& bound : model.bounds)
            text += line("bound", loss_text(bound.loss) + "  " + bound.name);
    }
    text += line("audit", audit_line(run));
    text += line("made by", fmt::format("apical {}, {}", run.text(run_attribute::version),
                                        run.text(run_attribute::compiler)));
    const std::size_t quantities = run.quantities().size();
    text += line("file", fmt::format("{} ({:.1f} MB, {} {}, {} event{})", run.path(),
                                     static_cast<double>(bytes_of(run)) * 1e-6, quantities,
                                     quantities == 1 ? "quantity" : "quantities", run.event_count(),
                                     run.event_count() == 1 ? "" : "s"));
    text += "\nsampled in\n";
    for (const StoredAxis& axis : run.axes()) {
        text += fmt::format("  {:<28} {:>9} rows, steps {} to {}\n", on_one_line(axis.name),
                            axis.rows, axis.first, axis.last);
    }
    text += spikes_text(run);
    text += fmt::format("\n{:<40} {:<22} {:<5} {:<28} {}\n", "address", "shape", "unit",
                        "sampled in", "path");
    for (const StoredQuantity& one : run.quantities()) {
        text +=
            fmt::format("{:<40} {:<22} {:<5} {:<28} {}\n", one.address, shape_text(one), one.units,
                        on_one_line(run.axes()[one.axis].name), on_one_line(one.path));
    }
    return text;
}

std::string progress_line(const StoredRun& run, const StoredModel& model) {
    constexpr std::uint64_t block = 65536;
    const Headline now =
        headline(run, planned_steps(model), block);  // every second again: not all of a long run
    const std::string loss = std::isnan(now.loss) ? "" : "; loss " + loss_text(now.loss);
    const std::string failure = run.failure();
    return steps_text(run, model) + loss +
           (failure.empty() ? "" : "; failed: " + on_one_line(failure)) + '\n';
}

namespace {

Value quantity_json(const StoredRun& run, const StoredQuantity& one) {
    Array shape{value_of(static_cast<std::int64_t>(one.rows))};
    for (const std::size_t size : one.row)
        shape.push_back(value_of(static_cast<std::int64_t>(size)));
    return value_of(Table{
        {entry("address", one.address), entry("path", one.path), entry("shape", shape),
         entry("units", one.units), entry("long_name", one.long_name), entry("symbol", one.symbol),
         entry("by_phase", one.by_phase), entry("axis", run.axes()[one.axis].name)}});
}

Array spikes_json(const StoredRun& run) {
    Array all;
    for (const StoredSpikes& one : run.spikes()) {
        all.push_back(value_of(Table{{entry("population", one.population), entry("path", one.path),
                                      entry("cells", one.cells),
                                      entry("rows", static_cast<std::int64_t>(one.rows))}}));
    }
    return all;
}

}  // namespace

std::string overview_json(const StoredRun& run, const StoredModel& model) {
    Array axes, quantities, phases;
    for (const StoredAxis& axis : run.axes()) {
        axes.push_back(value_of(
            Table{{entry("name", axis.name), entry("rows", static_cast<std::int64_t>(axis.rows)),
                   entry("first", axis.first), entry("last", axis.last)}}));
    }
    for (const StoredQuantity& one : run.quantities())
        quantities.push_back(quantity_json(run, one));
    for (const std::string& phase : run.phases()) phases.push_back(value_of(phase));
    const Headline loss = headline(run, planned_steps(model));
    Table table{{entry("file", run.path()),
                 entry("title", run.text(run_attribute::title)),
                 entry("seed", run.integer(run_attribute::seed, 0)),
                 entry("forked_from", run.text(run_attribute::forked_from)),
                 entry("data", run.text(run_attribute::data)),
                 entry("steps_completed", run.steps_completed()),
                 entry("failure", run.failure()),
                 entry("goes_on", run.is_being_written()),
                 entry("last_step", run.last_step()),
                 entry("loss", loss.loss),
                 entry("loss_steps", loss.steps),
                 entry("loss_rows", static_cast<std::int64_t>(loss.counted)),
                 entry("version", run.text(run_attribute::version)),
                 entry("compiler", run.text(run_attribute::compiler)),
                 entry("file_bytes", static_cast<std::int64_t>(bytes_of(run))),
                 entry("events", static_cast<std::int64_t>(run.event_count())),
                 entry("phases", phases),
                 entry("axes", axes),
                 entry("spikes", spikes_json(run)),
                 entry("quantities", quantities),
                 entry("resolved", model.root)}};
    if (const std::optional<Frozen> frozen = last_frozen(run)) {
        table.entries.push_back(entry("frozen", frozen->loss));
        table.entries.push_back(entry("frozen_sem", frozen->error));
        table.entries.push_back(entry("frozen_step", frozen->step));
    }
    return to_json(table);
}

}  // namespace apical
