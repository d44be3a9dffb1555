#include "bench/hand/rule_started.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <stdexcept>

namespace hand {

namespace {

constexpr std::array<RuleTable, 9> tables = {{
    {"hebb_decay", "rate = 1e-3, decay = 1e-2"},
    {"oja", "rate = 1e-3"},
    {"bcm", "rate = 1e-3, tau_ms = 1000.0"},
    {"rflo_text", "rate = 1e-3"},
    {"bounded_hebb", "rate = 1e-3, decay = 1e-2, smallest = -1.0, largest = 1.0"},
    {"shrinking", "rate = 1e-3"},
    {"soft_bounds", "rate = 1e-3, largest = 1.0"},
    {"light", "rate = 1e-3"},
    {"root_and_division", "rate = 1e-4"},
}};

template <class Named>
const Named& find(std::span<const Named> all, std::string_view name) {
    const auto found =
        std::find_if(all.begin(), all.end(), [&](const Named& one) { return one.name == name; });
    if (found == all.end()) throw std::invalid_argument("no such rule");
    return *found;
}

}  // namespace

std::span<const RuleTable> rule_tables() { return tables; }

apical::Model model_of_rule(std::string_view rule, std::int64_t cells) {
    const RuleTable& table = find(rule_tables(), rule);
    return apical::load_model(
        APICAL_SOURCE_DIR "/bench/rules.toml",
        apical::Overrides{
            fmt::format("population.cell.size={}", cells), fmt::format("task.inputs={}", cells),
            fmt::format("plasticity.learning={{ rule = \"{}\", synapses = [\"W\"], {} }}", rule,
                        table.parameters)});
}

StartedRule::StartedRule(const RuleSteps& steps, std::string_view rule, const apical::State& state)
    : step_(find(steps.rules, rule).step) {
    const auto read = [&](const char* name, double* to) {
        state.read(state.program().find(name), to);
    };
    const apical::Slot& W = state.program()[state.program().find("W")];
    const auto n = static_cast<std::size_t>(W.rows);
    const std::size_t panel = steps.panel_rows;
    loop_.n = n;
    for (double** one : {&loop_.W, &loop_.tag, &loop_.slow}) *one = room(n * n);
    for (double** one : {&loop_.x_before, &loop_.drive, &loop_.rate, &loop_.product, &loop_.theta,
                         &loop_.post, &loop_.second})
        *one = room(n);
    std::vector<double> rows(n * n);
    read("W", rows.data());
    for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = 0; j < n; ++j)
            loop_.W[i / panel * panel * n + j * panel + i % panel] = rows[i * n + j];
    }
    read("drive", loop_.drive);
}

}  // namespace hand
