// Phases that are carried out in turn, again and again.
#include <fmt/format.h>

#include <array>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"

namespace apical {

namespace {

constexpr std::array group_table = {
    Key{.section = "group",
        .name = "phases",
        .type = Type::text_list,
        .names = "phase",
        .description =
            "two phases or more, in the order of the step and one behind the other, which "
            "are carried out in turn"},
    Key{.section = "group",
        .name = "repeat",
        .type = Type::integer,
        .minimum = 2,
        .maximum = most_iterations,
        .unit = "iterations",
        .description = "how often all of them are carried out in a step. Rules act once, when the "
                       "last iteration is over, unless they have each = \"iteration\""},
};

class GroupLoader {
public:
    GroupLoader(Circuit& circuit, const Section& section) : circuit_(circuit), section_(section) {
        for (const Text& name : section_.texts("phases")) {
            phases_.push_back(resolve_phase(circuit_, name));
            names_.push_back(name);
        }
    }

    void load() {
        if (phases_.size() < 2) {
            reject(section_.where("phases"),
                   "a group has two phases or more; one phase is iterated by its own key repeat");
        }
        for (std::size_t k = 0; k < phases_.size(); ++k) check(k);
        const auto repeat = static_cast<int>(section_.integer("repeat"));
        const auto group = static_cast<int>(circuit_.groups.size());
        for (const PhaseId phase : phases_) circuit_.phases[phase.value].group = group;
        circuit_.groups.push_back({phases_.front(), phases_.back(), repeat, section_.where()});
        const double ms = in_ms(circuit_.iteration_nanoseconds(phases_.front()));
        if (repeat * ms <= most_ms_of_iterations) return;
        reject(section_.where("repeat"),
               fmt::format("{} iterations of {} ms are {} ms; expected at most {:.0f} ms in a step",
                           repeat, ms, repeat * ms, most_ms_of_iterations));
    }

private:
    void check(std::size_t k) const {
        const Phase& phase = circuit_[phases_[k]];
        const Phase& first = circuit_[phases_.front()];
        if (phase.group >= 0)
            reject(names_[k].where, fmt::format("phase \"{}\" is in two groups", phase.name));
        if (k > 0 && phases_[k].value != phases_[k - 1].value + 1) {
            reject(names_[k].where,
                   fmt::format("phase \"{}\" does not follow \"{}\" in a step; the phases of a "
                               "group stand one behind the other, in the order of [[phase]]",
                               phase.name, names_[k - 1].text));
        }
        if (phase.repeat > 1) {
            reject(
                names_[k].where,
                fmt::format("phase \"{}\" is iterated by itself, repeat = {}; expected no repeat "
                            "of a phase that a group repeats",
                            phase.name, phase.repeat));
        }
        if (phase.steps != first.steps || phase.window != first.window) {
            reject(names_[k].where,
                   fmt::format("phase \"{}\" is not carried out in the same steps as \"{}\"; "
                               "expected the same every, steps or in of all phases of a group",
                               phase.name, first.name));
        }
        if (k > 0 && phase.sets_back()) {
            reject(names_[k].where,
                   fmt::format("phase \"{}\" sets cells back, which a group does once, before its "
                               "first iteration; expected begin in \"{}\" alone",
                               phase.name, first.name));
        }
    }

    Circuit& circuit_;
    const Section& section_;
    std::vector<PhaseId> phases_;
    std::vector<Text> names_;
};

}  // namespace

std::span<const Key> group_keys() { return group_table; }

void load_groups(Circuit& circuit, Table& root) {
    Value* list = root.find("group");
    if (!list) return;
    for (Value& value : std::get<Array>(list->content)) {
        const Section section(std::get<Table>(value.content), value.where, "group", group_keys());
        GroupLoader(circuit, section).load();
    }
}

}  // namespace apical
