#include <fmt/format.h>

#include <algorithm>
#include <span>

#include "learning_rules/book/rule_book.hpp"
#include "sim/command_line/describe.hpp"
#include "sim/command_line/wrapped.hpp"
#include "sim/model/model_keys.hpp"
#include "sim/sweep/sweep.hpp"

namespace apical {

namespace {

// A section of a file's help, with an example that stands in a file as it is.
struct HelpSection {
    std::string_view section, title, example;
};

constexpr HelpSection model_sections[] = {
    {"", "at the top of the file",
     "format     = 1\n"
     "title      = \"RFLO: eligibility traces taught by random feedback\"\n"
     "implements = \"rflo\"\n"},
    {"phase", "[[phase]]", "[[phase]]\nname = \"forward\"\nms   = 6.0\n"},
    {"phase.steps", "steps = { ... } of [[phase]]",
     "steps = { period = 30, first = 20, last = 29 }\n"},
    {"group", "[[group]]", "[[group]]\nphases = [\"down\", \"up\"]\nrepeat = 20\n"},
    {"population.*", "[population.*]",
     "[population.hidden]\n"
     "size       = 32\n"
     "activation = \"tanh\"\n"
     "alpha      = 0.5\n"
     "dendrites  = [\"apical\"]\n"
     "tau_ms     = { apical = 20.0 }\n"},
    {"alpha", "alpha = { ... } of [population.*]", "alpha = { tau_ms = 20.0 }\n"},
    {"branch", "a dendrite in coupling = { ... } of [population.*]",
     "tuft = { to = \"apical\", conductance = 0.3 }\n"},
    {"scale_incoming", "scale_incoming = { ... } of [population.*]",
     "scale_incoming = { of = [\"W_rec\", \"W_in\"], to = 1.0, tau_ms = 1000.0 }\n"},
    {"spikes", "spikes = { ... } of [population.*]",
     "spikes = { threshold = 1.0, reset = 0.0, refractory_ms = 5.0 }\n"},
    {"spikes.adaptation", "adaptation = { ... } of such a table",
     "adaptation = { tau_ms = 200.0, strength = 0.1 }\n"},
    {"fires", "fires = { ... } of an input", "fires = { by = \"poisson\", unit_hz = 100.0 }\n"},
    {"gate.*", "[gate.*]",
     "[gate.disinhibition]\nopens  = \"hidden.apical\"\nduring = \"update\"\n"},
    {"synapses.*", "[synapses.*]",
     "[synapses.W_rec]\n"
     "from   = \"hidden\"\n"
     "to     = \"hidden.soma\"\n"
     "during = \"forward\"\n"
     "delay  = 1\n"
     "init   = { orthogonal = 1.0 }\n"},
    {"synapses.*.connect", "connect = { ... } of [synapses.*]",
     "connect = { probability = 0.1, self = false }\n"},
    {"synapses.*.connect.blocks", "blocks = { ... } of connect",
     "blocks = { count = 4, within = 0.5, between = 0.05 }\n"},
    {"synapses.*.short_term", "short_term = { ... } of [synapses.*]",
     "short_term = { U = 0.5, tau_depress_ms = 200.0 }\n"},
    {"synapses.*.back", "[synapses.*.back]",
     "[synapses.W_out.back]\nto     = \"hidden.apical\"\nduring = \"update\"\n"},
    {"synapses.*.again", "[[synapses.*.again]]",
     "[[synapses.W_rec.again]]\nto     = \"hidden.apical\"\nduring = \"update\"\n"},
    {"wire.*", "[wire.*]",
     "[wire.plus]\nfrom   = \"out\"\nto     = \"err.soma\"\nduring = \"forward\"\n"},
    {"teach.*", "[teach.*]",
     "[teach.output]\n"
     "cells    = \"out\"\n"
     "from     = \"label\"\n"
     "as       = \"nudge\"\n"
     "strength = 0.5\n"
     "during   = \"nudged\"\n"},
    {"loss", "[loss]", "[loss]\nof      = \"out.r\"\nagainst = \"label\"\nduring  = \"free\"\n"},
    {"noise.*", "[noise.*]", "[noise.wobble]\ninto = \"hidden.soma\"\nsd   = 0.1\n"},
    {"hold.*", "[hold.*]", "[hold.\"previous(hidden.r)\"]\nloses = 0.1\n"},
    {"event.*", "[event.*]",
     "[event.pause]\nat      = 5000\nfor     = 100\nsilence = \"hidden\"\n"},
    {"init", "init = { ... } of populations and synapses: one of",
     "init = { normal = \"1/sqrt(pre)\" }\n"},
    {"noise", "noise = { ... } of rules", "noise = { file = \"noise.h5\", dataset = \"nu\" }\n"},
    {"rule.*", "[rule.*]",
     "[rule.my_oja]\n"
     "parameters = { rate = { minimum = 0.0, description = \"learning rate\" } }\n"
     "equations  = \"w += rate * post.r * (pre.r - post.r * w)\"\n"},
    {"rule.*.parameters.*", "parameters = { ... } of [rule.*] and [dynamics.*], each a default or",
     "parameters = { rate = 1e-3, tau_ms = { minimum = 1.0, description = \"of the mean\" } }\n"},
    {"rule.*.signals.*", "signals = { ... } of [rule.*], each \"post\", \"pre\", \"all\" or",
     "signals = { credit = \"post\", target = { list = true } }\n"},
    {"rule.*.state.*",
     "state = { ... } of [rule.*], each \"post\", \"pre\", \"synapse\", \"all\" or",
     "state = { trace = \"synapse\", theta = { at = \"post\", init = { constant = 1.0 } } }\n"},
    {"activation.*", "[activation.*]",
     "[activation.softplus]\n"
     "parameters = { gain = 1.0 }\n"
     "equation   = \"log(1 + exp(gain * x))\"\n"},
    {"dynamics.*", "[dynamics.*]",
     "[dynamics.adaptation]\n"
     "cells      = \"hidden\"\n"
     "parameters = { g = 0.3, tau_ms = 200.0 }\n"
     "state      = { a = \"cell\" }\n"
     "equations  = [\"da/dt = (r - a) / tau_ms\", \"soma.v += -g * a\"]\n"},
    {"dynamics.*.state.*", "state = { ... } of [dynamics.*], each \"cell\", \"all\" or",
     "state = { a = \"cell\", u = { at = \"cell\", init = { constant = 0.2 } } }\n"},
    {"plasticity.*", "[plasticity.*]",
     "[plasticity.readout]\n"
     "rule     = \"delta\"\n"
     "synapses = [\"W_out\", \"b_out\"]\n"
     "rate     = 1e-4\n"},
    {"plasticity.*.optimiser", "[plasticity.*.optimiser]",
     "[plasticity.readout.optimiser]\nkind = \"adam\"\nbeta = [0.9, 0.999]\n"},
    {"plasticity.*.schedule", "[plasticity.*.schedule]",
     "[plasticity.readout.schedule]\nhalf_every = 10_000\n"},
    {"task", "[task]", "[task]\nkind = \"add\"\nlags = [3, 5]\nhold = 2\n"},
    {"trial", "[trial]",
     "[trial]\nsteps  = 36\nreset  = \"init\"\nvalues = { \"hidden.r\" = 0.1 }\n"},
    {"trial.steps", "steps = { ... } of [trial]", "steps = { uniform = [30, 50] }\n"},
    {"trial.window.*", "[trial.window.*]", "[trial.window.decision]\nfrom = -5\n"},
    {"batch", "[batch]", "[batch]\ntrials = 20\n"},
    {"record.*", "[record.*]",
     "[record.state]\nwhat  = [\"hidden.r\", \"hidden.apical.v\"]\nevery = 100\n"},
    {"diagnose", "[diagnose]", "[diagnose]\nalignment = true\nevery     = 100\n"},
    {"evaluate", "[evaluate]", "[evaluate]\nevery = 10_000\nsteps = 2000\n"},
    {"checkpoint", "[checkpoint]", "[checkpoint]\nevery = 10_000\nkeep  = 2\n"},
    {"run", "[run]", "[run]\nsteps = 100_000\nseed  = 1\n"},
};

constexpr HelpSection sweep_sections[] = {
    {"", "at the top of the file",
     "format = 1\n"
     "title  = \"Two algorithms at three learning rates\"\n"
     "seeds  = \"1:20\"\n"
     "\n"
     "[grid]\n"
     "plasticity.recurrent.rate = [1e-4, 3e-4, 1e-3]\n"},
    {"model.*", "[model.*]", "[model.RFLO]\nfile = \"rflo.toml\"\n"},
};

std::string key_text(const Key& key) {
    std::string text = fmt::format("  {:<14} {}", key.name, expectation(key));
    if (!key.unit.empty()) text += fmt::format(" [{}]", key.unit);
    if (key.default_value.empty()) text += "; required";
    if (!key.default_value.empty() && key.default_value != "-")
        text += fmt::format("; default {}", key.default_value);
    return text + fmt::format("\n  {:<14}   {}\n", "", key.description);
}

std::string example_text(std::string_view example) {
    std::string text = "\n  Example:\n";
    while (!example.empty()) {
        const std::size_t end = example.find('\n') + 1;
        text += fmt::format("    {}", example.substr(0, end));
        example.remove_prefix(end);
    }
    return text;
}

std::string rule_text(const LearningRule& rule) {
    std::string text = fmt::format("\n[plasticity.*] with rule = \"{}\"{}{}\n", rule.name,
                                   rule.summary.empty() ? "" : ": ", rule.summary);
    for (const Key& key : rule.keys) text += key_text(key);
    return text;
}

std::string equations_text(const LearningRule& rule) {
    if (!rule.text) return "";
    std::string text = "\n  Equations:\n";
    for (const Statement& one : rule.text->equations) text += fmt::format("    {}\n", one.text);
    for (const SignalDeclaration& one : rule.text->signals) {
        if (!one.is_key)
            text += fmt::format("    {} is always \"{}\", of the population of that role\n",
                                one.name, one.default_address);
    }
    return text;
}

// One kind of file: its sections, its keys, and the rules that have keys of their own.
struct Help {
    std::span<const HelpSection> sections;
    std::span<const Key> keys;
    std::span<const LearningRule* const> rules;
    std::string_view file;  // "model"

