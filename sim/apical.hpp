#pragma once

// The face of libapical: what another program includes (docs/library.md). Nothing here prints, ends
// the process, takes its signals or starts another one, and nothing that changes is shared by two
// callers. Wrong input throws Error (circuits/text/error.hpp), whose code tells the kind.
//
//   load, check    load_model                 sim/model/model.hpp: a file or its text
//                  find_model                 sim/model/shipped_models.hpp: "dni_b", by name
//   list           listing                    circuits/program/program.hpp: each operation, a line
//   audit          report_on, audit_text      sim/audit/report.hpp: the criteria of the paper
//   verify         verify                     sim/verify/verify.hpp: beside the equations
//   run by steps   Simulation                 sim/runs/simulation.hpp: step, read, write, save
//   run to a file  run_model, resume          sim/runs/run_model.hpp: with checkpoints
//                  branch_run                 sim/runs/run_model.hpp: from a checkpoint
//   evaluate       EvaluatedRun, evaluate     sim/runs/evaluated_run.hpp: when nothing learns
//   observe        Recorder                   sim/run_file/recorder.hpp: rows of a run file
//                  StopRequest, Listener      sim/system: to end work, and to hear how far it is
//   read           StoredRun                  sim/run_file/stored_run.hpp: a run file
//
// A Model is facts alone and must outlive its simulations, of which several may go on in several
// threads at once.
#include "circuits/program/program.hpp"
#include "circuits/text/error.hpp"
#include "sim/audit/report.hpp"
#include "sim/model/model.hpp"
#include "sim/model/shipped_models.hpp"
#include "sim/run_file/recorder.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/runs/evaluated_run.hpp"
#include "sim/runs/run_model.hpp"
#include "sim/runs/simulation.hpp"
#include "sim/system/listener.hpp"
#include "sim/system/stop_request.hpp"
#include "sim/verify/verify.hpp"
