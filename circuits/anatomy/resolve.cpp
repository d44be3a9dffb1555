#include "circuits/anatomy/resolve.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

namespace apical {

namespace {

template <class Named>
std::vector<std::string> names(const std::vector<Named>& all) {
    std::vector<std::string> names;
    for (const Named& one : all) names.push_back(one.name);
    return names;
}

}  // namespace

namespace {

// A circuit may have thousands of names.
std::string list_of_few(const std::vector<std::string>& names) {
    constexpr std::size_t most = 40;
    if (names.size() <= most) return list_of(names);
    return fmt::format("{} and {} more", list_of({names.begin(), names.begin() + most}),
                       names.size() - most);
}

}  // namespace

void reject_unknown(const Text& name, std::string_view what,
                    const std::vector<std::string>& known) {
    reject(name.where,
           fmt::format("there is no {} \"{}\"; known are {}.{}", what, shortened(name.text),
                       list_of_few(known), did_you_mean(name.text, known)),
           fmt::format("{} {}", what, name.text));
}

PhaseId resolve_phase(const Circuit& circuit, const Text& name) {
    const PhaseId id = circuit.find_phase(name.text);
    if (!id) reject_unknown(name, "phase", names(circuit.phases));
    return id;
}

PopulationId resolve_population(const Circuit& circuit, const Text& name) {
    const PopulationId id = circuit.find_population(name.text);
    if (!id) reject_unknown(name, "population", names(circuit.populations));
    return id;
}

SynapseSetId resolve_synapses(const Circuit& circuit, const Text& name) {
    const SynapseSetId id = circuit.find_synapses(name.text);
    if (!id) reject_unknown(name, "synapse set", names(circuit.synapses));
    return id;
}

WindowId resolve_window(const Circuit& circuit, const Text& name, std::string_view who) {
    if (const WindowId id = circuit.find_window(name.text)) return id;
    const std::string found = fmt::format("{} \"{}\"", who, shortened(name.text));
    const std::vector<std::string> known = names(circuit.windows);
    if (known.empty()) {
        reject(name.where, fmt::format("{}, but there are no windows; expected a task whose trials "
                                       "have periods, or [trial.window.{}]",
                                       found, shortened(name.text)));
    }
    reject(name.where, fmt::format("{}, but the windows of a trial are {}.{}", found,
                                   list_of_few(known), did_you_mean(name.text, known)));
}

CompartmentId resolve_compartment(const Circuit& circuit, const Text& name, std::string_view who) {
    if (const CompartmentId id = circuit.find_compartment(name.text)) return id;
    const PopulationId owner =
        resolve_population(circuit, {name.text.substr(0, name.text.find('.')), name.where});
    std::vector<std::string> own, full;
    for (const CompartmentId c : circuit[owner].compartments) {
        own.push_back(circuit[c].name);
        full.push_back(circuit.full_name(c));
    }
    const bool is_population = name.text == circuit[owner].name;
    const std::string meant = is_population && !full.empty()
                                  ? fmt::format(" Did you mean \"{}\"?", full.front())
                                  : did_you_mean(name.text, full);
    reject(name.where,
           fmt::format("{} \"{}\"; population \"{}\" has compartments {}.{}", who, name.text,
                       circuit[owner].name, list_of(own), meant),
           "compartment " + name.text);
}

SynapseTarget resolve_target(const Circuit& circuit, const Text& name, std::string_view who) {
    constexpr std::string_view of_gate = ".gate";
    const std::string_view text = name.text;
    const bool is_gate = text.ends_with(of_gate) &&
                         text.find('.') < text.size() - of_gate.size();  // not "hidden.gate"
    if (!is_gate) return {resolve_compartment(circuit, name, who)};
    const std::string compartment(text.substr(0, text.size() - of_gate.size()));
    return {resolve_compartment(circuit, {compartment, name.where}, who), true};
}

void check_letters(const Text& name) {
    const std::string& text = name.text;
    const bool letters = !text.empty() && !std::isdigit(static_cast<unsigned char>(text[0])) &&
                         std::all_of(text.begin(), text.end(), [](unsigned char c) {
                             return c < 0x80 && (std::isalnum(c) || c == '_');
                         });
    if (letters) return;
    reject(name.where, fmt::format("\"{}\" cannot be a name; expected letters, digits and _, not "
                                   "starting with a digit",
                                   shortened(text)));
}

void check_name(const Text& name) {
    constexpr std::string_view reserved[] = {"gate", "loss", "events", "previous"};
    check_letters(name);
    if (std::find(std::begin(reserved), std::end(reserved), name.text) == std::end(reserved))
        return;
    reject(name.where, fmt::format("\"{}\" cannot be a name; addresses use it", name.text));
}

Table& inner_table(Entry& entry, std::string_view section) {
    Table* table = std::get_if<Table>(&entry.value.content);
    if (!table) {
        reject(entry.value.where, fmt::format("{}.{} is {}; expected a table", section, entry.key,
                                              describe(entry.value)));
    }
    return *table;
}

}  // namespace apical
