#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "circuits/program/quantity_path.hpp"
#include "sim/hdf5/new_dataset.hpp"

namespace apical {

// A run file: its paths, attributes and the rows of its events, for those who write and read it.
// An HDF5 file whose root has the attributes `run_attribute`, and with these datasets:
//   /axes/TABLES/step       int64, one a row: the steps in which the tables of this axis sample
//   /axes/TABLES/time_ms    rows x phases: the time at each phase's end
//   /axes/phase             the phases' names
//   /axes/phase+iteration   of each iteration of a step, in the order of time, its phase's name;
//                           where iterations are recorded
//   /events                 EventRow
//   /spikes/POPULATION/     timestamps, node_ids and step of each spike, as in a spike file of
//                           SONATA
//   /evaluation/...         what evaluations of the run came to (evaluation_rows.hpp)
// and the quantities of the program, under the paths of circuits/program/quantity_path.hpp: rows
// [x phases] x cells, or rows x postsynaptic x presynaptic cells. Their first dimension has the
// axis's "step" as its scale, or a copy "step_<axis>" beside the quantity; a scale beside it says
// which cells are recorded. In each group the scales of its datasets have names (hard links), so
// that xarray opens it (complete_scales.hpp).

// The layout that is written now: axes that record both ends of a run begin with a row of before
// the first step (AxisLayout::starts). Files of format 1 have no such rows, and may not say
// their format.
inline constexpr std::int64_t run_file_format = 2;

// ---- attributes of the root

// The type keeps texts of other kinds out of StoredRun::text.
struct RunAttribute {
    const char* name;
};

namespace run_attribute {

inline constexpr RunAttribute format{"format"};
inline constexpr RunAttribute title{"title"};
inline constexpr RunAttribute model{"model"};        // the model file's text
inline constexpr RunAttribute resolved{"resolved"};  // the model with all defaults (TOML)
inline constexpr RunAttribute program{"program"};    // its listing; no run file is without
inline constexpr RunAttribute audit{"audit"};        // JSON
inline constexpr RunAttribute version{"version"};    // of Apical
inline constexpr RunAttribute compiler{"compiler"};
inline constexpr RunAttribute seed{"seed"};
// The task's shape and its loss; missing in old files.
inline constexpr RunAttribute inputs{"inputs"};
inline constexpr RunAttribute outputs{"outputs"};
inline constexpr RunAttribute readout{"readout"};        // "softmax", "linear"
inline constexpr RunAttribute loss{"loss"};              // what the loss is called
inline constexpr RunAttribute loss_units{"loss_units"};  // "nats", "1"
// Only of some runs: of a branch, "run.h5 after step 26"; of one that reads datasets, what
// `text_of` says of them.
inline constexpr RunAttribute forked_from{"forked_from"};
inline constexpr RunAttribute data{"data"};
// Known when the run ends: until then -1, not a number, 0, and an empty text.
inline constexpr RunAttribute steps_completed{"steps_completed"};
inline constexpr RunAttribute final_loss{"final_loss"};  // mean of the last `final_loss_steps`
inline constexpr RunAttribute final_loss_steps{"final_loss_steps"};
inline constexpr RunAttribute failure{"failure"};  // the message of what ended it

// The kind of a file of Apical that is no run file: `kind` = `sweep`, the result of a sweep.
inline constexpr RunAttribute kind{"kind"};
inline constexpr std::string_view sweep = "sweep";

}  // namespace run_attribute

// ---- attributes of datasets

namespace dataset_attribute {

inline constexpr char units[] = "units";
inline constexpr char long_name[] = "long_name";
inline constexpr char symbol[] = "symbol";
inline constexpr char address[] = "address";        // of a quantity: "hidden.apical.v"
inline constexpr char start_rows[] = "start_rows";  // of an axis's steps: how many rows, 0 or 1,
                                                    // are of before the first step
inline constexpr char cells[] = "cells";            // of spikes: how many cells there are
inline constexpr char whole[] = "whole";            // 1: a scale counts all there are, from 0 on
// A quantity with a number for each synapse says how many cells there are at both ends.
inline constexpr char post_cells[] = "post_cells", pre_cells[] = "pre_cells";

}  // namespace dataset_attribute

// The attributes that each dataset has: its unit, what it is, the symbol that the paper has for it.
Attributes described(const std::string& units, const std::string& long_name,
                     const std::string& symbol);

// ---- paths

namespace run_path {

inline constexpr char root[] = "/", events[] = "/events", event[] = "/event", spikes[] = "/spikes",
                      phases[] = "/axes/phase", iterations[] = "/axes/phase+iteration",
                      evaluation[] = "/evaluation";

// Names of dimensions and of the scales that they have.
inline constexpr char step_dimension[] = "step", phase_dimension[] = "phase",
                      iteration_dimension[] = "iteration", synapse_dimension[] = "synapse";

// "/axes/coarse+fine"
std::string axis(std::string_view name);
std::string steps_of_axis(std::string_view name);
std::string times_of_axis(std::string_view name);
// "/synapses/W/pre", or "post", beside the scale "/synapses/W/synapse" of what is recorded by
// synapse, which was "/synapses/W/post" in earlier files; empty beside another one.
std::string ends_beside(std::string_view scale, std::string_view end);
// The datasets that the spikes of a population have.
std::string timestamps_of(std::string_view population);
std::string node_ids_of(std::string_view population);
std::string spike_steps_of(std::string_view population);
// The axis whose steps have this path; empty of another path.
std::string axis_of_steps(std::string_view path);
// Whether an axis can have the name: one part of a path, and not that of the phases' names.
bool can_name_axis(std::string_view name);

// The path of a scale `name` beside the quantity: "/state/hidden/cell" for "/state/hidden/rate".
std::string beside(std::string_view quantity, std::string_view name);

}  // namespace run_path

// ---- events

// One row of `run_path::events`. Texts fill up with zeros; a model whose names are longer is
// refused (sim/model/model.cpp).
struct EventRow {
    double time_ms;
    char kind[16];
    char target[48];
};

// The type of an EventRow in memory and in the file.
const RecordType& event_record();

// The values of EventRow::kind. The target is a phase, a gate, or nothing.
namespace event_kind {

inline constexpr std::string_view input = "input", phase_begin = "phase begin",
                                  phase_end = "phase end", sample = "sample", step_end = "step end",
                                  gate_opens = "gate opens", gate_closes = "gate closes",
                                  event_begins = "event begins", event_ends = "event ends";

}  // namespace event_kind

}  // namespace apical
