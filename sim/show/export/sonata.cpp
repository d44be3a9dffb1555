// The choice of what is exported, and the configurations that name it.
#include "sim/show/export/sonata.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <map>

#include "sim/run_file/spike_layout.hpp"
#include "sim/show/export/sonata_network.hpp"
#include "sim/show/export/sonata_report.hpp"
#include "sim/show/export/sonata_spikes.hpp"
#include "sim/system/output_file.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

namespace {

[[noreturn]] void cannot_write(const std::string& directory, const std::string& why) {
    throw Error(ExitCode::cannot_create_output,
                fmt::format("cannot write \"{}\": {}", directory, why));
}

void check_directory(const std::string& directory, const std::string& input, bool force) {
    std::error_code unknown;
    const std::filesystem::path folder(directory);
    const bool exists = std::filesystem::exists(folder, unknown);
    if (exists && !std::filesystem::is_directory(folder, unknown))
        cannot_write(directory, "it is not a directory");
    if (exists && !force && !std::filesystem::is_empty(folder, unknown))
        throw Error(ExitCode::cannot_create_output,
                    fmt::format("\"{}\" is not empty; use `force` to write into it", directory));
    const auto of_input = std::filesystem::absolute(input, unknown).parent_path();
    for (const char* inner : {"network", "reports"}) {
        if (std::filesystem::equivalent(folder / inner, of_input, unknown))
            cannot_write(directory, "its files would replace the run file");
    }
}

class SonataExport {
public:
    SonataExport(const StoredRun& run, const StoredModel& model, const SonataRequest& request)
        : run_(run), circuit_(model.circuit), request_(request) {
        check_end(request.steps, run);
        if (request.what.empty()) {
            for (const StoredQuantity& one : run.quantities()) {
                if (!add(one)) without_cells_.push_back(one.address);
            }
            for (const StoredSpikes& one : run.spikes()) add_spikes(one);
        }
        for (const std::string& address : request.what) {
            if (const StoredSpikes* spikes = spikes_named(run, address)) {
                add_spikes(*spikes);
            } else {
                add_named(run.find(address));
            }
        }
        if (reports_.empty() && spikes_.empty()) reject_nothing();
        check_directory(request.directory, run.path(), request.force);
    }

    std::string write() {
        const std::string& directory = request_.directory;
        for (const std::string& name : file_names()) {
            const std::string path = directory + '/' + name;
            check_not_input(path, run_.path());
            prepare_output(path, true, 0);
        }
        remove_unfinished(directory + "/network/");
        remove_unfinished(directory + "/reports/");
        const auto without_weights =
            write_network(run_, circuit_, request_.steps, directory + "/network");
        for (const SonataReport& report : reports_)
            write_report(run_, circuit_, report, directory + "/reports/" + report.name + ".h5");
        if (!spikes_.empty()) write_spikes(run_, spikes_, directory + "/reports/" + spikes_file);
        // Last: a folder without them is one that was not finished.
        write_file(directory + "/node_sets.json", to_json(node_sets()));
        write_file(directory + "/circuit_config.json", to_json(circuit_config()));
        write_file(directory + "/simulation_config.json", to_json(simulation_config()));
        return summary(without_weights);
    }

private:
    std::vector<std::string> file_names() const {
        std::vector<std::string> names = {"network/nodes.h5",      "network/node_types.csv",
                                          "network/edges.h5",      "network/edge_types.csv",
                                          "node_sets.json",        "circuit_config.json",
                                          "simulation_config.json"};
        for (const SonataReport& report : reports_)
            names.push_back("reports/" + report.name + ".h5");
        if (!spikes_.empty()) names.push_back(std::string("reports/") + spikes_file);
        return names;
    }

    // The stretch of its axis, found once.
    const EvenStretch& stretch_of(std::size_t axis) {
        const auto found = stretches_.find(axis);
        if (found != stretches_.end()) return found->second;
        const RowRange rows = sampled_rows_in(run_, axis, request_.steps);
        rows_[axis] = rows.count;
        return stretches_[axis] = longest_even_stretch(run_, axis, rows);
    }

