#include "sim/command_line/model_options.hpp"

#include <algorithm>

#include "circuits/text/value.hpp"
#include "sim/command_line/command_line.hpp"
#include "sim/command_line/reading_process.hpp"

namespace apical {

namespace {

// An option that may come several times; `take` gets each value in the order of the command line.
template <class Take>
CLI::Option* add_repeated(CLI::App& command, const std::string& name, Take take,
                          const std::string& description) {
    return command.add_option_function<std::string>(name, take, description)
        ->trigger_on_parse()
        ->take_last()
        ->allow_extra_args(false);
}

// An option that is short for an override of one key.
CLI::Option* add_short_for(CLI::App& command, std::vector<std::string>& overrides,
                           const std::string& name, const std::string& key, bool is_text,
                           const std::string& description) {
    return add_repeated(
        command, name,
        [&overrides, key, is_text](const std::string& value) {
            overrides.push_back(key + "=" + (is_text ? toml_text(value) : value));
        },
        description);
}

}  // namespace

void add_overrides(CLI::App& command, std::vector<std::string>& overrides) {
    add_repeated(
        command, "--set", [&](const std::string& one) { overrides.push_back(one); },
        "override any key, as in --set population.hidden.size=64; of several the last one counts")
        ->type_name("KEY=VALUE");
}

bool sets_run(const Overrides& overrides, const std::string& key) {
    const std::vector<Override>& all = overrides.changes;
    return std::any_of(all.begin(), all.end(), [&](const Override& change) {
        const auto* run = std::get_if<Table>(&change.value.content);
        return change.key == "run." + key || (change.key == "run" && run && run->find(key));
    });
}

void ModelOptions::add_to(CLI::App& command) {
    command.add_option("MODEL", asked, "model file (TOML), or the name of a shipped one")
        ->required();
    add_overrides(command, overrides);
    add_short_for(command, overrides, "--seed", "run.seed", false, "short for --set run.seed=N")
        ->type_name("N");
    add_short_for(command, overrides, "--steps", "run.steps", false, "short for --set run.steps=N")
        ->type_name("N");
}

void ModelOptions::add_output_to(CLI::App& command) {
    add_short_for(command, overrides, "-o,--output", "run.output", true,
                  "run file; short for --set run.output=FILE")
        ->type_name("FILE");
}

std::string ModelOptions::path() const { return named_model(asked); }

Model ModelOptions::load() const {
    const std::string found = path();
    const Overrides parsed = overrides;
    Model model = load_model(ModelSource(found, in_child_process()), parsed);
    print_notes(model.notes);
    return model;
}

}  // namespace apical
