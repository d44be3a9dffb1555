#include "sim/command_line/model_commands.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iostream>

#include "sim/audit/report.hpp"
#include "sim/command_line/command_line.hpp"
#include "sim/command_line/describe.hpp"
#include "sim/command_line/option_words.hpp"
#include "sim/command_line/reading_process.hpp"
#include "sim/command_line/usage.hpp"
#include "sim/engine/initial_strengths.hpp"
#include "sim/engine/kernels/kernels.hpp"
#include "sim/model/algorithms.hpp"
#include "sim/model/literature.hpp"
#include "sim/runs/model_files.hpp"
#include "sim/runs/run_model.hpp"
#include "sim/tasks/task_list.hpp"

namespace apical {

namespace {

// The rules that come with Apical and those of a model, if one is named.
class RulesOfModel {
public:
    explicit RulesOfModel(const std::optional<std::string>& asked) {
        if (asked) model_ = load_model(ModelSource(named_model(*asked), in_child_process()));
        if (!asked) model_.book = std::make_unique<const RuleBook>();
    }
    const RuleBook& book() const { return *model_.book; }

private:
    Model model_;
};

}  // namespace

void CheckCommand::add_to(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("check", "validate a model; print its circuit, schedule and program");
    options.add_to(*command);
    options.add_output_to(*command);
    command
        ->add_option("--dot", dot, "write the circuit as a Graphviz drawing instead; - is stdout")
        ->type_name("FILE");
}

ExitCode CheckCommand::execute() const {
    const Model model = options.load();
    const State state(model.program);  // rejects what does not fit into memory
    check_initial_values(model.program, model.circuit, model.directory);
    if (!dot) {
        std::cout << describe_model(model);
    } else {
        check_not_read(*dot, model);
        write_text(*dot, model_dot(model), true);
    }
    return ExitCode::ok;
}

void AuditCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "audit", "which of the paper's criteria a circuit meets, operation by operation");
    command->add_option("MODEL", asked, "model files (TOML), or names of shipped ones")->required();
    add_overrides(*command, overrides);
    add_json(*command, json);
}

ExitCode AuditCommand::execute() const {
    std::vector<AuditReport> reports;
    bool all_pass = true;
    for (const std::string& one : asked) {
        const std::string path = named_model(one);
        std::string text;
        if (asked.size() > 1 && is_sweep(load_toml(path, text))) {
            print_notes({path + " is a sweep file and is passed over"});
            continue;
        }
        reports.push_back(report_on(load_named(path), true));
        all_pass &= reports.back().audit.passes();
    }
    if (reports.empty())
        throw Error(ExitCode::usage,
                    "all files given are sweep files, and nothing was audited; expected a "
                    "model file");
    std::cout << (json ? audit_json(reports) : audit_text(reports));
    return all_pass ? ExitCode::ok : ExitCode::verification_failed;
}

Model AuditCommand::load_named(const std::string& path) const {
    try {
        const Overrides parsed = overrides;
        return load_model(ModelSource(path, in_child_process()), parsed);
    } catch (const Error& error) {
        std::vector<std::string> sentences = error.sentences();
        for (std::string& one : sentences)
            if (!one.starts_with(path)) one = path + ": " + one;
        throw Error(error.code(), sentences);
    }
}

void VerifyCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "verify", "hold a circuit against the equations of the algorithm that it implements");
    options.add_to(*command);
    CLI::Option* allowing =
        command
            ->add_option("--tolerance", tolerance,
                         "largest difference allowed, at most 1e-3; 1e-12 when left out, 1e-8 of "
                         "a gradient")
            ->type_name("X");
    CLI::Option* climbing = command->add_flag(
        "--ladder", ladder, "from the algorithm to the circuit, one approximation at a time");
    climbing->excludes(allowing);
    command->add_option("--seeds", seeds, "seeds of the ladder's runs; 3 when left out")
        ->type_name("K")
        ->needs(climbing);
    CLI::Option* differentiating =
        command->add_flag("--gradient", gradient, "the exact gradient, against differences")
            ->excludes(climbing);
    command->add_option("--entries", entries, "of each set that are compared; 40 when left out")
        ->type_name("N")
        ->needs(differentiating);
    add_json(*command, json);
}

ExitCode VerifyCommand::execute() const {
    try {
        return ladder ? climb_ladder() : gradient ? verify_gradient() : verify_model();
    } catch (const Error& error) {
        if (json) std::cout << in_words_of_options(failure_json(options.path(), error));
        throw;
    }
}

ExitCode VerifyCommand::climb_ladder() const {
    const int runs = seeds_of(seeds);
    const std::string path = options.path();
    const Ladder found = climb(path, options.overrides, runs, in_child_process());
    std::cout << (json ? ladder_json(found) : ladder_text(found));
    return ExitCode::ok;
}

ExitCode VerifyCommand::verify_gradient() const {
    GradientCheckOptions asked;
    asked.entries = entries;
    if (tolerance) asked.tolerance = tolerance_of(*tolerance);
    const Model model =
        load_model(ModelSource(options.path(), in_child_process()), options.overrides);
    const GradientCheck found = check_gradient(model, asked);
    std::cout << (json ? gradient_check_json(model, found)
                       : in_words_of_options(gradient_check_text(model, found)));
    return found.hold() ? ExitCode::ok : ExitCode::verification_failed;
}