    // False when it has no cells. Without rows in the window it adds nothing.
    bool add(const StoredQuantity& quantity) {
        if (quantity.by_iteration) return false;  // a report has one time step
        std::vector<SonataReport> reports = reports_of(run_, circuit_, quantity);
        if (reports.empty()) return false;
        EvenStretch stretch = stretch_of(quantity.axis);
        const RowRange rows = stretch.rows;
        stretch.rows.count =
            std::min(rows.count, quantity.rows - std::min(rows.first, quantity.rows));
        if (stretch.rows.count == 0) {
            without_rows_.push_back(quantity.address);
            return true;
        }
        for (SonataReport& report : reports) {
            report.stretch = stretch;
            reports_.push_back(report);
        }
        return true;
    }

    [[noreturn]] void reject_nothing() const {
        if (silent_.empty()) reject_steps(run_, request_.steps);
        throw Error(ExitCode::usage,
                    fmt::format("{}: of what is asked for there is nothing: {} has no spike in "
                                "these steps",
                                run_.path(), list_of(silent_)));
    }

    // BMTK cannot read a population without any.
    void add_spikes(const StoredSpikes& spikes) {
        const bool again = std::any_of(spikes_.begin(), spikes_.end(),
                                       [&](const auto& one) { return one.of == &spikes; });
        if (again) return;
        const ChosenSpikes chosen = spikes_in(run_, spikes, request_.steps);
        if (chosen.count() > 0) {
            spikes_.push_back(chosen);
        } else {
            silent_.push_back(spikes_address(spikes.population));
        }
    }

    void add_named(const StoredQuantity& quantity) {
        const bool again = std::any_of(reports_.begin(), reports_.end(), [&](const auto& report) {
            return report.quantity == &quantity;
        });
        if (again || add(quantity)) return;
        throw Error(ExitCode::usage,
                    fmt::format("\"{}\" is not of cells or strengths, so no SONATA report can hold "
                                "it; `csv` can",
                                quantity.address));
    }

    Table node_sets() const {
        Table sets;
        for (const Population& one : circuit_.populations)
            sets.entries.push_back(entry(one.name, Table{{entry("population", one.name)}}));
        return sets;
    }

    Table circuit_config() const {
        Table nodes, edges;
        for (const Population& one : circuit_.populations)
            nodes.entries.push_back(entry(one.name, Table{{entry("type", model_type(one))}}));
        for (const SynapseSet& set : circuit_.synapses)
            edges.entries.push_back(
                entry(set.name, Table{{entry("type", std::string("chemical"))}}));
        const auto networks = [](const std::string& kind, const Table& populations) {
            const std::string file = "$NETWORK_DIR/" + kind;
            return Array{value_of(Table{{entry(kind + "s_file", file + "s.h5"),
                                         entry(kind + "_types_file", file + "_types.csv"),
                                         entry("populations", populations)}})};
        };
        Table networks_table{{entry("nodes", networks("node", nodes))}};
        if (!edges.entries.empty())
            networks_table.entries.push_back(entry("edges", networks("edge", edges)));
        return {
            {entry("manifest", Table{{entry("$BASE_DIR", std::string(".")),
                                      entry("$NETWORK_DIR", std::string("$BASE_DIR/network"))}}),
             entry("node_sets_file", std::string("$BASE_DIR/node_sets.json")),
             entry("networks", networks_table)}};
    }

    // SONATA's name for where a report is made: "soma", "apic" or "dend".
    std::string section_of(const SonataReport& report) const {
        if (!report.compartment || circuit_.is_soma(report.compartment)) return "soma";
        return circuit_[report.compartment].name == "apical" ? "apic" : "dend";
    }

