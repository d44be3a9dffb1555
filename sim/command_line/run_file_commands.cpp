#include "sim/command_line/run_file_commands.hpp"

#include <fmt/format.h>

#include <chrono>
#include <filesystem>
#include <iostream>
#include <thread>

#include "sim/command_line/command_line.hpp"
#include "sim/command_line/option_words.hpp"
#include "sim/command_line/reading_process.hpp"
#include "sim/run_file/ranges.hpp"
#include "sim/runs/plain_copy.hpp"
#include "sim/show/export/csv.hpp"
#include "sim/show/export/sonata.hpp"
#include "sim/show/inspect/inspect.hpp"
#include "sim/show/inspect/matrix_text.hpp"
#include "sim/show/plot/plot.hpp"
#include "sim/show/view/view.hpp"
#include "sim/sweep/sweep_result.hpp"
#include "sim/system/output_file.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

namespace {

// One line a second until the run ends, or its program.
void follow_run(const std::string& path) {
    for (bool goes_on = true; goes_on;) {
        std::this_thread::sleep_for(std::chrono::seconds(1));
        const StoredRun run(path);  // anew: what is open already HDF5 opens as it was
        goes_on = run.steps_completed() < 0 && run.is_being_written();
        std::cout << progress_line(run, stored_model(run)) << std::flush;
    }
}

void write_table(const StoredRun& run, const CsvRequest& request, const std::string& path) {
    if (path == "-") {
        write_csv(run, request, std::cout);
        return;
    }
    OutputFile file(path);
    std::uint64_t rows = 0;
    try {
        rows = write_csv(run, request, file.text());
    } catch (const Error&) {
        if (!file.text()) file.finish();  // says why
        throw;
    }
    file.finish();
    std::cout << fmt::format("csv      {}: {} rows\n", path, rows);
}

}  // namespace

void InspectCommand::add_to(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("inspect", "what is in a run file, and the state in any step of it");
    command->add_option("RUN", path, "run file (HDF5)")->required();
    CLI::Option* part =
        command
            ->add_option("PART", what,
                         "of a matrix, as in \"W_rec[3, 17]\", the synapse from cell 17 to cell 3, "
                         "or \"W_rec[0:4, :]\", all that end on the first four cells")
            ->type_name("");
    CLI::Option* step = command->add_option("--at", at, "the state in this step, phase by phase")
                            ->type_name("STEP");
    command
        ->add_option("--cells", cells,
                     "which cells to show, as in 3,17,25 or 0:8; left out: the first 8 recorded")
        ->type_name("CELLS")
        ->needs(step)
        ->excludes(part);
    CLI::Option* of_trial =
        command->add_option("--trial", trial, "the steps, type and mean loss of this trial")
            ->type_name("N")
            ->check(CLI::PositiveNumber)
            ->excludes(step)
            ->excludes(part);
    CLI::Option* following =
        command->add_flag("--follow", follow, "look again every second until the run ends");
    following->excludes(step)->excludes(part)->excludes(of_trial);
    add_json(*command, json)->excludes(following);
}

ExitCode InspectCommand::execute() const {
    const auto range = cells ? std::optional(cells_of(*cells)) : std::nullopt;
    const std::int64_t step = at.empty() ? 0 : step_of(at);
    const auto part = what.empty() ? std::nullopt : std::optional(matrix_part_of(what));
    continue_in_reading_process({path});
    std::optional<StoredRun> run(path);
    const StoredModel model = stored_model(*run);
    lift_time_limit();
    if (part) {
        const auto in = at.empty() ? std::nullopt : std::optional(step);
        std::cout << (json ? matrix_json(*run, model, *part, in)
                           : matrix_text(*run, model, *part, in));
        return ExitCode::ok;
    }
    if (trial > 0) {
        std::cout << (json ? trial_json(*run, trial) : trial_text(*run, trial));
        return ExitCode::ok;
    }
    if (!at.empty()) {
        std::cout << (json ? step_json(*run, model, step, range)
                           : step_text(*run, model, step, range));
        return ExitCode::ok;
    }
    std::cout << (json ? overview_json(*run, model) : overview_text(*run, model)) << std::flush;
    const bool goes_on = run->steps_completed() < 0 && run->is_being_written();
    run.reset();
    if (follow && goes_on) follow_run(path);
    return ExitCode::ok;
}

void PlotCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "plot",
        "draw what runs recorded: traces, loss, alignment, matrices; or the learning curves of a "
        "sweep's result (with gnuplot)");
    command
        ->add_option(
            "RUN... WHAT", words,
            "run files, then addresses such as loss, hidden.r, W_rec: a panel for each; or "
            "the result of a sweep alone")
        ->required()
        ->type_name("");
    command
        ->add_option("-o,--output", output,
                     "figure: .svg, .pdf or .png, or .gp for gnuplot's script; replaces a file "
                     "of that name")
        ->required()
        ->type_name("FILE");
    add_choices(*command);
    add_axes(*command);
}

// What of a run file is drawn.
void PlotCommand::add_choices(CLI::App& command) {
    command
        .add_option("--steps", steps, "from step A to step B, both drawn; all steps when left out")
        ->type_name("A:B");
    command
        .add_option(
            "--cells", cells,
            "which cells of vectors to draw, as in 3,17,25 or 0:8; the first four when left out")
        ->type_name("CELLS");
    command.add_option("--phase", phase, "only this phase of what is sampled by phase")
        ->type_name("NAME");
    command.add_option("--at", at, "step of a matrix; the last when left out")->type_name("STEP");
    command
        .add_option("--block", block,
                    "means over N steps; of loss and diagnosis what leaves at most 200")
        ->type_name("N");
    command.add_flag("--mean", mean, "means with S.E.M. of runs that differ in their seed alone");
}

// How it is drawn, and what of a sweep's result.
void PlotCommand::add_axes(CLI::App& command) {
    command
        .add_option("--log", log,
                    "a logarithmic axis: x, y or xy; what is not above 0 becomes a gap")
        ->type_name("AXES")
        ->expected(1)
        ->allow_extra_args(false)
        ->multi_option_policy(CLI::MultiOptionPolicy::TakeAll);
    command
        .add_option("--against", against,
                    "of a sweep's result: final losses against this swept key")
        ->type_name("KEY");
    command.add_option("--width", width, "width of the figure; 8.6, a column, when left out")
        ->type_name("CM");
}

// A file alone, without what to draw of it, is to be the result of a sweep.
ExitCode PlotCommand::execute_sweep() const {
    const SweepPlotRequest sweep{words[0], output, against, log_axes_of(log), width_of(width)};
    kind_of_figure(output);
    check_not_input(output, words[0]);
    continue_in_reading_process(words);
    if (!is_result(words[0])) {
        PlotRequest request;
        sort_words(words, request);  // says what is missing
    }
    if (steps || cells || at || block || mean || !phase.empty())
        throw Error(ExitCode::usage,
                    "plot: of the result of a sweep everything is drawn; expected no option but "
                    "--output, --against, --log and --width");
    lift_time_limit();
    print_notes(plot_sweep(sweep));
    return ExitCode::ok;
}

ExitCode PlotCommand::execute() const {
    std::error_code unknown;
    if (words.size() == 1 && std::filesystem::is_regular_file(words[0], unknown))
        return execute_sweep();
    PlotRequest request;
    request.output = output;
    request.phase = phase;
    request.mean = mean;
    request.log = log_axes_of(log);
    request.width_cm = width_of(width);
    if (!against.empty())
        throw Error(ExitCode::usage,
                    "plot: --against is of the result of a sweep; expected that file alone before "
                    "it");
    if (steps) request.steps = steps_of(*steps);
    if (cells) request.cells = cells_of(*cells);
    if (at) request.at = step_of(*at);
    if (block) request.block = block_of(*block);
    kind_of_figure(output);
    sort_words(words, request);
    for (const std::string& run : request.runs) check_not_input(output, run);
    continue_in_reading_process(request.runs);
    for (const std::string& run : request.runs) StoredRun{run};  // opens as it does below
    lift_time_limit();
    print_notes(plot(request));
    return ExitCode::ok;
}

void ViewCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand("view", "show a run as a page for a browser (HTML)");
    command->add_option("RUN", path, "run file (HDF5)")->required();
    command->add_option("-o,--output", output, "page to write; - is stdout")
        ->type_name("FILE")
        ->required();
    command->add_option("--cells", cells, "which cells the page has; as many as fit when left out")
        ->type_name("A:B");
    command->add_flag("--force", force, "overwrite an existing page");
}

ExitCode ViewCommand::execute() const {
    const CellRange range = cells.empty() ? all_cells : cell_range_of(cells);
    check_not_input(output, path);
    continue_in_reading_process({path});
    const StoredRun run(path);
    const StoredModel model = stored_model(run);
    lift_time_limit();
    const std::string page = page_of(run, model, range);
    write_text(output, page, force);
    return ExitCode::ok;
}

void ExportCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "export", "a run file as SONATA reports, as a table (CSV), or as a plain copy (HDF5)");
    command->add_option("RUN", path, "run file (HDF5)")->required();
    command->add_option("--sonata", sonata, "write a folder in the SONATA format")
        ->type_name("DIR");
    CLI::Option* table =
        command->add_option("--csv", csv, "write a table; - is stdout")->type_name("FILE");
    command
        ->add_option("--hdf5", hdf5,
                     "write all of it as a plain file, also while its run goes on, for readers "
                     "that do not know how HDF5 files grow (R, MATLAB)")
        ->type_name("FILE");
    command->add_option("--what", what, "which quantities; for --sonata all by default")
        ->type_name("ADDRESS...");
    command->add_option("--steps", steps, "from step A to step B, which has both; all by default")
        ->type_name("A:B");
    command
        ->add_option("--cells", cells,
                     "which cells the table has, as in 3,17,25 or 0:8; all by default")
        ->type_name("CELLS")
        ->needs(table);
    command->add_flag("--force", force, "overwrite what exists");
}

void ExportCommand::check_usage() const {
    if (sonata.empty() && csv.empty() && hdf5.empty())
        throw Error(ExitCode::usage, "export: expected --sonata DIR, --csv FILE or --hdf5 FILE");
    if (!hdf5.empty() && sonata.empty() && csv.empty() && !(what.empty() && steps.empty()))
        throw Error(ExitCode::usage,
                    "export --hdf5: a plain copy has all that was recorded; expected no --what and "
                    "no --steps");
}

ExitCode ExportCommand::execute() const {
    check_usage();
    const StepRange range = steps.empty() ? StepRange() : steps_of(steps);
    const CsvRequest table{what, range,
                           cells.empty() ? std::nullopt : std::optional(cells_of(cells))};
    const SonataRequest folder{sonata, what, range, force};
    continue_in_reading_process({path});
    const StoredRun run(path);
    const StoredModel model = stored_model(run);
    lift_time_limit();
    if (!csv.empty() && what.empty())
        throw Error(ExitCode::usage,
                    "export --csv: expected --what and the addresses of quantities; `apical "
                    "inspect RUN` lists those of a run file");
    if (!csv.empty()) check_csv(run, table);
    if (!csv.empty() && csv != "-") {
        check_not_input(csv, path);
        prepare_text_output(csv, force);
    }
    // It checks all before it writes, so that both are made or neither.
    if (!sonata.empty())
        (csv == "-" ? std::cerr : std::cout)
            << in_words_of_options(export_sonata(run, model, folder));
    if (!csv.empty()) write_table(run, table, csv);
    if (!hdf5.empty()) {
        check_not_input(hdf5, path);
        const std::int64_t last = copy_plainly(run, hdf5, force);
        (csv == "-" ? std::cerr : std::cout)
            << fmt::format("hdf5     {} (up to step {})\n", hdf5, last);
    }
    return ExitCode::ok;
}

}  // namespace apical
