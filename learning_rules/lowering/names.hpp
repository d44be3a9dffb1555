#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "circuits/equations/units.hpp"
#include "learning_rules/text_rule.hpp"

namespace apical {

// Names at synapses that a run file or a diagnosis has for its own: no number of a rule there can
// be called so, whether declared or made by a statement.
inline constexpr std::string_view names_of_synapses[] = {
    "strength", "change",  "gradient",  "influence", "momentum",
    "square",   "pending", "alignment", "exact",     "window"};
bool is_name_of_synapses(std::string_view name);

// "apical.conductance" or "apical.drive", of a branch or a soma that conductances lead.
bool is_name_of_branch(std::string_view name);

// What a name of a rule's equations stands for. Inside cells names begin with no "post.".
enum class Source : std::uint8_t {
    strength,     // "w"
    carried,      // "pre.r": what the set carries in its own use
    rate,         // "post.r"; "post.apical.r": what the cells fire while that dendrite drives them
    voltage,      // "post.soma.v"; "post.here.v": where the set's own use ends
    alpha,        // "post.alpha"
    slope,        // "post.slope": of the activation at the soma, or of cells that spike
    adaptation,   // "post.adaptation": by which a cell's threshold rises, the strength
    share,        // "post.here.share": g / (leak + sum of all g) of a coupled dendrite
    conductance,  // "post.apical.conductance": by which a branch, or a soma, is led
    drive,        // "post.apical.drive": where that leads it
    step,         // "step_ms"
    loss,         // "loss"
    parameter,    // a constant that the binding gives
    signal,       // what the binding names
    state,        // kept from step to step
    made,         // the result of a statement before
};

struct Meaning {
    Source source{};
    Place place = Place::number;
    double unit = 0.0;             // a power of ms
    bool of_pre = false;           // true: "pre.soma.v", "pre.alpha"
    std::string compartment = {};  // "soma", "here"; empty: none is named
    bool is_mistaken = false;      // made by a statement with a mistake: nothing else is known
};

// The names that a rule may read at one of its statements, before it is known in which circuit.
class Names {
public:
    explicit Names(const TextRule& rule) : rule_(rule) {}  // the rule must outlive this

    // Nothing when no name of the circuit, of the rule or of a statement so far is spelt so.
    std::optional<Meaning> find(std::string_view name) const;
    // The names that `find` finds, but those of compartments, which only a circuit knows.
    std::vector<std::string> known() const;
    // Declares a name that a statement has made. A name that is known stays what it was.
    void make(std::string name, Place place, double unit);
    // Declares a name that a statement with a mistake has made, so that no mistake follows from it.
    void make_mistaken(std::string name);

private:
    struct Made {
        std::string name;
        Meaning meaning;
    };
    const TextRule& rule_;
    std::vector<Made> made_;
};

}  // namespace apical
