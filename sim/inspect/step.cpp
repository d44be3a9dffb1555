// The state of one step, phase by phase.
#include <fmt/format.h>

#include <cmath>
#include <numeric>

#include "sim/inspect/inspect.hpp"

namespace apical {

namespace {

class StepView {
public:
    StepView(const StoredRun& run, const StoredModel& model, std::int64_t step,
             const CellRange& cells)
        : run_(run), circuit_(model.circuit), step_(step), cells_(cells) {
        check_sampled();
        check_cells();
    }

    std::string text() const {
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
            if (const Change change = change_of(one); change.before > 0)
                changes.push_back(change_json(one, change));
        }
        return {{entry("step", step_), entry("phases", phases), entry("once_a_step", once),
                 entry("changes", changes)}};
    }

private:
    struct Change {
        std::int64_t before = 0;  // the step compared with; 0: there is none
        double largest = 0.0, now = 0.0;
        std::size_t row = 0, column = 0;
    };

    std::uint64_t row_in(std::size_t axis) const { return run_.row_of(axis, step_); }
    bool is_sampled(std::size_t axis) const {
        const std::uint64_t row = row_in(axis);
        return row < run_.axes()[axis].rows && run_.steps(axis, row, 1).front() == step_;
    }
    bool is_there(const StoredQuantity& one) const {
        return is_sampled(one.axis) && row_in(one.axis) < one.rows;
    }

    // The axes in which to look for the step: those of state, that is, of anything but single
    // numbers sampled once a step, such as the loss. All where there is no state.
    std::vector<std::size_t> looked_in() const {
        std::vector<std::size_t> of_state, all(run_.axes().size());
        for (const StoredQuantity& one : run_.quantities())
            if (!one.row.empty()) of_state.push_back(one.axis);
        std::iota(all.begin(), all.end(), std::size_t{0});
        return of_state.empty() ? all : of_state;
    }

    void check_sampled() const {
        std::int64_t below = 0, above = 0;
        for (const std::size_t a : looked_in()) {
            if (is_sampled(a)) return;
            const std::uint64_t row = row_in(a);
            if (row > 0) below = std::max(below, run_.steps(a, row - 1, 1).front());
            if (row >= run_.axes()[a].rows) continue;
            const std::int64_t next = run_.steps(a, row, 1).front();
            above = above == 0 ? next : std::min(above, next);
        }
        std::string near = below > 0 ? fmt::format("step {} before it", below) : "";
        if (above > 0)
            near += fmt::format("{}step {} after it", near.empty() ? "" : " and ", above);
        throw Error(ExitCode::usage,
                    fmt::format("{}: no state was sampled in step {}; the nearest are {}",
                                run_.path(), step_, near.empty() ? "none" : near));
    }

    void check_cells() const {
        std::size_t most = 0;
        for (const StoredQuantity& one : run_.quantities()) {
            if (one.row.size() == (one.by_phase ? 2 : 1)) most = std::max(most, one.row.back());
        }
        if (most == 0 || cells_.begin < most) return;
        throw Error(ExitCode::usage, fmt::format("--cells {}:{}: the largest has {} cells",
                                                 cells_.begin, cells_.end, most));
    }

    std::vector<double> values(const StoredQuantity& one, std::size_t phase) const {
        const std::size_t dimensions = one.row.size() - (one.by_phase ? 1 : 0);
        const std::size_t size = dimensions == 0 ? 1 : one.row.back();
        const std::size_t begin = dimensions == 0 ? 0 : std::min(cells_.begin, size);
        const std::size_t end = dimensions == 0 ? 1 : std::min(cells_.end, size);
        if (begin == end) return {};
        return run_.read_part(one, row_in(one.axis), 1, phase, begin, end - begin);
    }

    std::string line_of(const StoredQuantity& one, std::size_t phase) const {
        const std::string symbol = one.symbol.size() > 5 ? "" : one.symbol;
        return fmt::format("  {:<28} {:<5}{}\n", one.address, symbol,
                           numbers_text(values(one, phase)));
    }

