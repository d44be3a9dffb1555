#include "sim/model/model_recordings.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "circuits/anatomy/resolve.hpp"
#include "sim/model/model_keys.hpp"
#include "sim/run_file/chosen_cells.hpp"
#include "sim/run_file/format.hpp"
#include "sim/run_file/lay_out.hpp"
#include "sim/run_file/record_keys.hpp"

namespace apical {

namespace {

// A key that may be left out stays in the resolved model only where it changes something.
bool take_flag(const Section& section, Table& table, std::string_view key, bool otherwise) {
    const bool flag = section.has(key) ? section.boolean(key) : otherwise;
    if (flag == otherwise)
        std::erase_if(table.entries, [&](const Entry& entry) { return entry.key == key; });
    return flag;
}

// Rejects what cannot be recorded, each address by itself.
void check_recordable(const Program& program, const Recording& recording) {
    Mistakes mistakes;
    mistakes.attempt([&] { lay_out(program, {recording}); });
    if (mistakes.any() && recording.what.size() > 1) {
        Recording one = recording;
        for (const Text& address : recording.what) {
            one.what = {address};
            mistakes.attempt([&] { lay_out(program, {one}); });
        }
    }
    mistakes.reject_any();
}

// Strengths that no table records are there at both ends of the run.
void add_ends_of_strengths(std::vector<Recording>& all, const RecordedRun& run, Table& root) {
    Value& value = *root.find("run");
    Table& table = std::get<Table>(value.content);
    const Section section(table, value.where, "run", keys_of("run"));
    if (!take_flag(section, table, "record_endpoints", true)) return;
    Recording ends{std::string(ends_table), {}, 1, 1, 0, run.steps};
    for (const std::string& name : unrecorded_strengths(run.program, all))
        ends.what.push_back({name, {run.path, 0, 0}});
    if (!ends.what.empty()) all.push_back(std::move(ends));
}

void check_table_name(const Entry& entry, bool in_trials) {
    check_letters({entry.key, entry.where});
    if (entry.key == "phase") {
        reject(entry.where, fmt::format("\"phase\" cannot be a name here; {} holds the phases",
                                        run_path::phases));
    }
    if (in_trials && entry.key == trials_table) {
        reject(entry.where, fmt::format("\"{}\" cannot be a name here; {} is of what each trial "
                                        "was",
                                        trials_table, run_path::axis(trials_table)));
    }
    if (entry.key == ends_table) {
        reject(entry.where,
               fmt::format("\"{}\" cannot be a name here; {} is of strengths that no table records",
                           ends_table, run_path::axis(ends_table)));
    }
}

Recording load_recording(const RecordedRun& run, Entry& entry) {
    check_table_name(entry, run.circuit.trials.has_value());
    const std::string name = "record." + entry.key;
    const Section section(inner_table(entry, "record"), entry.where, name, record_keys());
    if (section.texts("what").empty()) {
        reject(section.where("what"),
               fmt::format("[{}] names nothing; expected an address, \"events\" or \"*\"", name));
    }
    if (!section.has("to")) section.set("to", std::max(run.steps, section.integer("from")));
    const bool ends = take_flag(section, inner_table(entry, "record"), "endpoints", true);
    Recording recording{entry.key,
                        section.texts("what"),
                        section.integer("every"),
                        section.integer("from"),
                        section.integer("to"),
                        ends ? run.steps : 0,
                        load_chosen_cells(run.circuit, section, "cells"),
                        load_chosen_cells(run.circuit, section, "pre"),
                        section.has("each_iteration") && section.boolean("each_iteration")};
    if (recording.to < recording.from) {
        reject(section.where("to"), fmt::format("[{}] ends in step {}, before it begins in step {}",
                                                name, recording.to, recording.from));
    }
    check_recordable(run.program, recording);
    recording.to = std::min(recording.to, run.steps);
    return recording;
}

}  // namespace

std::vector<Recording> load_recordings(Table& root, const RecordedRun& run,
                                       std::vector<std::string>& notes) {
    std::vector<Recording> all;
    const auto load = [&](Entry& entry) {
        Recording recording = load_recording(run, entry);
        if (recording.from <= recording.to) {
            all.push_back(std::move(recording));
        } else if (recording.from > run.steps_in_file) {
            notes.push_back(fmt::format(
                "[record.{}] records nothing: it begins in step {}, after the run's last, {}",
                recording.name, recording.from, run.steps));
        }
    };
    Mistakes mistakes;
    for (Entry& entry : std::get<Table>(root.find("record")->content).entries)
        mistakes.attempt([&] { load(entry); });
    mistakes.reject_any();
    lay_out(run.program, all);  // rejects tables that do not go together
    add_ends_of_strengths(all, run, root);
    return all;
}

void check_event_names(const Table& root, const RecordedRun& run,
                       const std::vector<Recording>& all) {
    if (!lay_out(run.program, all).has_events) return;
    constexpr std::size_t most = sizeof(EventRow::target);
    const auto check = [&](std::string_view kind, const std::string& name, const Where& where) {
        if (name.size() <= most) return;
        reject(where, fmt::format("{} \"{}\" has a name of {} bytes, and events are recorded; "
                                  "expected at most {}",
                                  kind, shortened(name), name.size(), most));
    };
    for (const std::string& name : run.program.phase_names)
        check("phase", name, root.find("phase")->where);
    for (const Gate& gate : run.circuit.gates) check("gate", gate.name, gate.where);
    for (const Intervention& event : run.circuit.interventions)
        check("event", event.name, event.where);
}

}  // namespace apical
