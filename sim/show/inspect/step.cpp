// The state of one step, phase by phase.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <optional>

#include "circuits/program/quantity_path.hpp"
#include "sim/numbers/number_text.hpp"
#include "sim/run_file/recorder.hpp"
#include "sim/show/inspect/inspect.hpp"

namespace apical {

namespace {

constexpr std::size_t cells_by_default = 8;

class StepView {
public:
    StepView(const StoredRun& run, const StoredModel& model, std::int64_t step,
             const std::optional<CellList>& cells)
        : run_(run), circuit_(model.circuit), step_(step), cells_(cells) {
        check_sampled();
        check_cells();
    }

    std::string text() const {
        if (is_start())
            return fmt::format("step {}: what there was before the first step\n", step_) +
                   start_text();
        std::string all = fmt::format("step {}\n", step_);
        for (std::size_t p = 0; p < run_.phases().size(); ++p) all += phase_text(p);
        return all + once_text() + changes_text();
    }

    Table json() const {
        Array phases;
        for (std::size_t p = 0; p < run_.phases().size(); ++p) phases.push_back(phase_json(p));
        Table once;
        for (const StoredQuantity& one : run_.quantities()) {
            if (!one.by_phase && one.row.size() <= 1 && is_there(one))
                once.entries.push_back(entry(one.address, numbers_json(values(one, 0))));
        }
        Array changes;
        for (const StoredQuantity& one : run_.quantities()) {
            if (const Change change = change_of(one); change.before)
                changes.push_back(change_json(one, change));
        }
        Table all{{entry("step", step_)}};
        if (is_start()) all.entries.push_back(entry("before_first_step", true));
        if (const Table cells = cells_json(); !cells.entries.empty())
            all.entries.push_back(entry("cells", cells));
        for (Entry& one : std::vector<Entry>{entry("phases", phases), entry("once_a_step", once),
                                             entry("changes", changes)})
            all.entries.push_back(std::move(one));
        return all;
    }

private:
    struct Change {
        std::optional<std::int64_t> before = {};  // the step compared with
        double largest = 0.0, now = 0.0;
        std::size_t row = 0, column = 0;
    };

    std::uint64_t row_in(std::size_t axis) const { return run_.row_of(axis, step_); }
    bool is_sampled(std::size_t axis) const {
        const std::uint64_t row = row_in(axis);
        return row < run_.axes()[axis].rows && run_.steps(axis, row, 1).front() == step_;
    }
    // Whether what is shown was there before the first step.
    bool is_start() const {
        return std::any_of(run_.axes().begin(), run_.axes().end(), [&](const StoredAxis& axis) {
            return axis.start_rows > 0 && axis.rows > 0 && axis.first == step_;
        });
    }
    bool is_there(const StoredQuantity& one) const {
        return is_sampled(one.axis) && row_in(one.axis) < one.rows;
    }

    // The axes in which to look for the step: those of state, that is, of anything but single
    // numbers sampled once a step, such as the loss, and of strengths at both ends of the run. All
    // where there is no state.
    std::vector<std::size_t> looked_in() const {
        std::vector<std::size_t> of_state, all(run_.axes().size());
        for (const StoredQuantity& one : run_.quantities())
            if (!one.row.empty() && run_.axes()[one.axis].name != ends_table)
                of_state.push_back(one.axis);
        std::iota(all.begin(), all.end(), std::size_t{0});
        return of_state.empty() ? all : of_state;
    }

    void check_sampled() const {
        std::optional<std::int64_t> below, above;
        for (const std::size_t a : looked_in()) {
            if (is_sampled(a)) return;
            const std::uint64_t row = row_in(a);
            if (row > 0) below = std::max(below.value_or(0), run_.steps(a, row - 1, 1).front());
            if (row >= run_.axes()[a].rows) continue;
            const std::int64_t next = run_.steps(a, row, 1).front();
            above = std::min(above.value_or(next), next);
        }
        std::string near = below ? fmt::format("step {} before it", *below) : "";
        if (above) near += fmt::format("{}step {} after it", near.empty() ? "" : " and ", *above);
        throw Error(ExitCode::usage,
                    near.empty() ? fmt::format("{}: nothing was sampled in any step", run_.path())
                                 : fmt::format("{}: no state was sampled in step {}; the nearest "
                                               "are {}",
                                               run_.path(), step_, near));
    }

    static bool is_gate(const StoredQuantity& one) { return quantity_path::is_of_gate(one.path); }
    static std::size_t dimension_of(const StoredQuantity& one) { return one.by_phase ? 1 : 0; }
    // Whether it has a number for each of some cells.
    static bool has_cells(const StoredQuantity& one) {
        return one.row.size() == dimension_of(one) + 1;
    }
    static bool has_some(const StoredQuantity& one) {
        return has_cells(one) && !one.chosen[dimension_of(one)].empty();
    }
    static std::size_t last_cell(const StoredQuantity& one) {
        return cell_at(one, dimension_of(one), one.row.back() - 1);
    }

