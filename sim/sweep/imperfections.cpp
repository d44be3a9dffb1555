#include "sim/sweep/imperfections.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

#include "circuits/program/imperfections.hpp"

namespace apical {

namespace {

using Sizes = std::vector<double>;

Override set_to(std::string key, decltype(Value::content) content) {
    Override one;
    one.key = std::move(key);
    one.value = value_of(std::move(content));
    return one;
}

bool is_changed(const Program& program, SlotId slot) {
    return std::any_of(program.operations.begin(), program.operations.end(),
                       [&](const Operation& op) { return op.operands[0].slot == slot; });
}

class Finder {
public:
    explicit Finder(const Model& model) : model_(model), circuit_(model.circuit) {}

    std::vector<Imperfection> all() && {
        add_gates();
        add_holds();
        add_gains();
        add_noises();
        add_strengths();
        add_delays();
        add_absent();
        return std::move(all_);
    }

private:
    template <class Made>
    void add(std::string name, std::string what, Sizes sizes, Made overrides_at) {
        Imperfection one{std::move(name), std::move(what), std::move(sizes), {}};
        for (const double x : one.sizes) one.overrides.push_back(overrides_at(x));
        all_.push_back(std::move(one));
    }

    void add_key(const std::string& key, std::string what, Sizes sizes) {
        add(key, std::move(what), std::move(sizes),
            [&](double x) { return std::vector{set_to(key, x)}; });
    }

    void add_gates() {
        double shortest = 0.0;
        for (const Phase& phase : circuit_.phases) {
            const double ms = in_ms(phase.nanoseconds);
            shortest = shortest == 0.0 ? ms : std::min(shortest, ms);
        }
        for (const Gate& gate : circuit_.gates) {
            const std::string key = "gate." + gate.name + ".";
            add_key(key + "closed", "x of the path is left while the gate is shut",
                    {0.03, 0.1, 0.3, 0.6, 1.0});
            if (gate.is_by_cells()) continue;
            Sizes ms;
            for (const double share : {0.05, 0.1, 0.2, 0.4, 0.8}) ms.push_back(share * shortest);
            add_key(key + "latency_ms", "the gate moves x ms late", ms);
            add_key(key + "tau_ms", "the gate moves with the time constant x ms", ms);
            add_key(key + "failure", "the gate does not move, with probability x",
                    {0.03, 0.1, 0.3, 0.6, 1.0});
        }
    }

    void add_holds() {
        for (const std::string& hold : holds_of(model_.program)) {
            const bool is_previous = hold.starts_with("previous(");
            add(fmt::format("hold.{}", hold),
                is_previous ? "the value of last step has lost the fraction x"
                            : "the fraction x is lost",
                is_previous ? Sizes{0.03, 0.1, 0.2, 0.3, 0.5} : Sizes{0.1, 0.3, 0.5, 0.7, 0.9},
                [&](double x) { return std::vector{hold_that_loses(hold, x)}; });
        }
    }

    // The model's own entry is another spelling of it, where it has one.
    Override hold_that_loses(const std::string& hold, double x) const {
        std::string name = hold;
        if (const Value* own = model_.root.find("hold")) {
            for (const Entry& entry : std::get<Table>(own->content).entries)
                if (spelt_out(entry.key) == hold) name = entry.key;
        }
        return set_to(fmt::format("hold.\"{}\".loses", name), x);
    }

    // "previous(hidden.apical)" is "previous(hidden.apical.v)".
    std::string spelt_out(const std::string& address) const {
        if (model_.program.find(address)) return address;
        const bool is_timed = address.ends_with(')');
        const std::string inner = is_timed ? address.substr(0, address.size() - 1) : address;
        return inner + (is_timed ? ".v)" : ".v");
    }

