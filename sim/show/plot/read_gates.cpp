#include "sim/show/plot/read_gates.hpp"

#include <algorithm>
#include <cmath>
#include <numeric>

#include "circuits/anatomy/address.hpp"
#include "sim/run_file/format.hpp"
#include "sim/show/plot/phase_times.hpp"

namespace apical {

namespace {

constexpr std::uint64_t events_before = 4096;  // that may say how a gate stood at the beginning

bool is_drawn(const Circuit& circuit, const Gate& gate, const std::vector<Selection>& all,
              const PlotRequest& request) {
    const std::string cells = circuit[circuit[gate.compartment].population].name + ".";
    return std::any_of(all.begin(), all.end(), [&](const Selection& one) {
        return is_in_time(one, request) && one.address.starts_with(cells);
    });
}

// By the timetable: what is open, and what leaks.
std::vector<Stretch> meant(const Circuit& circuit, const Gate& gate, const StepRange& steps) {
    std::vector<Stretch> all = stretches(circuit, steps, gate.open_in);
    if (gate.closed == 0.0) return all;
    std::vector<bool> leaks = gate.open_in;
    leaks.flip();
    for (Stretch one : stretches(circuit, steps, leaks)) {
        one.share = gate.closed;
        all.push_back(one);
    }
    return all;
}

// The number of the first event that is not before `ms`.
std::uint64_t first_event(const StoredRun& run, double ms) {
    std::uint64_t low = 0, high = run.event_count();
    while (low < high) {
        const std::uint64_t middle = low + (high - low) / 2;
        (run.events(middle, 1).front().time_ms < ms ? low = middle + 1 : high = middle);
    }
    return low;
}

// What the gate's moves leave open; empty where the run has no events of it. A gate that opens and
// closes within a phase is open until it moves again: one that fails to move stays as it was.
std::vector<Stretch> by_events(const StoredRun& run, const Gate& gate, const Stretch& shown) {
    const std::uint64_t begin = first_event(run, shown.begin), end = first_event(run, shown.end);
    const std::uint64_t first = begin - std::min(begin, events_before);
    std::vector<Stretch> all;
    bool is_open = false, is_known = false;
    double since = shown.begin;
    const auto end_stretch = [&](double ms) {
        const double share = is_open ? 1.0 : gate.closed;
        if (ms > since && share > 0.0) append(all, {since, ms, share});
        since = std::max(since, ms);
    };
    for (const StoredEvent& one :
         end > first ? run.events(first, end - first) : std::vector<StoredEvent>{}) {
        const bool opens = one.kind == event_kind::gate_opens;
        if (one.target != gate.name || !(opens || one.kind == event_kind::gate_closes)) continue;
        end_stretch(one.time_ms);
        is_open = opens;
        is_known = true;
    }
    if (!is_known) return {};
    end_stretch(shown.end);
    return all;
}

// The mean over a phase and the gated cells, in each step that was sampled.
std::vector<Stretch> by_means(const StoredRun& run, const Circuit& circuit,
                              const StoredQuantity& one, const StepRange& steps) {
    const RowRange rows = sampled_rows_in(run, one.axis, steps);
    const std::uint64_t count = std::min(rows.count, one.rows - std::min(one.rows, rows.first));
    if (count == 0) return {};
    const std::vector<std::int64_t> sampled = run.steps(one.axis, rows.first, count);
    const std::vector<double> numbers = run.read(one, rows.first, count);
    const std::size_t phases = circuit.phases.size(), width = one.row_numbers(),
                      cells = width / phases;
    std::vector<Stretch> all;
    for (std::size_t row = 0; row < sampled.size(); ++row) {
        for (std::size_t p = 0; p < phases; ++p) {
            const auto first =
                numbers.begin() + static_cast<std::ptrdiff_t>(row * width + p * cells);
            Stretch time = times_of(circuit, PhaseId(p)).back();
            time.share = std::accumulate(first, first + static_cast<std::ptrdiff_t>(cells), 0.0) /
                         static_cast<double>(cells);
            time.begin += static_cast<double>(sampled[row] - 1) * circuit.step_ms();
            time.end += static_cast<double>(sampled[row] - 1) * circuit.step_ms();
            if (std::isfinite(time.share) && time.share > 0.0) append(all, time);
        }
    }
    return all;
}

}  // namespace

std::vector<Timetable> read_gates(const StoredRun& run, const Circuit& circuit,
                                  const std::vector<Selection>& all, const PlotRequest& request,
                                  const CurveAxis& axis) {
    const std::int64_t first = std::max(axis.steps.first, std::int64_t{1});
    const Stretch shown{static_cast<double>(first - 1) * axis.step_ms,
                        static_cast<double>(axis.steps.last) * axis.step_ms};
    std::vector<Timetable> gates;
    for (const Gate& gate : circuit.gates) {
        if (!is_drawn(circuit, gate, all, request)) continue;
        Timetable& row = gates.emplace_back();
        row.name = gate.name;
        row.stretches = meant(circuit, gate, axis.steps);
        if (!gate.is_by_cells() && !gate.moves_in_phases()) continue;
        const std::string address = gate.is_by_cells()
                                        ? gate_of_cells_address(circuit.full_name(gate.compartment))
                                        : gate_address(gate.name);
        std::vector<Stretch> recorded;
        if (!gate.is_by_cells() && gate.tau_ms == 0.0) recorded = by_events(run, gate, shown);
        const bool has_means = run.has(address) && run.find(address).by_phase;
        if (recorded.empty() && has_means)
            recorded = by_means(run, circuit, run.find(address), axis.steps);
        if (recorded.empty() && !has_means) continue;
        row.is_recorded = true;
        row.meant = stretches(circuit, axis.steps, gate.open_in);
        row.stretches = std::move(recorded);
    }
    return gates;
}

}  // namespace apical