    // The first ones that were recorded when none are asked for.
    std::vector<CellPlace> places_of(const StoredQuantity& one) const {
        if (cells_) return places_among(one, dimension_of(one), *cells_);
        std::vector<CellPlace> places = places_in(one, dimension_of(one), {});
        places.resize(std::min(places.size(), cells_by_default));
        return places;
    }

    std::vector<const StoredQuantity*> with_cells() const {
        std::vector<const StoredQuantity*> all;
        for (const StoredQuantity& one : run_.quantities())
            if (has_cells(one) && is_there(one)) all.push_back(&one);
        return all;
    }

    // Each range has a cell of something.
    void check_cells() const {
        const std::vector<const StoredQuantity*> all = with_cells();
        if (!cells_ || all.empty()) return;
        const StoredQuantity& largest = **std::max_element(
            all.begin(), all.end(),
            [](const auto* a, const auto* b) { return last_cell(*a) < last_cell(*b); });
        for (const CellRange& range : *cells_) {
            const bool known = std::any_of(all.begin(), all.end(), [&](const auto* one) {
                return !places_among(*one, dimension_of(*one), {range}).empty();
            });
            if (known) continue;
            if (has_some(largest)) places_in(largest, dimension_of(largest), CellList{range});
            throw Error(ExitCode::usage, fmt::format("--cells {}: the largest has {} cells",
                                                     text_of(*cells_), last_cell(largest) + 1));
        }
    }

    std::vector<double> values(const StoredQuantity& one, std::size_t phase) const {
        const std::uint64_t row = row_in(one.axis);
        if (!has_cells(one)) return run_.read_part(one, row, 1, phase, 0, 1);
        return read_places(run_, one, {row, 1}, phase, places_of(one));
    }

    // Which cells the columns are of, by address; of what was recorded of some cells alone.
    Table cells_json() const {
        Table cells;
        for (const StoredQuantity* one : with_cells()) {
            if (!has_some(*one)) continue;
            Array numbers;
            for (const CellPlace& place : places_of(*one))
                numbers.push_back(value_of(static_cast<std::int64_t>(place.cell)));
            cells.entries.push_back(entry(one->address, numbers));
        }
        return cells;
    }

    // Lines of numbers; where only some cells of anything were recorded, a line above them names
    // the cells of the columns.
    class Lines {
    public:
        explicit Lines(const StepView& view) : view_(view) {
            const std::vector<const StoredQuantity*> all = view.with_cells();
            names_cells_ =
                std::any_of(all.begin(), all.end(), [](const auto* one) { return has_some(*one); });
        }
        void add(const StoredQuantity& one, std::size_t phase) {
            if (names_cells_ && has_cells(one)) name_cells(one);
            text_ += view_.line_of(one, phase);
        }
        const std::string& text() const { return text_; }

    private:
        void name_cells(const StoredQuantity& one) {
            std::string cells;
            for (const CellPlace& place : view_.places_of(one))
                cells += fmt::format(" {:>9}", place.cell);
            if (cells.empty() || cells == cells_) return;
            text_ += fmt::format("  {:<34}{}\n", "cell", cells);
            cells_ = cells;
        }

        const StepView& view_;
        bool names_cells_ = false;
        std::string text_, cells_;
    };

    std::string line_of(const StoredQuantity& one, std::size_t phase) const {
        const std::string symbol = one.symbol.size() > 5 ? "" : one.symbol;
        const std::vector<double> numbers = values(one, phase);
        const std::string none = has_some(one) ? " not recorded" : " no such cell";
        return fmt::format("  {:<28} {:<5}{}\n", one.address, symbol,
                           numbers.empty() ? none : numbers_text(numbers));
    }

    static std::string numbers_text(const std::vector<double>& numbers) {
        std::string text;
        for (const double one : numbers) text += fmt::format(" {:>9}", general_text(one, 5));
        return text;
    }

    static Array numbers_json(const std::vector<double>& numbers) {
        Array array;
        for (const double one : numbers) array.push_back(value_of(one));
        return array;
    }

    std::string interval_text(std::size_t phase) const {
        const std::vector<double>& ends = run_.phase_end_ms();
        if (phase >= ends.size()) return "";
        return fmt::format("  {:.6g} to {:.6g} ms", phase == 0 ? 0.0 : ends[phase - 1],
                           ends[phase]);
    }

    // "hidden by apical (gate disinhibition)": which compartments drive firing.
    std::string driving_text(PhaseId phase) const {
        std::vector<std::string> all;
        for (std::size_t i = 0; i < circuit_.populations.size(); ++i) {
            const PopulationId id(i);
            if (is_set_from_outside(circuit_[id].role) || !circuit_.fires(id, phase)) continue;
            std::string by;
            for (const CompartmentId c : circuit_.open_compartments(id, phase)) {
                const Compartment& one = circuit_[c];
                by += fmt::format("{}{}{}", by.empty() ? "" : " and ", one.name,
                                  one.gate ? fmt::format(" ({})", circuit_[one.gate].name) : "");
            }
            all.push_back(fmt::format("{} by {}", circuit_[id].name, by));
        }
        return all.empty() ? "no cells" : list_of(all);
    }