    // Further uses of a set that alone drive their compartment.
    void add_gains() {
        for (const Entry& entry : tables("synapses")) {
            const Table& set = std::get<Table>(entry.value.content);
            const std::string key = "synapses." + entry.key;
            if (const Value* back = set.find("back"))
                add_gain(key + ".back", std::get<Table>(back->content),
                         [&](double x) { return set_to(key + ".back.gain", x); });
            const Value* again = set.find("again");
            const auto* uses = again ? std::get_if<Array>(&again->content) : nullptr;
            for (std::size_t k = 0; uses && k < uses->size(); ++k) {
                add_gain(key + ".again", std::get<Table>((*uses)[k].content), [&, k](double x) {
                    Array changed = *uses;
                    set_entry(std::get<Table>(changed[k].content), "gain", x);
                    return set_to(key + ".again", std::move(changed));
                });
            }
        }
    }

    static void set_entry(Table& of, const std::string& key, double x) {
        std::erase_if(of.entries, [&](const Entry& one) { return one.key == key; });
        of.entries.push_back(entry(key, x));
    }

    template <class At>
    void add_gain(const std::string& key, const Table& use, At at) {
        const Value* to = use.find("to");
        const std::string target = to ? std::get<std::string>(to->content) : "";
        const auto ends_there = std::count_if(
            circuit_.uses.begin(), circuit_.uses.end(),
            [&](const SynapseUse& one) { return circuit_.target_name(one) == target; });
        if (ends_there != 1) return;
        add(fmt::format("gain.{}", key.substr(key.find('.') + 1)),
            fmt::format("what reaches {} is x times as much", target), {1.05, 1.1, 1.2, 1.5, 2.0},
            [&](double x) { return std::vector{at(x)}; });
    }

    // Rates, in each phase in which the cells fire.
    void add_noises() {
        for (const Population& cells : circuit_.populations) {
            const PopulationId id = circuit_.find_population(cells.name);
            const bool is_given = is_set_from_outside(cells.role) || cells.role == Role::constant;
            if (is_given || cells.spikes || id == judged()) continue;
            for (const PhaseId phase : circuit_.phases_of_firing(id)) {
                const std::string& name = circuit_[phase].name;
                add(fmt::format("noise.{}.{}", cells.name, name),
                    fmt::format("+ x N(0, 1) on each rate of {} in phase {}", cells.name, name),
                    {0.01, 0.03, 0.1, 0.2, 0.3}, [&](double x) {
                        Table noise{{entry("into", cells.name + ".r"), entry("sd", x),
                                     entry("during", name)}};
                        return std::vector{
                            set_to(fmt::format("noise.survive_{}_{}", cells.name, name),
                                   std::move(noise))};
                    });
            }
        }
    }

    // All sets that learn, at once.
    void add_strengths() {
        std::vector<std::string> learn, one_way;
        for (std::size_t k = 0; k < circuit_.synapses.size(); ++k) {
            const SynapseSet& set = circuit_.synapses[k];
            const SlotId strength = model_.program.strength_of(SynapseSetId(k));
            if (!strength || !is_changed(model_.program, strength)) continue;
            if (circuit_[set.pre].role == Role::constant) continue;
            learn.push_back(set.name);
            const bool is_reversed = std::any_of(
                circuit_.uses.begin(), circuit_.uses.end(),
                [&](const SynapseUse& use) { return use.set == SynapseSetId(k) && use.reverse; });
            if (!is_reversed) one_way.push_back(set.name);
        }
        add_to_sets("noise.synapses", "each strength times 1 + x N(0, 1), each time it transmits",
                    {0.03, 0.1, 0.2, 0.3, 0.5}, one_way, "noise");
        add_to_sets("heterogeneity", "each synapse's change times exp(x N(0, 1)), drawn once",
                    {0.1, 0.3, 0.6, 1.0, 1.5}, learn, "heterogeneity");
        add_to_sets("bits.nearest", "strengths of 2^x levels in [-2, 2), rounded to nearest",
                    {18, 16, 14, 12, 10}, learn, "bits");
        add_to_sets("bits.stochastic", "strengths of 2^x levels in [-2, 2), rounded stochastically",
                    {10, 8, 6, 5, 4}, learn, "bits");
    }