ExitCode VerifyCommand::verify_model() const {
    const double allowed = tolerance ? tolerance_of(*tolerance) : default_tolerance;
    const std::string path = options.path();
    const Overrides overrides = options.overrides;
    const Model model = load_model(ModelSource(path, in_child_process()), overrides);
    const std::int64_t least = least_verified_steps(model.program);
    const std::int64_t steps = sets_run(overrides, "steps")
                                   ? model.steps
                                   : std::min(model.steps, std::max(default_verified_steps, least));
    const Verification found = verify(model, steps, allowed);
    std::cout << (json ? verification_json(model, found, steps)
                       : in_words_of_options(verification_text(model, found, steps)));
    return found.hold() ? ExitCode::ok : ExitCode::verification_failed;
}

void ListCommand::add_to(CLI::App& app) {
    CLI::App* command = app.add_subcommand(
        "list", "the algorithms and the circuits of the literature that have a model, a line each");
    command
        ->add_option("WHAT", what,
                     "algorithms, literature, tasks, or rules: those that come with Apical, and a "
                     "model's own; the first two when left out")
        ->check(CLI::IsMember({"algorithms", "literature", "rules", "tasks"}))
        ->type_name("");
    command->add_option("MODEL", model, "model whose rules are listed, too")->type_name("");
    add_json(*command, json);
}

ExitCode ListCommand::execute() const {
    if (what == "rules") {
        const RulesOfModel rules(model);
        std::cout << (json ? list_rules_json(rules.book()) : list_rules(rules.book()));
    } else if (model) {
        throw Error(ExitCode::usage,
                    "list: a model goes with rules; expected `apical list rules "
                    "MODEL`");
    } else if (what == "tasks") {
        std::cout << (json ? to_json(tasks_as_table()) : list_tasks());
    } else {
        std::cout << (json ? circuits_json() : circuits_text());
    }
    return ExitCode::ok;
}

std::string ListCommand::circuits_text() const {
    const std::string tables = what == "algorithms" ? list_algorithms()
                               : what == "literature"
                                   ? list_literature()
                                   : list_algorithms() + '\n' + list_literature();
    const std::string_view pages = what == "algorithms" ? "Its equations: docs/rules/NAME.md."
                                   : what == "literature"
                                       ? "Their pages: docs/literature/README.md."
                                       : "Its equations: docs/rules/NAME.md; of "
                                         "the literature: docs/literature/README.md.";
    return fmt::format("{}\nTo run one: apical run NAME. {}\n", tables, pages);
}

std::string ListCommand::circuits_json() const {
    if (what == "literature") return to_json(literature_as_table());
    Table all = algorithms_as_table();
    if (what.empty()) all.entries.push_back(literature_as_table().entries.front());
    return to_json(all);
}

void HelpCommand::add_to(CLI::App& whole) {
    app = &whole;
    whole
        .add_subcommand("help",
                        "explain a command, or the keys of a model or sweep file: all, or "
                        "those of a section, a rule or a name; or a rule and its equations")
        ->add_option("TOPIC", topics,
                     "a command; model or sweep, and sections, rules, keys; or rule, a rule, and "
                     "a model that has it")
        ->type_name("");
}

ExitCode HelpCommand::execute() const {
    std::cout << text();
    return ExitCode::ok;
}

std::string HelpCommand::text() const {
    if (topics.empty()) return overview;
    const std::vector<std::string> within(topics.begin() + 1, topics.end());
    if (topics[0] == "model") return describe_keys(within);
    if (topics[0] == "rule") return text_of_rule(within);
    if (topics[0] == "sweep" && !within.empty()) return describe_sweep_keys(within);
    const CLI::App* command = find_command(*app, topics[0]);
    const std::string help = command->help("apical");
    return topics[0] == "sweep" ? help + "\n" + describe_sweep_keys() : help;
}

std::string HelpCommand::text_of_rule(const std::vector<std::string>& words) {
    if (words.empty()) return list_rules(RuleBook());
    if (words.size() > 2)
        throw Error(ExitCode::usage, "help rule: expected a rule, and at most one model");
    const RulesOfModel rules(words.size() > 1 ? std::optional(words[1]) : std::nullopt);
    return describe_rule(rules.book(), words[0]);
}

void SchemaCommand::add_to(CLI::App& app) {
    CLI::App* command =
        app.add_subcommand("schema", "write the JSON schema of model files, for editors");
    command->add_option("FILE", path, "file to write; - is stdout");
    command->add_flag("--force", force, "overwrite an existing file");
}

ExitCode SchemaCommand::execute() const {
    write_text(path, model_schema(), force);
    return ExitCode::ok;
}

void VersionCommand::add_to(CLI::App& app) {
    app.add_subcommand("version", "version, compiler, instruction sets");
}

ExitCode VersionCommand::execute() const {
    std::cout << fmt::format("apical {}\ncompiler {}\nkernels {}, of {}\n", APICAL_VERSION,
                             compiler_name(), best_kernels().instruction_set,
                             fmt::join(available_instruction_sets(), ", "));
    return ExitCode::ok;
}

}  // namespace apical
