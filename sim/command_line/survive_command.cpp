#include "sim/command_line/survive_command.hpp"

#include <fmt/format.h>

#include <filesystem>
#include <iostream>
#include <sstream>

#include "sim/command_line/command_line.hpp"
#include "sim/command_line/model_options.hpp"
#include "sim/command_line/reading_process.hpp"
#include "sim/command_line/run_missing.hpp"
#include "sim/engine/plan/workers.hpp"
#include "sim/system/output_path.hpp"

namespace apical {

namespace {

std::vector<std::string> names_in(const std::string& list) {
    std::vector<std::string> names;
    std::istringstream words(list);
    for (std::string word; std::getline(words, word, ',');)
        if (!word.empty()) names.push_back(word);
    return names;
}

std::string list_text(const std::vector<Imperfection>& all) {
    std::size_t width = 0;
    for (const Imperfection& one : all) width = std::max(width, one.name.size());
    std::string text;
    for (const Imperfection& one : all)
        text += fmt::format("{:<{}}  {}; x = {:.6g}\n", one.name, width, one.what,
                            fmt::join(one.sizes, ", "));
    return text;
}

// "runs/survive_dni_b.toml" of the result "runs/survive_dni_b.h5".
std::string sweep_file_of(const std::string& result) {
    return std::filesystem::path(result).replace_extension(".toml").string();
}

}  // namespace

void SurviveCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "survive", "which imperfections a circuit survives: each in several sizes, over seeds");
    command->add_option("MODEL", path, "model file (TOML), or the name of a shipped one")
        ->required();
    add_overrides(*command, overrides);
    command
        ->add_option("--only", only,
                     "imperfections by the beginnings of their names, as in gate,hold,bits.nearest")
        ->type_name("A,B");
    command->add_option("--seeds", seeds, "how many seeds; 6 when left out")
        ->type_name("N")
        ->check(CLI::Range(1, 100000));
    command->add_option("--first-seed", first_seed, "the first of them; 1 when left out")
        ->type_name("N")
        ->check(CLI::Range(0, 1000000000));
    command->add_option("--steps", steps, "steps of each run; the model's own when left out")
        ->type_name("N")
        ->check(CLI::Range(std::int64_t{1}, std::int64_t{1'000'000'000'000}));
    command
        ->add_option("-o,--output", output,
                     "result (HDF5); runs/survive_MODEL.h5 when left out. Beside it stands the "
                     "sweep file, which `apical sweep` takes with shards and ranks")
        ->type_name("FILE");
    command->add_option("-j,--threads", threads, "runs at once; one a core when left out")
        ->type_name("N");
    command->add_flag("--list", list, "the imperfections that the circuit can have; run nothing");
    command->add_flag("--force", force, "begin anew, whatever is there already");
    command->add_flag("-q,--quiet", quiet, "no progress");
    add_json(*command, json);
}

Rack SurviveCommand::rack_of(const Model& model) const {
    Rack rack{.model = std::filesystem::absolute(model.path).lexically_normal().string(),
              .imperfections = chosen(imperfections_of(model), names_in(only))};
    if (list) return rack;
    rack.still = still_baseline(model);
    rack.instant = instant_baseline(model);
    for (const std::string& one : overrides) rack.set.push_back(parse_override(one));
    if (steps > 0) {
        Override length;
        length.key = "run.steps";
        length.value = value_of(steps);
        rack.set.push_back(std::move(length));
    }
    rack.seeds = fmt::format("{}:{}", first_seed, first_seed + seeds - 1);
    return rack;
}

ExitCode SurviveCommand::execute() const {
    const Model model =
        load_model(ModelSource(named_model(path), in_child_process()), Overrides(overrides));
    if (!model.circuit.has_loss())
        throw Error(ExitCode::bad_model,
                    fmt::format("{}: the circuit has no loss that an imperfection could raise; "
                                "expected an output and a label, or [loss]",
                                model.path));
    const Rack rack = rack_of(model);
    if (list) {
        std::cout << list_text(rack.imperfections);
        return ExitCode::ok;
    }
    const std::string stem = std::filesystem::path(model.path).stem().string();
    const std::string result = link_followed(output.value_or("runs/survive_" + stem + ".h5"));
    const std::string file = sweep_file_of(result);
    std::filesystem::create_directories(
        std::filesystem::absolute(std::filesystem::path(file)).parent_path());
    write_text(file, sweep_text(rack), true);
    const SweepOptions options{
        static_cast<std::size_t>(threads_of(threads, available_cores())), {}, force};
    Sweep sweep = load_sweep(file, in_child_process());
    sweep.output = result;
    const JobList jobs = list_jobs(sweep);
    print_notes(jobs.notes);
    Ranks ranks;
    const SweepSummary summary = run_missing(sweep, jobs, options, ranks, quiet);
    print_notes(summary.notes);
    if (summary.signal != 0) return exit_code_of(summary.signal);
    const std::vector<SurvivalTable> tables = survival_of(rack, read_result(result));
    std::cout << (json ? survival_json(tables) : survival_text(tables));
    return ExitCode::ok;
}

}  // namespace apical