    std::string section_text(const HelpSection& section) const {
        std::string text = fmt::format("\n{}\n", section.title);
        for (const Key& key : keys) {
            if (key.section == section.section) text += key_text(key);
        }
        return text + example_text(section.example);
    }

    std::string everything() const {
        std::string text;
        for (const HelpSection& section : sections) {
            text += section_text(section);
            if (section.section != "plasticity.*") continue;
            for (const LearningRule* rule : rules) text += rule_text(*rule);
        }
        return text;
    }

    // Sections of that first word, a rule, or keys of that name.
    std::string text_of(std::string_view topic) const {
        std::string text;
        for (const HelpSection& section : sections) {
            if (!section.section.empty() && word_of(section) == topic)
                text += section_text(section);
        }
        for (const LearningRule* rule : rules) {
            if (rule->name == topic || (topic == "plasticity")) text += rule_text(*rule);
        }
        return text.empty() ? text_of_key(topic) : text;
    }

    std::vector<std::string> topics() const {
        std::vector<std::string> all;
        for (const HelpSection& section : sections) {
            const std::string word(word_of(section));
            const bool is_new = std::find(all.begin(), all.end(), word) == all.end();
            if (is_new && !word.empty()) all.push_back(word);
        }
        for (const LearningRule* rule : rules) all.emplace_back(rule->name);
        return all;
    }

private:
    static std::string_view word_of(const HelpSection& section) {
        return section.section.substr(0, section.section.find('.'));
    }
    std::string text_of_key(std::string_view name) const {
        std::string text;
        for (const HelpSection& section : sections) {
            for (const Key& key : keys) {
                if (key.section == section.section && key.name == name)
                    text += fmt::format("\n{}\n{}", section.title, key_text(key));
            }
        }
        for (const LearningRule* rule : rules) {
            for (const Key& key : rule->keys) {
                if (key.name == name)
                    text += fmt::format("\n[plasticity.*] with rule = \"{}\"\n{}", rule->name,
                                        key_text(key));
            }
        }
        return text;
    }
};

std::string described(const Help& help, const std::vector<std::string>& topics,
                      std::string_view beginning) {
    std::string text(beginning);
    if (topics.empty()) text += help.everything();
    for (const std::string& topic : topics) {
        const std::string found = help.text_of(topic);
        if (found.empty()) {
            const std::vector<std::string> known = help.topics();
            throw Error(ExitCode::usage,
                        fmt::format("help {}: there is no section, rule or key \"{}\"; known are "
                                    "{}, and the name of every key.{}",
                                    help.file, shortened(topic), list_of(known),
                                    did_you_mean(topic, known)));
        }
        text += found;
    }
    return wrapped(text);
}

}  // namespace

std::string describe_keys(const std::vector<std::string>& topics) {
    return described({model_sections, model_keys(), learning_rules(), "model"}, topics,
                     "Keys of a model file: type and range, unit, default.\n");
}

std::vector<std::string> topics_of_models() {
    return Help{model_sections, model_keys(), learning_rules(), "model"}.topics();
}

std::string describe_rule(const RuleBook& book, const std::string& name) {
    if (const LearningRule* rule = book.find(name))
        return wrapped(rule_text(*rule).substr(1) + equations_text(*rule));
    std::vector<std::string> known;
    for (const LearningRule* rule : book.rules()) known.emplace_back(rule->name);
    throw Error(ExitCode::usage,
                fmt::format("help rule: there is no rule \"{}\"; known are {}.{} The rules of a "
                            "model are known behind its name: `apical help rule NAME MODEL`",
                            shortened(name), list_of(known), did_you_mean(name, known)));
}

std::string list_rules(const RuleBook& book) {
    std::size_t longest = 0;
    for (const LearningRule* rule : book.rules()) longest = std::max(longest, rule->name.size());
    std::string text;
    for (const LearningRule* rule : book.rules())
        text += fmt::format("{:<{}}  {}\n", rule->name, longest, rule->summary);
    return wrapped(text + "\nTo see its keys and equations: apical help rule NAME.\n");
}

std::string list_rules_json(const RuleBook& book) {
    Array list;
    for (const LearningRule* rule : book.rules()) {
        Array equations;
        if (rule->text) {
            for (const Statement& one : rule->text->equations)
                equations.push_back(value_of(one.text));
        }
        list.push_back(value_of(Table{{entry("name", std::string(rule->name)),
                                       entry("summary", std::string(rule->summary)),
                                       entry("equations", std::move(equations))}}));
    }
    return to_json({{entry("rules", std::move(list))}});
}

std::string describe_sweep_keys(const std::vector<std::string>& topics) {
    return described({sweep_sections, sweep_keys(), {}, "sweep"}, topics,
                     "Keys of a sweep file: type and range, default. docs/sweeps.md has an "
                     "example.\n");
}

}  // namespace apical
