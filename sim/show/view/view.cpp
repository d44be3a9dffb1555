#include "sim/show/view/view.hpp"

#include <fmt/format.h>

#include <cmath>
#include <map>

#include "circuits/anatomy/address.hpp"
#include "circuits/anatomy/anatomy.hpp"
#include "circuits/anatomy/loss_kind.hpp"
#include "sim/audit/audit.hpp"
#include "sim/show/view/assets.hpp"
#include "sim/show/view/drawing.hpp"
#include "sim/show/view/dygraphs.hpp"
#include "sim/show/view/inhibition.hpp"
#include "sim/show/view/interventions.hpp"
#include "sim/show/view/model_differences.hpp"
#include "sim/show/view/page_data.hpp"

namespace apical {

namespace {

std::string escaped(std::string_view text) {
    std::string all;
    for (const char c : text) {
        switch (c) {
            case '<':
                all += "&lt;";
                break;
            case '>':
                all += "&gt;";
                break;
            case '&':
                all += "&amp;";
                break;
            case '"':
                all += "&quot;";
                break;
            default:
                all += c;
        }
    }
    return all;
}

// JSON that cannot end the script element in which it stands.
std::string in_script(std::string_view json) {
    std::string all;
    for (const char c : json) all += c == '<' ? "\\u003c" : std::string(1, c);
    return all;
}

// The template with "{{name}}" replaced.
std::string filled(std::string_view page, const std::map<std::string, std::string>& parts) {
    std::string all;
    for (std::size_t at = 0;;) {
        const std::size_t begin = page.find("{{", at), end = page.find("}}", begin);
        if (begin == std::string_view::npos || end == std::string_view::npos)
            return all.append(page.substr(at));
        all.append(page.substr(at, begin - at));
        all += parts.at(std::string(page.substr(begin + 2, end - begin - 2)));
        at = end + 2;
    }
}

Array circuit_gates(const Circuit& circuit) {
    Array gates;
    for (const Gate& gate : circuit.gates) {
        Array open;
        for (const bool is_open : gate.open_in) open.push_back(value_of(is_open));
        Table one{{entry("name", gate.name), entry("opens", circuit.full_name(gate.compartment)),
                   entry("open", open)}};
        if (gate.is_by_cells()) one.entries.push_back(entry("by_cells", true));
        // Its moves are events at their own times, and there is nothing else to it.
        const bool moves_late = !gate.is_by_cells() && !gate.timing.is_exact();
        if (moves_late && gate.tau_ms == 0.0) one.entries.push_back(entry("late", true));
        if (gate.closed > 0.0) one.entries.push_back(entry("closed", gate.closed));
        gates.push_back(value_of(std::move(one)));
    }
    return gates;
}

// The cells whose inhibition moves gates, and all cells that inhibit others.
Array interneurons(const Circuit& circuit) {
    std::vector<bool> is_in(circuit.populations.size());
    for (const SynapseUse& use : circuit.uses)
        if (use.gate) is_in[use.source.value] = true;
    Array all;
    for (std::size_t p = 0; p < circuit.populations.size(); ++p) {
        const Population& cells = circuit.populations[p];
        const bool inhibits = cells.role == Role::cells && cells.sign == Sign::inhibitory;
        if (is_in[p] || inhibits) all.push_back(value_of(cells.name));
    }
    return all;
}

// How phases that take place several times in a step do so; none of them: nothing.
Array iterations(const Circuit& circuit) {
    Array all;
    for (std::size_t p = 0; p < circuit.phases.size();) {
        const PhaseGroup* group = circuit.group_of(PhaseId(p));
        const std::size_t last = group ? group->last.value : p;
        const int repeat = group ? group->repeat : circuit.phases[p].repeat;
        if (repeat > 1) {
            Array lengths;
            for (std::size_t k = p; k <= last; ++k)
                lengths.push_back(value_of(in_ms(circuit.phases[k].nanoseconds)));
            all.push_back(
                value_of(Table{{entry("first", static_cast<std::int64_t>(p)),
                                entry("last", static_cast<std::int64_t>(last)),
                                entry("repeat", std::int64_t{repeat}), entry("ms", lengths)}}));
        }
        p = last + 1;
    }
    return all;
}

// Whether it leads from cells back to their own somata.
bool is_recurrent(const Circuit& circuit, SynapseSetId id) {
    const SynapseUse* use = circuit.own_use(id);
    return use && !use->gate && circuit[id].pre == circuit[id].post &&
           (circuit.is_soma(use->target) || circuit.is_coupled(use->target));
}

Array circuit_synapses(const Circuit& circuit) {
    Array sets;
    for (std::size_t k = 0; k < circuit.synapses.size(); ++k) {
        const SynapseSet& set = circuit.synapses[k];
        sets.push_back(
            value_of(Table{{entry("name", set.name), entry("pre", circuit[set.pre].name),
                            entry("post", circuit[set.post].name),
                            entry("recurrent", is_recurrent(circuit, SynapseSetId(k)))}}));
    }
    return sets;
}

// Voltages that relax with a time constant.
Array slow_voltages(const Circuit& circuit) {
    Array voltages;
    for (std::size_t k = 0; k < circuit.compartments.size(); ++k)
        if (const double tau_ms = circuit.compartments[k].approaches_in_ms(); tau_ms > 0.0)
            voltages.push_back(value_of(
                Table{{entry("address", voltage_address(circuit.full_name(CompartmentId(k)))),
                       entry("tau_ms", tau_ms)}}));
    return voltages;
}

// The criteria of the paper and of others, in the words of the audit.
Array asked() {
    Array criteria;
    for (auto k = Criterion::online; k <= Criterion::replayed_noise;
         k = static_cast<Criterion>(static_cast<int>(k) + 1)) {
        const CriterionTraits& one = traits(k);
        criteria.push_back(value_of(
            Table{{entry("column", std::string(one.column)), entry("name", std::string(one.name)),
                   entry("asked", std::string(one.asked))}}));
    }
    return criteria;
}

// The differences between the model's text as written and what ran; none when the text is no TOML.
Array model_differences(const StoredRun& run, const StoredModel& model) {
    Array all;
    try {
        const Table written = parse_toml(run.text(run_attribute::model), run.path());
        for (const ModelDifference& one : differences(written, model.root))
            all.push_back(
                value_of(Array{value_of(one.key), value_of(one.written), value_of(one.ran)}));
    } catch (const Error&) {
    }
    return all;
}

// -1 when the model does not say.
std::int64_t steps_planned(const StoredModel& model) {
    const Value* section = model.root.find("run");
    const auto* table = section ? std::get_if<Table>(&section->content) : nullptr;
    const Value* steps = table ? table->find("steps") : nullptr;
    const auto* number = steps ? std::get_if<std::int64_t>(&steps->content) : nullptr;
    return number ? *number : -1;
}

[[noreturn]] void reject_size(const std::string& path, std::uint64_t text, std::uint64_t bytes,
                              std::uint64_t most) {
    const auto megabytes = [](std::uint64_t size) { return static_cast<double>(size) / 1e6; };
    throw Error(
        ExitCode::cannot_create_output,
        fmt::format("{}: its page would have {:.1f} MB, of which the model, the program, the "
                    "audit and what every page has are {:.1f} MB; a page has at most "
                    "{:.1f} MB",
                    path, megabytes(bytes), megabytes(text), megabytes(most)));
}

Table described(const StoredRun& run, const StoredModel& model, Table data) {
    Array phases, ends, bounds;
    for (const Phase& phase : model.circuit.phases) phases.push_back(value_of(phase.name));
    for (const double end : model.circuit.phase_end_ms()) ends.push_back(value_of(end));
    for (const Bound& bound : model.bounds)
        bounds.push_back(value_of(Table{{entry("name", bound.name), entry("loss", bound.loss)}}));
    Table all{{entry("title", run.text(run_attribute::title)),
               entry("seed", run.integer(run_attribute::seed, 0)),
               entry("steps_completed", run.steps_completed()),
               entry("steps_planned", steps_planned(model)), entry("failure", run.failure()),
               entry("goes_on", run.is_being_written()), entry("last_step", run.last_step()),
               entry("version", run.text(run_attribute::version)),
               entry("compiler", run.text(run_attribute::compiler)),
               entry("step_ms", model.circuit.step_ms()), entry("phases", phases),
               entry("phase_end_ms", ends), entry("bounds", bounds),
               entry("gates", circuit_gates(model.circuit)),
               entry("synapses", circuit_synapses(model.circuit)),
               entry("slow", slow_voltages(model.circuit)), entry("asked", asked()),
               entry("differences", model_differences(run, model)),
               entry("final_loss", run.number(run_attribute::final_loss, std::nan("")))}};
    if (Array cells = interneurons(model.circuit); !cells.empty())
        all.entries.push_back(entry("interneurons", cells));
    if (Array events = shown_interventions(model.circuit); !events.empty())
        all.entries.push_back(entry("interventions", events));
    if (Array several = iterations(model.circuit); !several.empty())
        all.entries.push_back(entry("iterations", several));
    if (!model.circuit.has_loss())
        all.entries.push_back(entry("no_loss", why_no_loss(model.circuit)));
    for (Entry& one : data.entries) all.entries.push_back(std::move(one));
    return all;
}

}  // namespace

std::string page_of(const StoredRun& run, const StoredModel& model, const CellRange& cells,
                    std::uint64_t most_bytes) {
    const Dygraphs dygraphs = load_dygraphs();
    const std::string audit = run.text(run_attribute::audit);
    std::map<std::string, std::string> parts{
        {"title", escaped(run.text(run_attribute::title))},
        {"circuit", svg_of(to_dot(model.circuit, "", inhibitory_sets(run, model.circuit)))},
        {"model", escaped(run.text(run_attribute::resolved))},
        {"written", escaped(run.text(run_attribute::model))},
        {"program", escaped(run.text(run_attribute::program))},
        {"audit", in_script(audit.empty() ? "null" : audit)},
        {"dygraphs_style", dygraphs.style},
        {"dygraphs_script", dygraphs.script},
        {"style", std::string(page_css)},
        {"script", std::string(page_js)}};
    std::uint64_t text = page_html.size();
    for (const auto& [name, part] : parts) text += part.size();
    const std::uint64_t taken = text + room_for_table;
    const std::uint64_t left = taken < most_bytes ? most_bytes - taken : 0;
    // Four bytes a word; base64 makes four bytes of three.
    PageData data = page_data_of(run, model.circuit.step_ms(), cells, left / 4 * 3 / 4);
    parts["numbers"] = data.numbers.base64();
    parts["run"] = in_script(to_json(described(run, model, std::move(data.table))));
    std::string page = filled(page_html, parts);
    if (page.size() > most_bytes) reject_size(run.path(), text, page.size(), most_bytes);
    return page;
}

}  // namespace apical