    // Here times are in ms, because simulators read them.
    Table report_config(const SonataReport& report) const {
        const double step = circuit_.step_ms();
        const EvenStretch& stretch = report.stretch;
        const double start =
            static_cast<double>(stretch.first_step - 1) * step + phase_end_ms_of(circuit_, report);
        const double dt = static_cast<double>(stretch.every) * step;
        return {{entry("cells", circuit_[report.population].name),
                 entry("type", std::string(report.of_synapses ? "synapse" : "compartment")),
                 entry("sections", section_of(report)),
                 entry("variable_name", sonata_variable(report.quantity->address)),
                 entry("unit", report.quantity->units), entry("dt", dt), entry("start_time", start),
                 entry("end_time", start + dt * static_cast<double>(stretch.rows.count)),
                 entry("file_name", report.name + ".h5"), entry("enabled", true)}};
    }

    Table simulation_config() const {
        Table reports;
        std::int64_t last = 0;
        for (const SonataReport& report : reports_) {
            reports.entries.push_back(entry(report.name, report_config(report)));
            last = std::max(last, report.stretch.last_step());
        }
        for (const ChosenSpikes& one : spikes_)
            last = std::max(last, run_.read_spikes(*one.of, one.end - 1, 1).front().step);
        Table output{{entry("output_dir", std::string("$OUTPUT_DIR"))}};
        if (!spikes_.empty()) {
            output.entries.push_back(entry("spikes_file", std::string(spikes_file)));
            output.entries.push_back(entry("spikes_sort_order", std::string("by_time")));
        }
        const double step = circuit_.step_ms();
        return {{entry("manifest", Table{{entry("$BASE_DIR", std::string(".")),
                                          entry("$OUTPUT_DIR", std::string("$BASE_DIR/reports"))}}),
                 entry("network", std::string("$BASE_DIR/circuit_config.json")),
                 entry("node_sets_file", std::string("$BASE_DIR/node_sets.json")),
                 entry("run",
                       Table{{entry("tstart", 0.0),
                              entry("tstop", static_cast<double>(last) * step), entry("dt", step),
                              entry("random_seed", run_.integer(run_attribute::seed, 0))}}),
                 entry("output", output), entry("reports", reports)}};
    }

    std::string summary(const std::vector<std::string>& without_weights) const {
        std::string text = fmt::format("sonata   {}: {} reports, {} populations, {} synapse sets\n",
                                       request_.directory, reports_.size(),
                                       circuit_.populations.size(), circuit_.synapses.size());
        for (const auto& [axis, stretch] : stretches_) {
            const std::string& name = run_.axes()[axis].name;
            if (stretch.rows.count == 0) continue;
            text += fmt::format("frames   {} of {}: steps {} to {}, every {}\n", stretch.rows.count,
                                name, stretch.first_step, stretch.last_step(), stretch.every);
            const std::uint64_t others = rows_.at(axis) - stretch.rows.count;
            if (others > 0)
                text += fmt::format(
                    "left out {} other rows of {}, off this regular stretch; `steps` "
                    "can name another\n",
                    others, name);
        }
        for (const ChosenSpikes& one : spikes_)
            text += fmt::format("spikes   {} of {}\n", one.count(), one.of->population);
        const auto left_out = [&](const std::vector<std::string>& what, std::string_view why) {
            if (!what.empty()) text += fmt::format("left out {}: {}\n", why, list_of(what));
        };
        left_out(without_cells_, "not of cells or strengths (`csv` can)");
        left_out(without_rows_, "without a row in these steps");
        left_out(silent_, "cells that did not fire in these steps");
        left_out(without_weights, "the weights of sets whose strengths were not sampled");
        return text;
    }

    const StoredRun& run_;
    const Circuit& circuit_;
    const SonataRequest& request_;
    std::vector<SonataReport> reports_;
    std::map<std::size_t, EvenStretch> stretches_;  // by axis
    std::map<std::size_t, std::uint64_t> rows_;     // of an axis in the window
    std::vector<std::string> without_cells_, without_rows_;
    std::vector<ChosenSpikes> spikes_;
    std::vector<std::string> silent_;  // addresses of spikes of which there are none
};

}  // namespace

std::string export_sonata(const StoredRun& run, const StoredModel& model,
                          const SonataRequest& request) {
    return SonataExport(run, model, request).write();
}

}  // namespace apical
