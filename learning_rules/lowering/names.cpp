#include "learning_rules/lowering/names.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>

namespace apical {

namespace {

constexpr std::string_view pre_of_name = "pre.", post_of_name = "post.";

// "apical" of "apical.v"; nothing when the rest is no such name.
std::optional<std::string> compartment_before(std::string_view rest, std::string_view end) {
    if (!rest.ends_with(end) || rest.size() == end.size()) return std::nullopt;
    rest.remove_suffix(end.size());
    if (rest.find('.') != std::string_view::npos) return std::nullopt;
    return std::string(rest);
}

std::optional<Meaning> presynaptic_name(std::string_view rest) {
    if (rest == "r") return Meaning{.source = Source::carried, .place = Place::pre};
    if (rest == "alpha") return Meaning{.source = Source::alpha, .of_pre = true};
    const std::optional<std::string> compartment = compartment_before(rest, ".v");
    if (!compartment || compartment == "here") return std::nullopt;
    return Meaning{.source = Source::voltage,
                   .place = Place::pre,
                   .of_pre = true,
                   .compartment = *compartment};
}

std::optional<Meaning> postsynaptic_name(std::string_view rest) {
    if (rest == "r") return Meaning{.source = Source::rate, .place = Place::post};
    if (rest == "alpha") return Meaning{.source = Source::alpha};
    if (rest == "slope") return Meaning{.source = Source::slope, .place = Place::post};
    if (rest == "adaptation") return Meaning{.source = Source::adaptation, .place = Place::post};
    if (const std::optional<std::string> fired = compartment_before(rest, ".r")) {
        if (fired == "here") return std::nullopt;
        return Meaning{.source = Source::rate, .place = Place::post, .compartment = *fired};
    }
    if (const std::optional<std::string> compartment = compartment_before(rest, ".v"))
        return Meaning{
            .source = Source::voltage, .place = Place::post, .compartment = *compartment};
    if (const std::optional<std::string> dendrite = compartment_before(rest, ".share"))
        return Meaning{.source = Source::share, .compartment = *dendrite};
    if (const std::optional<std::string> branch = compartment_before(rest, ".conductance"))
        return Meaning{.source = Source::conductance,
                       .place = Place::post,
                       .unit = -1.0,
                       .compartment = *branch};
    if (const std::optional<std::string> branch = compartment_before(rest, ".drive"))
        return Meaning{.source = Source::drive, .place = Place::post, .compartment = *branch};
    return std::nullopt;
}

// The meaning of a name inside cells, where no end of a synapse is named: "r", "alpha", "soma.v",
// "apical.r".
std::optional<Meaning> name_of_cells(std::string_view name) {
    if (name == "step_ms") return Meaning{.source = Source::step, .unit = 1.0};
    if (name == "loss") return Meaning{.source = Source::loss, .place = Place::all};
    const bool is_of_synapses =
        name.starts_with("here.") || name == "slope" || name == "adaptation";
    if (is_of_synapses) return std::nullopt;
    return postsynaptic_name(name);
}

std::optional<Meaning> name_of_circuit(std::string_view name) {
    if (name == "w") return Meaning{.source = Source::strength, .place = Place::synapse};
    if (name == "step_ms") return Meaning{.source = Source::step, .unit = 1.0};
    if (name == "loss") return Meaning{.source = Source::loss, .place = Place::all};
    if (name.starts_with(pre_of_name)) return presynaptic_name(name.substr(pre_of_name.size()));
    if (name.starts_with(post_of_name)) return postsynaptic_name(name.substr(post_of_name.size()));
    return std::nullopt;
}

}  // namespace

std::optional<Meaning> Names::find(std::string_view name) const {
    if (const auto known = rule_.of_cells ? name_of_cells(name) : name_of_circuit(name))
        return known;
    if (rule_.find_parameter(name))
        return Meaning{.source = Source::parameter, .unit = unit_of_name(name)};
    if (const SignalDeclaration* signal = rule_.find_signal(name))
        return Meaning{.source = Source::signal, .place = signal->of};
    if (const StateDeclaration* state = rule_.find_state(name))
        return Meaning{.source = Source::state, .place = state->at, .unit = unit_of_name(name)};
    const auto made =
        std::find_if(made_.begin(), made_.end(), [&](const Made& one) { return one.name == name; });
    return made == made_.end() ? std::nullopt : std::optional(made->meaning);
}

std::vector<std::string> Names::known() const {
    std::vector<std::string> all;
    for (const Parameter& one : rule_.parameters) all.push_back(one.name);
    for (const SignalDeclaration& one : rule_.signals) all.push_back(one.name);
    for (const StateDeclaration& one : rule_.state) all.push_back(one.name);
    for (const Made& one : made_) all.push_back(one.name);
    if (rule_.of_cells) {
        for (const char* name : {"r", "soma.v", "alpha", "step_ms", "loss"}) all.emplace_back(name);
        return all;
    }
    for (const char* name :
         {"w", "pre.r", "post.r", "post.here.v", "post.soma.v", "pre.soma.v", "post.alpha",
          "pre.alpha", "post.slope", "post.adaptation", "step_ms", "loss"})
        all.emplace_back(name);
    return all;
}

bool is_name_of_branch(std::string_view name) {
    return name.ends_with(".conductance") || name.ends_with(".drive");
}

bool is_name_of_synapses(std::string_view name) {
    return std::find(std::begin(names_of_synapses), std::end(names_of_synapses), name) !=
           std::end(names_of_synapses);
}

void Names::make(std::string name, Place place, double unit) {
    if (find(name)) return;
    made_.push_back({std::move(name), {.source = Source::made, .place = place, .unit = unit}});
}

void Names::make_mistaken(std::string name) {
    if (find(name)) return;
    made_.push_back({std::move(name), {.source = Source::made, .is_mistaken = true}});
}

}  // namespace apical
