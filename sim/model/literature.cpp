#include "sim/model/literature.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace apical {

namespace {

// tests/sim/model/literature_list_test.cpp holds each line to its model, and to what the audit
// says.
constexpr CircuitOfLiterature all_circuits[] = {
    {"dendritic_microcircuit", "Sacramento et al. 2018", "bars", "fails iii"},
    {"dendritic_microcircuit_steady", "Sacramento et al. 2018, section 3.4", "bars", "fails iii"},
    {"urbanczik_senn", "Urbanczik & Senn 2014", "spike_pattern", "passes"},
    {"supervised_predictive_coding", "Whittington & Bogacz 2017", "bars", "fails iii"},
    {"equilibrium_propagation_discrete", "Scellier & Bengio 2017", "bars", "passes"},
    {"equilibrium_propagation_symmetric", "Laborieux et al. 2021", "bars", "passes"},
    {"equilibrium_propagation_energy", "Scellier & Bengio 2017", "bars", "passes"},
    {"feedback_alignment_partners", "Lillicrap et al. 2016", "bars", "passes"},
    {"feedback_alignment_emitted", "Lillicrap et al. 2016", "bars", "fails iii"},
    {"direct_feedback_alignment", "Nokland 2016", "bars", "passes"},
    {"backprop", "Rumelhart et al. 1986", "bars", "fails iii"},
    {"segregated_dendrites", "Guerguiev et al. 2017", "bars", "passes"},
    {"burstprop", "Payeur et al. 2021", "xor_in_time", "fails online, ii, iii"},
    {"burstccn", "Greedy et al. 2022", "xor_in_time", "fails iii"},
    {"eprop_rate", "Bellec et al. 2020", "add", "passes"},
    {"eprop_lif", "Bellec et al. 2020", "sines", "fails ii"},
    {"eprop_alif", "Bellec et al. 2020", "evidence", "fails ii"},
    {"rflo_sine", "Murray 2019", "pattern", "passes"},
    {"contrastive_hebbian", "Movellan 1991", "bars", "passes"},
    {"prospective_configuration", "Song et al. 2024", "bars", "fails iii"},
    {"deep_feedback_control", "Meulemans et al. 2021", "bars", "passes"},
    {"reward_modulated_hebb", "Miconi 2017", "delayed_nonmatch", "fails ii, iii"},
};

constexpr CircuitOfLiterature heading = {"circuit of the literature", "source", "task", "verdict"};

template <class Text>
std::size_t longest(Text text) {
    std::size_t most = text(heading).size();
    for (const CircuitOfLiterature& one : all_circuits) most = std::max(most, text(one).size());
    return most;
}

}  // namespace

std::span<const CircuitOfLiterature> circuits_of_literature() { return all_circuits; }

std::string list_literature() {
    const std::size_t name = longest([](const auto&one) { return one.name; }),
                      source = longest([](const auto&one) { return one.source; }),
                      task = longest([](const auto&one) { return one.task; });
    const auto line = [&](const CircuitOfLiterature& one) {
        return fmt::format("{:<{}}  {:<{}}  {:<{}}  {}\n", one.name, name, one.source, source,
                           one.task, task, one.verdict);
    };
    std::string text = line(heading);
    for (const CircuitOfLiterature& one : all_circuits) text += line(one);
    return text;
}

Table literature_as_table() {
    Array list;
    for (const CircuitOfLiterature& one : all_circuits) {
        Table row;
        const auto add = [&row](const char* key, std::string text) {
            row.entries.emplace_back().key = key;
            row.entries.back().value.content = std::move(text);
        };
        add("name", std::string(one.name));
        add("source", std::string(one.source));
        add("task", std::string(one.task));
        add("verdict", std::string(one.verdict));
        add("model", fmt::format("models/literature/{}.toml", one.name));
        list.emplace_back().content = std::move(row);
    }
    Table whole;
    whole.entries.emplace_back().key = "literature";
    whole.entries.back().value.content = std::move(list);
    return whole;
}

}  // namespace apical
