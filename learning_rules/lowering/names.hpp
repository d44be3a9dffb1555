#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "learning_rules/text_rule.hpp"

namespace apical {

// What a name of a rule's equations stands for.
enum class Source : std::uint8_t {
    strength,   // "w"
    carried,    // "pre.r": what the set carries in its own use
    rate,       // "post.r"; "post.apical.r": what the cells fire while that dendrite drives them
    voltage,    // "post.soma.v"; "post.here.v": where the set's own use ends
    alpha,      // "post.alpha"
    step,       // "step_ms"
    loss,       // "loss"
    parameter,  // a constant that the binding gives
    signal,     // what the binding names
    state,      // kept from step to step
    made,       // by a statement before
};

struct Meaning {
    Source source{};
    Place place = Place::number;
    double unit = 0.0;             // a power of ms
    bool of_pre = false;           // of "pre.soma.v", "pre.alpha"
    std::string compartment = {};  // "soma", "here"; empty: none is named
    bool is_mistaken = false;      // made of what was a mistake: nothing else is known
};

// The names that a rule may read at one of its statements, before it is known in which circuit.
class Names {
public:
    explicit Names(const TextRule& rule) : rule_(rule) {}  // which must outlive this

    std::optional<Meaning> find(std::string_view name) const;
    // All of them but compartments, which only a circuit knows.
    std::vector<std::string> known() const;
    // A name that a statement has made. A second one of the name is not made.
    void make(std::string name, Place place, double unit);
    // Likewise, of a statement with a mistake.
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