    static std::string numbers_text(const std::vector<double>& numbers) {
        std::string text;
        for (const double one : numbers) text += fmt::format(" {:>9.5g}", one);
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
            if (!one.address.starts_with("gate.") || !is_there(one)) continue;
            const bool open = values(one, phase).front() > 0.0;
            text += fmt::format("{}{} {}", text.empty() ? "" : ", ", one.address.substr(5),
                                open ? "open" : "closed");
        }
        return text;
    }

    std::string phase_text(std::size_t phase) const {
        std::string text = fmt::format("\n{}{}\n", run_.phases()[phase], interval_text(phase));
        if (const std::string gates = gates_text(phase); !gates.empty())
            text += fmt::format("  gates            {}\n", gates);
        text += fmt::format("  firing is driven {}\n", driving_text(PhaseId(phase)));
        for (const StoredQuantity& one : run_.quantities()) {
            if (!one.by_phase || one.address.starts_with("gate.") || !is_there(one)) continue;
            text += line_of(one, phase);
        }
        return text;
    }

    Value phase_json(std::size_t phase) const {
        Table numbers;
        for (const StoredQuantity& one : run_.quantities()) {
            if (one.by_phase && is_there(one))
                numbers.entries.push_back(entry(one.address, numbers_json(values(one, phase))));
        }
        return value_of(
            Table{{entry("name", run_.phases()[phase]),
                   entry("driving", driving_text(PhaseId(phase))), entry("numbers", numbers)}});
    }

    std::string once_text() const {
        std::string text;
        for (const StoredQuantity& one : run_.quantities()) {
            if (one.by_phase || one.row.size() > 1 || !is_there(one)) continue;
            text += line_of(one, 0);
        }
        return text.empty() ? "" : "\nonce a step\n" + text;
    }

    Change change_of(const StoredQuantity& one) const {
        const bool strengths = one.path.starts_with("/synapses/") && one.row.size() == 2;
        if (!strengths || !is_there(one) || row_in(one.axis) == 0) return {};
        const std::uint64_t row = row_in(one.axis);
        const std::vector<double> now = run_.read(one, row, 1), was = run_.read(one, row - 1, 1);
        Change change;
        change.before = run_.steps(one.axis, row - 1, 1).front();
        change.now = now.front();
        for (std::size_t k = 0; k < now.size(); ++k) {
            if (std::abs(now[k] - was[k]) <= std::abs(change.largest)) continue;
            change = {change.before, now[k] - was[k], now[k], k / one.row[1], k % one.row[1]};
            if (std::isnan(change.largest)) break;  // nothing is larger
        }
        return change;
    }

    std::string changes_text() const {
        std::string text;
        for (const StoredQuantity& one : run_.quantities()) {
            const Change change = change_of(one);
            if (change.before == 0) continue;
            text += fmt::format("  {:<26} {:>+12.5g}  at ({}, {}), now {:.5g}; since step {}\n",
                                one.address, change.largest, change.row, change.column, change.now,
                                change.before);
        }
        return text.empty()
                   ? ""
                   : "\nlargest change of each matrix (postsynaptic, presynaptic)\n" + text;
    }

    static Value change_json(const StoredQuantity& one, const Change& change) {
        return value_of(Table{{entry("address", one.address), entry("largest", change.largest),
                               entry("post", static_cast<std::int64_t>(change.row)),
                               entry("pre", static_cast<std::int64_t>(change.column)),
                               entry("now", change.now), entry("since_step", change.before)}});
    }

    const StoredRun& run_;
    const Circuit& circuit_;
    std::int64_t step_;
    CellRange cells_;
};

}  // namespace

std::string step_text(const StoredRun& run, const StoredModel& model, std::int64_t step,
                      const CellRange& cells) {
    return StepView(run, model, step, cells).text();
}

std::string step_json(const StoredRun& run, const StoredModel& model, std::int64_t step,
                      const CellRange& cells) {
    return to_json(StepView(run, model, step, cells).json());
}

}  // namespace apical