    void add_to_sets(const std::string& name, const std::string& what, const Sizes& sizes,
                     const std::vector<std::string>& sets, const std::string& key) {
        if (sets.empty()) return;
        add(name, fmt::format("{} ({})", what, fmt::join(sets, ", ")), sizes, [&](double x) {
            std::vector<Override> all;
            for (const std::string& set : sets) {
                const std::string at = fmt::format("synapses.{}.", set);
                const bool whole = key == "bits";
                all.push_back(whole ? set_to(at + key, static_cast<std::int64_t>(x))
                                    : set_to(at + key, x));
                if (name == "bits.stochastic")
                    all.push_back(set_to(at + "rounding", std::string("stochastic")));
            }
            return all;
        });
    }

    // Cells that compare with the label: those of the role, or that a wire brings the label.
    bool compares(PopulationId cells) const {
        if (circuit_[cells].role == Role::error) return true;
        return std::any_of(circuit_.wires.begin(), circuit_.wires.end(), [&](const Wire& wire) {
            return circuit_[wire.target].population == cells && wire.gain < 0.0;
        });
    }

    void add_delays() {
        for (const SynapseSet& set : circuit_.synapses) {
            const SynapseUse* own = circuit_.own_use(circuit_.find_synapses(set.name));
            if (!own || own->delay > 0 || own->before || !compares(own->source)) continue;
            const std::string key = fmt::format("synapses.{}.delay", set.name);
            add(key, "the error arrives x steps late", {1, 2, 3, 4, 5},
                [&](double x) { return std::vector{set_to(key, static_cast<std::int64_t>(x))}; });
        }
    }

    void add_absent() {
        for (const SynapseSet& set : circuit_.synapses) {
            if (set.pre != set.post) continue;
            add_event(fmt::format("absent.{}", set.name),
                      fmt::format("the fraction x of {}'s synapses is missing", set.name), "lesion",
                      set.name, {0.1, 0.3, 0.5, 0.7, 0.9});
        }
        std::set<PopulationId> recurrent;
        for (const SynapseSet& set : circuit_.synapses)
            if (set.pre == set.post) recurrent.insert(set.pre);
        for (const PopulationId cells : recurrent) {
            add_event(fmt::format("silent.{}", circuit_[cells].name),
                      fmt::format("the fraction x of {} never fires", circuit_[cells].name),
                      "silence", circuit_[cells].name, {0.1, 0.3, 0.5, 0.7, 0.9});
        }
    }

    void add_event(const std::string& name, const std::string& what, const std::string& action,
                   const std::string& of, const Sizes& sizes) {
        add(name, what, sizes, [&](double x) {
            Table event{{entry("at", std::int64_t{1}), entry(action, of), entry("fraction", x)}};
            return std::vector{set_to("event.survive_" + action, std::move(event))};
        });
    }

    PopulationId judged() const { return circuit_.loss ? circuit_.loss->cells : PopulationId{}; }

    std::vector<Entry> tables(std::string_view section) const {
        const Value* value = model_.root.find(section);
        return value ? std::get<Table>(value->content).entries : std::vector<Entry>{};
    }

    const Model& model_;
    const Circuit& circuit_;
    std::vector<Imperfection> all_;
};

bool is_named(const std::string& name, const std::string& asked) {
    return name.starts_with(asked) &&
           (name.size() == asked.size() || name[asked.size()] == '.' || asked.ends_with('.'));
}

}  // namespace

std::vector<Imperfection> imperfections_of(const Model& model) { return Finder(model).all(); }

std::vector<Imperfection> chosen(std::vector<Imperfection> all,
                                 const std::vector<std::string>& names) {
    std::vector<std::string> known;
    for (const Imperfection& one : all) known.push_back(one.name);
    for (const std::string& asked : names) {
        if (std::any_of(known.begin(), known.end(),
                        [&](const std::string& one) { return is_named(one, asked); }))
            continue;
        throw Error(ExitCode::usage,
                    fmt::format("the circuit can have no imperfection \"{}\"; it can have {}.{}",
                                shortened(asked), known.empty() ? "none" : list_of(known),
                                did_you_mean(asked, known)));
    }
    std::erase_if(all, [&](const Imperfection& one) {
        return !names.empty() &&
               std::none_of(names.begin(), names.end(),
                            [&](const std::string& asked) { return is_named(one.name, asked); });
    });
    return all;
}

}  // namespace apical
