// The state of one step, phase by phase.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "circuits/program/quantity_path.hpp"
#include "sim/numbers/number_text.hpp"
#include "sim/show/inspect/inspect.hpp"
#include "sim/show/inspect/step_numbers.hpp"

namespace apical {

namespace {

// What a gate is at a phase's end stands among the numbers.
bool is_gate(const StoredQuantity& one) {
    return quantity_path::is_of_gate(one.path) &&
           quantity_path::name_of(one.path).find('.') == std::string_view::npos;
}
// The gate of each cell does so too.
bool is_one_gate(const StoredQuantity& one) { return is_gate(one) && !has_cells(one); }

// "open", "closed", "0.5 open"; of several cells that differ "0.1 to 1 open".
std::string openness_text(const std::vector<double>& numbers) {
    const auto [least, most] = std::minmax_element(numbers.begin(), numbers.end());
    if (*most <= 0.0) return "closed";
    if (*least >= 1.0) return "open";
    const std::string high = general_text(*most, 3);
    return *least == *most ? high + " open"
                           : fmt::format("{} to {} open", general_text(*least, 3), high);
}

// "hidden by apical (gate disinhibition)": which compartments drive firing.
std::string driving_text(const Circuit& circuit, PhaseId phase) {
    std::vector<std::string> all;
    for (std::size_t i = 0; i < circuit.populations.size(); ++i) {
        const PopulationId id(i);
        if (is_set_from_outside(circuit[id].role) || !circuit.fires(id, phase)) continue;
        std::string by;
        for (const CompartmentId c : circuit[id].compartments) {
            const Compartment& one = circuit[c];
            if (!circuit.may_be_open(c, phase)) continue;
            const char* perhaps = circuit.is_open(c, phase) ? "" : ", if at all";
            by += fmt::format(
                "{}{}{}", by.empty() ? "" : " and ", one.name,
                one.gate ? fmt::format(" ({}{})", circuit[one.gate].name, perhaps) : "");
        }
        all.push_back(fmt::format("{} by {}", circuit[id].name, by));
    }
    return all.empty() ? "no cells" : list_of(all);
}

std::string numbers_text(const std::vector<double>& numbers) {
    std::string text;
    for (const double one : numbers) text += fmt::format(" {:>9}", general_text(one, 5));
    return text;
}

// Lines of numbers; where only some cells of anything were recorded, a line above them names the
// cells of the columns.
class Lines {
public:
    explicit Lines(const StepNumbers& shown) : shown_(shown) {
        const std::vector<const StoredQuantity*> all = shown_.with_cells();
        names_cells_ = std::any_of(all.begin(), all.end(),
                                   [](const auto* one) { return has_some_cells(*one); });
    }
    void add(const StoredQuantity& one, std::size_t phase) {
        if (names_cells_ && has_cells(one)) name_cells(one);
        text_ += line_of(one, phase);
    }
    const std::string& text() const { return text_; }

private:
    void name_cells(const StoredQuantity& one) {
        std::string cells;
        for (const CellPlace& place : shown_.places_of(one))
            cells += fmt::format(" {:>9}", place.cell);
        if (cells.empty() || cells == cells_) return;
        text_ += fmt::format("  {:<34}{}\n", "cell", cells);
        cells_ = cells;
    }
    std::string line_of(const StoredQuantity& one, std::size_t phase) const {
        const std::string symbol = one.symbol.size() > 5 ? "" : one.symbol;
        const std::vector<double> numbers = shown_.values(one, phase);
        const std::string none = has_some_cells(one) ? " not recorded" : " no such cell";
        return fmt::format("  {:<28} {:<5}{}\n", one.address, symbol,
                           numbers.empty() ? none : numbers_text(numbers));
    }

    const StepNumbers& shown_;
    bool names_cells_ = false;
    std::string text_, cells_;
};

class StepText {
public:
    StepText(const StepNumbers& shown, const Circuit& circuit) : shown_(shown), circuit_(circuit) {}

    std::string text() const {
        if (shown_.is_start())
            return fmt::format("step {}: what there was before the first step\n", shown_.step()) +
                   start_text();
        std::string all = fmt::format("step {}\n", shown_.step());
        for (std::size_t p = 0; p < shown_.run().phases().size(); ++p) all += phase_text(p);
        return all + once_text() + changes_text();
    }

private:
    std::string interval_text(std::size_t phase) const {
        const std::vector<double>& ends = shown_.run().phase_end_ms();
        if (phase >= ends.size()) return "";
        return fmt::format("  {:.6g} to {:.6g} ms", phase == 0 ? 0.0 : ends[phase - 1],
                           ends[phase]);
    }

    std::string gates_text(std::size_t phase) const {
        std::string text;
        for (const StoredQuantity& one : shown_.run().quantities()) {
            if (!is_gate(one) || !shown_.is_there(one)) continue;
            const std::vector<double> numbers = shown_.values(one, phase);
            if (numbers.empty() || std::isnan(numbers.front()))
                continue;  // before the first step none has moved
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                                quantity_path::name_of(one.path), openness_text(numbers));
        }
        return text;
    }

