#include "sim/command_line/usage.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "sim/command_line/describe.hpp"
#include "sim/command_line/wrapped.hpp"

namespace apical {

namespace {

constexpr std::size_t widest_option = 26;

struct Example {
    std::string_view command, line;
};

constexpr Example examples[] = {
    {"run", "apical run rflo"},
    {"run", "apical run dni_b --steps 20000 --seed 3 -o runs/dni_b_3.h5"},
    {"run", "apical run my.toml --set population.hidden.size=64 --set 'task.lags=[5, 9]'"},
    {"run",
     "apical run dni_b --set checkpoint.every=50000 --set checkpoint.keep=2 -o runs/saved.h5"},
    {"resume", "apical resume runs/dni_b.h5"},
    {"fork",
     "apical fork runs/saved.h5 --at 50000 --set plasticity.jacobian.rate=0.0 -o runs/held.h5"},
    {"recover", "apical recover runs/dni_b.h5"},
    {"evaluate", "apical evaluate runs/rflo.h5"},
    {"evaluate", "apical evaluate runs/rflo.h5 --set 'task.lags=[2, 4]' --steps 50000 --json"},
    {"sweep", "apical sweep figure1_short"},
    {"sweep", "apical sweep my_sweep.toml --dry-run"},
    {"sweep", "mpirun -n 64 apical sweep figure1"},
    {"report", "apical report runs/figure1_short.h5"},
    {"survive", "apical survive dni_b --list"},
    {"survive", "apical survive my.toml --only gate,hold --seeds 8 --steps 100000"},
    {"check", "apical check dni_b"},
    {"check", "apical check my.toml --dot - | dot -Tsvg -o circuit.svg"},
    {"audit", "apical audit dni_b rflo rtrl"},
    {"audit", "apical audit my.toml --json"},
    {"verify", "apical verify dni_b"},
    {"verify", "apical verify dni_b --ladder --seeds 3"},
    {"verify", "apical verify my.toml --gradient"},
    {"inspect", "apical inspect runs/rflo.h5"},
    {"inspect", "apical inspect runs/rflo.h5 --at 1001 --cells 0:4"},
    {"plot", "apical plot runs/rflo.h5 loss -o loss.svg"},
    {"plot", "apical plot runs/rflo.h5 hidden.r hidden.soma.v --steps 1:50 -o trace.svg"},
    {"plot", "apical plot runs/rflo.h5 runs/dni_b.h5 loss -o compared.pdf"},
    {"plot", "apical plot runs/figure1_short.h5 -o figure1.svg"},
    {"view", "apical view runs/rflo.h5 -o rflo.html"},
    {"export", "apical export runs/rflo.h5 --csv loss.csv --what loss"},
    {"export", "apical export runs/rflo.h5 --sonata rflo_sonata"},
    {"export", "apical export runs/rflo.h5 --hdf5 copy.h5"},
    {"list", "apical list"},
    {"list", "apical list literature"},
    {"list", "apical list rules"},
    {"apical", "apical run rflo"},
    {"apical", "apical help run"},
    {"help", "apical help run"},
    {"help", "apical help model gate"},
    {"help", "apical help rule delta"},
    {"help", "apical help sweep"},
    {"schema", "apical schema model.schema.json"},
    {"version", "apical version"},
};

std::string in_quotes(std::string_view word) { return fmt::format("\"{}\"", shortened(word)); }

std::string did_you_mean_one_of(std::string_view word, const std::vector<std::string>& known) {
    std::vector<std::string> near = nearest_names(word, known);
    constexpr std::size_t most = 3;
    near.resize(std::min(near.size(), most));
    return near.empty() ? "" : fmt::format(" Did you mean {}?", fmt::join(near, " or "));
}

// "--seed" of "--seed=3"; of letters behind one dash the first.
std::string option_in(const std::string& word) {
    return word.starts_with("--") ? word.substr(0, word.find('=')) : word.substr(0, 2);
}

bool is_option(std::string_view word) { return word.size() > 1 && word.front() == '-'; }

// The first word that begins as an option does and is none; empty when there is none.
std::string unknown_option(const CLI::App& app, const std::vector<std::string>& words) {
    const std::vector<std::string> known = names_of_options(app);
    for (const std::string& word : words) {
        if (word == "--") break;
        if (!is_option(word)) continue;
        const std::string name = option_in(word);
        if (std::find(known.begin(), known.end(), name) == known.end()) return name;
    }
    return "";
}

// A section, rule or key of model files.
bool is_of_models(const std::string& name) {
    try {
        describe_keys({name});
        return true;
    } catch (const Error&) {
        return false;
    }
}

std::string no_command(const CLI::App& app, const std::string& name) {
    if (is_of_models(name))
        return fmt::format(
            "there is no command {0}; `apical help model {1}` says what it is in a "
            "model file, `apical help` lists all commands",
            in_quotes(name), name);
    return fmt::format("there is no command {}.{} `apical help` lists all commands",
                       in_quotes(name), did_you_mean_one_of(name, names_of_commands(app)));
}

std::string without_full_stop(std::string text) {
    while (text.ends_with('.') || text.ends_with('\n')) text.pop_back();
    return text;
}

}  // namespace

std::vector<std::string> names_of_commands(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; }))
        if (!command->get_group().empty()) names.push_back(command->get_name());
    return names;
}