    std::string gates_text(std::size_t phase) const {
        std::string text;
        for (const StoredQuantity& one : run_.quantities()) {
            if (!is_gate(one) || !is_there(one)) continue;
            const double state = values(one, phase).front();
            if (std::isnan(state)) continue;  // before the first step none has moved
            const bool open = state > 0.0;
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ",
                                quantity_path::name_of(one.path), open ? "open" : "closed");
        }
        return text;
    }

    std::string phase_text(std::size_t phase) const {
        std::string text = fmt::format("\n{}{}\n", run_.phases()[phase], interval_text(phase));
        if (const std::string gates = gates_text(phase); !gates.empty())
            text += fmt::format("  gates            {}\n", gates);
        text += fmt::format("  firing is driven {}\n", driving_text(PhaseId(phase)));
        Lines lines(*this);
        for (const StoredQuantity& one : run_.quantities()) {
            if (!one.by_phase || is_gate(one) || !is_there(one)) continue;
            lines.add(one, phase);
        }
        return text + lines.text();
    }

    // There was no phase yet: whatever there was a number of, once.
    std::string start_text() const {
        Lines lines(*this);
        for (const StoredQuantity& one : run_.quantities()) {
            if (is_gate(one) || one.row.size() > dimension_of(one) + 1 || !is_there(one)) continue;
            const std::vector<double> numbers = values(one, 0);
            const auto is_none = [](double number) { return std::isnan(number); };
            if (numbers.empty() || !std::all_of(numbers.begin(), numbers.end(), is_none))
                lines.add(one, 0);
        }
        return lines.text().empty() ? "" : "\n" + lines.text();
    }

    Value phase_json(std::size_t phase) const {
        Table numbers;
        for (const StoredQuantity& one : run_.quantities()) {
            if (one.by_phase && is_there(one))
                numbers.entries.push_back(entry(one.address, numbers_json(values(one, phase))));
        }
        Table all{{entry("name", run_.phases()[phase])}};
        if (!is_start()) all.entries.push_back(entry("driving", driving_text(PhaseId(phase))));
        all.entries.push_back(entry("numbers", numbers));
        return value_of(all);
    }

    std::string once_text() const {
        Lines lines(*this);
        for (const StoredQuantity& one : run_.quantities()) {
            if (one.by_phase || one.row.size() > 1 || !is_there(one)) continue;
            lines.add(one, 0);
        }
        return lines.text().empty() ? "" : "\nonce a step\n" + lines.text();
    }

    Change change_of(const StoredQuantity& one) const {
        const bool strengths = quantity_path::is_of_synapses(one.path) && one.row.size() == 2;
        if (!strengths || !is_there(one) || row_in(one.axis) == 0) return {};
        const std::uint64_t row = row_in(one.axis);
        const std::vector<double> now = run_.read(one, row, 1), was = run_.read(one, row - 1, 1);
        Change change;
        change.before = run_.steps(one.axis, row - 1, 1).front();
        change.now = now.front();
        for (std::size_t k = 0; k < now.size(); ++k) {
            if (std::abs(now[k] - was[k]) <= std::abs(change.largest)) continue;
            change = {change.before, now[k] - was[k], now[k], cell_at(one, 0, k / one.row[1]),
                      cell_at(one, 1, k % one.row[1])};
            if (std::isnan(change.largest)) break;  // nothing is larger
        }
        return change;
    }

    std::string changes_text() const {
        std::string text;
        for (const StoredQuantity& one : run_.quantities()) {
            const Change change = change_of(one);
            if (!change.before) continue;
            text += fmt::format("  {:<26} {:>+12.5g}  at ({}, {}), now {}; since step {}\n",
                                one.address, change.largest, change.row, change.column,
                                general_text(change.now, 5), *change.before);
        }
        return text.empty()
                   ? ""
                   : "\nlargest change of each matrix (postsynaptic, presynaptic)\n" + text;
    }

    static Value change_json(const StoredQuantity& one, const Change& change) {
        return value_of(Table{{entry("address", one.address), entry("largest", change.largest),
                               entry("post", static_cast<std::int64_t>(change.row)),
                               entry("pre", static_cast<std::int64_t>(change.column)),
                               entry("now", change.now), entry("since_step", *change.before)}});
    }

    const StoredRun& run_;
    const Circuit& circuit_;
    std::int64_t step_;
    std::optional<CellList> cells_;
};

}  // namespace

std::string step_text(const StoredRun& run, const StoredModel& model, std::int64_t step,
                      const std::optional<CellList>& cells) {
    return StepView(run, model, step, cells).text();
}

std::string step_json(const StoredRun& run, const StoredModel& model, std::int64_t step,
                      const std::optional<CellList>& cells) {
    return to_json(StepView(run, model, step, cells).json());
}

}  // namespace apical
