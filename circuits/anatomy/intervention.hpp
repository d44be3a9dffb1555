#pragma once

#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include "circuits/anatomy/id.hpp"
#include "circuits/text/error.hpp"

namespace apical {

// What the experimenter does to a circuit while an event is on, of an [event.*] table.
struct Intervention {
    enum class Action : std::uint8_t { silence, lesion, inject, gate, stop, set };
    static constexpr std::int64_t for_ever = std::numeric_limits<std::int64_t>::max();

    std::string name;
    Action action = Action::silence;
    // Cells that are silenced, or all of whose synapses are lesioned, or whose rates are set.
    PopulationId cells = {};
    SynapseSetId synapses = {};      // that are lesioned, or set
    CompartmentId compartment = {};  // into whose drive a current is injected, or which is set
    GateId gate = {};                // that is held at `amount`
    // The label of the [plasticity.*] table that waits, or of whose number one is set; of a number
    // that [dynamics.*] keep the population.
    std::string rule = {};
    std::string number = {};      // a parameter or a state of `rule`, which is set
    bool is_of_dynamics = false;  // the number
    std::string table = {};  // the one [dynamics.*] table that has it; empty: any of the cells'
    double amount = 0.0;     // a current, or at what it is held or set
    // It is on for `lasts` from `begin` on and again after each `period`, in nanoseconds from the
    // run's beginning; of a period 0 once.
    std::int64_t begin = 0, lasts = for_ever, period = 0;
    std::vector<int> chosen = {};  // cells, of some alone
    double fraction = 1.0;         // of the cells or synapses, which are drawn
    Where where = {};

    bool sets_number_of(const std::string& label, bool of_dynamics) const {
        return !number.empty() && rule == label && is_of_dynamics == of_dynamics;
    }
    // Whether it sets a number that equations inside these cells have in this [dynamics.*] table.
    bool sets_number_in(const std::string& of_cells, const std::string& of_table) const {
        return sets_number_of(of_cells, true) && (table.empty() || table == of_table);
    }
    // The number's address in a model file.
    std::string number_address() const {
        if (!is_of_dynamics) return "plasticity." + rule + '.' + number;
        return (table.empty() ? rule : "dynamics." + table) + '.' + number;
    }
    bool sets_rates() const { return action == Action::set && cells; }
    bool is_of_some() const { return !chosen.empty() || fraction < 1.0; }
    bool is_on(std::int64_t time) const { return time >= begin && time - last_begin(time) < lasts; }
    // When it began last, at or before a time that is not before it.
    std::int64_t last_begin(std::int64_t time) const {
        return period > 0 ? begin + (time - begin) / period * period : begin;
    }
};

}  // namespace apical