std::vector<std::string> names_of_options(const CLI::App& app) {
    std::vector<std::string> names;
    for (const CLI::Option* option : app.get_options()) {
        for (const std::string& one : option->get_snames()) names.push_back("-" + one);
        for (const std::string& one : option->get_lnames()) names.push_back("--" + one);
    }
    return names;
}

std::string help_text(const CLI::App* app, std::string name, CLI::AppFormatMode mode) {
    CLI::Formatter formatter;
    formatter.column_width(widest_option);
    std::string text = formatter.make_help(app, std::move(name), mode);
    const std::vector<std::string_view> lines = examples_of(app->get_name());
    if (!lines.empty()) text += fmt::format("\nExamples:\n  {}\n", fmt::join(lines, "\n  "));
    return wrapped(text);
}

std::vector<std::string_view> examples_of(std::string_view command) {
    std::vector<std::string_view> lines;
    for (const Example& one : examples) {
        if (one.command == command) lines.push_back(one.line);
    }
    return lines;
}

const CLI::App* find_command(const CLI::App& app, const std::string& name) {
    for (const CLI::App* command : app.get_subcommands([](const CLI::App*) { return true; })) {
        if (command->get_name() == name) return command;
    }
    throw Error(ExitCode::usage, no_command(app, name));
}

std::string short_help() {
    return "Apical: simulate neural circuits that learn, and test which learning algorithms they "
           "can\ncarry out.\n\n"
           "  apical run rflo                   train a circuit; its run file is runs/rflo.h5\n"
           "  apical inspect runs/rflo.h5       what was recorded\n"
           "  apical plot runs/rflo.h5 loss -o loss.svg\n"
           "  apical audit dni_b                which of the paper's criteria a circuit meets\n"
           "  apical verify dni_b               hold it against its algorithm's equations\n"
           "  apical list                       the algorithms that have a model\n\n"
           "A model is a file (TOML) or the name of one that Apical comes with.\n"
           "`apical help` lists all commands, `apical help run` explains one, `apical help model`\n"
           "the keys of a model file.\n";
}

Error usage_error(const CLI::App& app, const std::vector<std::string>& words,
                  const CLI::ParseError& error) {
    const std::vector<CLI::App*> asked = app.get_subcommands();
    const auto command_word =
        std::find_if(words.begin(), words.end(), [](const auto& word) { return !is_option(word); });
    if (asked.empty() && command_word != words.end())
        return {ExitCode::usage, no_command(app, *command_word)};
    const CLI::App& command = asked.empty() ? app : *asked.front();
    const std::string name = asked.empty() ? "" : command.get_name() + ": ";
    const std::string more =
        asked.empty() ? "`apical help`" : fmt::format("`apical help {}`", command.get_name());
    const std::vector<std::string> behind(asked.empty() ? words.begin() : std::next(command_word),
                                          words.end());
    if (dynamic_cast<const CLI::ExtrasError*>(&error)) {
        const std::string unknown = unknown_option(command, behind);
        if (!unknown.empty())
            return {ExitCode::usage,
                    fmt::format("{}there is no option {}.{} {} lists its options", name, unknown,
                                did_you_mean_one_of(unknown, names_of_options(command)), more)};
    }
    return {ExitCode::usage,
            fmt::format("{}{}; {} says more", name, without_full_stop(error.what()), more)};
}

}  // namespace apical