    std::string phase_text(std::size_t phase) const {
        std::string text =
            fmt::format("\n{}{}\n", shown_.run().phases()[phase], interval_text(phase));
        if (const std::string gates = gates_text(phase); !gates.empty())
            text += fmt::format("  gates            {}\n", gates);
        text += fmt::format("  firing is driven {}\n", driving_text(circuit_, PhaseId(phase)));
        Lines lines(shown_);
        for (const StoredQuantity& one : shown_.run().quantities()) {
            if (!one.by_phase || is_one_gate(one) || !shown_.is_there(one)) continue;
            lines.add(one, phase);
        }
        return text + lines.text();
    }

    // There was no phase yet: whatever there was a number of, once.
    std::string start_text() const {
        Lines lines(shown_);
        for (const StoredQuantity& one : shown_.run().quantities()) {
            if (is_one_gate(one) || one.row.size() > cell_dimension(one) + 1 ||
                !shown_.is_there(one))
                continue;
            const std::vector<double> numbers = shown_.values(one, 0);
            const auto is_none = [](double number) { return std::isnan(number); };
            if (numbers.empty() || !std::all_of(numbers.begin(), numbers.end(), is_none))
                lines.add(one, 0);
        }
        return lines.text().empty() ? "" : "\n" + lines.text();
    }

    std::string once_text() const {
        Lines lines(shown_);
        for (const StoredQuantity& one : shown_.run().quantities()) {
            if (one.by_phase || one.row.size() > 1 || !shown_.is_there(one)) continue;
            lines.add(one, 0);
        }
        return lines.text().empty() ? "" : "\nonce a step\n" + lines.text();
    }

    std::string changes_text() const {
        std::string text;
        for (const StoredQuantity& one : shown_.run().quantities()) {
            const StepNumbers::Change change = shown_.change_of(one);
            if (!change.before) continue;
            text += fmt::format("  {:<26} {:>+12.5g}  at ({}, {}), now {}; since step {}\n",
                                one.address, change.largest, change.row, change.column,
                                general_text(change.now, 5), *change.before);
        }
        return text.empty()
                   ? ""
                   : "\nlargest change of each matrix (postsynaptic, presynaptic)\n" + text;
    }

    const StepNumbers& shown_;
    const Circuit& circuit_;
};

Array numbers_json(const std::vector<double>& numbers) {
    Array array;
    for (const double one : numbers) array.push_back(value_of(one));
    return array;
}

Value change_json(const StoredQuantity& one, const StepNumbers::Change& change) {
    return value_of(Table{{entry("address", one.address), entry("largest", change.largest),
                           entry("post", static_cast<std::int64_t>(change.row)),
                           entry("pre", static_cast<std::int64_t>(change.column)),
                           entry("now", change.now), entry("since_step", *change.before)}});
}

class StepJson {
public:
    StepJson(const StepNumbers& shown, const Circuit& circuit) : shown_(shown), circuit_(circuit) {}

    Table json() const {
        Array phases;
        for (std::size_t p = 0; p < shown_.run().phases().size(); ++p)
            phases.push_back(phase_json(p));
        Table once;
        for (const StoredQuantity& one : shown_.run().quantities()) {
            if (!one.by_phase && one.row.size() <= 1 && shown_.is_there(one))
                once.entries.push_back(entry(one.address, numbers_json(shown_.values(one, 0))));
        }
        Array changes;
        for (const StoredQuantity& one : shown_.run().quantities()) {
            if (const StepNumbers::Change change = shown_.change_of(one); change.before)
                changes.push_back(change_json(one, change));
        }
        Table all{{entry("step", shown_.step())}};
        if (shown_.is_start()) all.entries.push_back(entry("before_first_step", true));
        if (const Table cells = cells_json(); !cells.entries.empty())
            all.entries.push_back(entry("cells", cells));
        for (Entry& one : std::vector<Entry>{entry("phases", phases), entry("once_a_step", once),
                                             entry("changes", changes)})
            all.entries.push_back(std::move(one));
        return all;
    }

private:
    // The cells of the columns, by address, of quantities that were recorded of some cells alone.
    Table cells_json() const {
        Table cells;
        for (const StoredQuantity* one : shown_.with_cells()) {
            if (!has_some_cells(*one)) continue;
            Array numbers;
            for (const CellPlace& place : shown_.places_of(*one))
                numbers.push_back(value_of(static_cast<std::int64_t>(place.cell)));
            cells.entries.push_back(entry(one->address, numbers));
        }
        return cells;
    }

    Value phase_json(std::size_t phase) const {
        Table numbers;
        for (const StoredQuantity& one : shown_.run().quantities()) {
            if (one.by_phase && shown_.is_there(one))
                numbers.entries.push_back(
                    entry(one.address, numbers_json(shown_.values(one, phase))));
        }
        Table all{{entry("name", shown_.run().phases()[phase])}};
        if (!shown_.is_start())
            all.entries.push_back(entry("driving", driving_text(circuit_, PhaseId(phase))));
        all.entries.push_back(entry("numbers", numbers));
        return value_of(all);
    }

    const StepNumbers& shown_;
    const Circuit& circuit_;
};

}  // namespace

std::string step_text(const StoredRun& run, const StoredModel& model, std::int64_t step,
                      const std::optional<CellList>& cells) {
    return StepText(StepNumbers(run, step, cells), model.circuit).text();
}

std::string step_json(const StoredRun& run, const StoredModel& model, std::int64_t step,
                      const std::optional<CellList>& cells) {
    return to_json(StepJson(StepNumbers(run, step, cells), model.circuit).json());
}

}  // namespace apical
