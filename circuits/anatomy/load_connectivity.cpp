#include <fmt/format.h>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"

namespace apical {

namespace {

using Joins = Connectivity::Kind;

struct Generator {
    std::string_view key;
    Joins kind;
};

constexpr Generator generators[] = {{"probability", Joins::probability},
                                    {"in_degree", Joins::in_degree},
                                    {"out_degree", Joins::out_degree},
                                    {"one_to_one", Joins::one_to_one},
                                    {"file", Joins::file}};

class ConnectLoader {
public:
    ConnectLoader(const Circuit& circuit, const SynapseSet& set, const Section& section)
        : post_(circuit[set.post]),
          pre_(circuit[set.pre]),
          same_cells_(set.post == set.pre),
          set_(set),
          section_(section) {}

    Connectivity load() {
        connect_.where = section_.where();
        find_kind();
        if (section_.has("self")) load_self();
        if (connect_.kind == Joins::all && connect_.self) reject_nothing_said();
        load_numbers();
        load_stream();
        load_dataset();
        load_storage();
        check_init();
        return connect_;
    }

private:
    bool says(std::string_view key) const {
        return section_.has(key) && (key != "one_to_one" || section_.boolean(key));
    }

    void find_kind() {
        std::string_view found;
        for (const auto& [key, kind] : generators) {
            if (!says(key)) continue;
            if (!found.empty()) {
                reject(section_.where(key),
                       fmt::format("[{}] has both \"{}\" and \"{}\"; expected one of them",
                                   section_.name(), found, key));
            }
            found = key;
            connect_.kind = kind;
        }
    }

    void load_self() {
        connect_.self = section_.boolean("self");
        if (connect_.self || same_cells_) return;
        reject(
            section_.where("self"),
            fmt::format("[{}] has self = false, but \"{}\" and \"{}\" are different cells, which "
                        "have no autapses",
                        section_.name(), pre_.name, post_.name));
    }

    [[noreturn]] void reject_nothing_said() const {
        std::vector<std::string> known;
        for (const auto& [key, kind] : generators) known.emplace_back(key);
        reject(section_.where(),
               fmt::format("[{}] leaves out no synapse; expected one of {}, or self = false",
                           section_.name(), list_of(known)));
    }

    // `cells` of which as many are chosen from.
    void load_degree(std::string_view key, const Population& cells) {
        connect_.degree = static_cast<int>(section_.integer(key));
        const int most = cells.size - (connect_.self ? 0 : 1);
        if (connect_.degree <= most) return;
        const std::string others = connect_.self ? "" : fmt::format(" ({} without itself)", most);
        reject(section_.where(key), fmt::format("{} = {}, but \"{}\" has {} cells{}", key,
                                                connect_.degree, cells.name, cells.size, others));
    }

    void load_numbers() {
        switch (connect_.kind) {
            case Joins::probability:
                connect_.probability = section_.number("probability");
                return;
            case Joins::in_degree:
                return load_degree("in_degree", pre_);
            case Joins::out_degree:
                return load_degree("out_degree", post_);
            case Joins::one_to_one:
                if (post_.size == pre_.size && connect_.self) return;
                reject(section_.where("one_to_one"),
                       connect_.self
                           ? fmt::format("\"{}\" has {} cells and \"{}\" {}; one to one joins as "
                                         "many",
                                         pre_.name, pre_.size, post_.name, post_.size)
                           : std::string("one to one joins each cell to itself, which self = false "
                                         "forbids"));
            case Joins::all:
            case Joins::file:
                return;
        }
    }

    void load_stream() {
        constexpr std::string_view prefix = "connect/";
        connect_.stream = fmt::format("{}{}", prefix, set_.name);
        if (!section_.has("stream")) return;
        if (!connect_.is_drawn()) {
            reject(section_.where("stream"),
                   fmt::format("[{}] names a stream but draws nothing; expected it beside "
                               "probability, in_degree or out_degree",
                               section_.name()));
        }
        const Text name = section_.text("stream");
        if (!name.text.starts_with(prefix)) {
            reject(name.where, fmt::format("\"{}\" is no stream of synapses; expected one that "
                                           "begins with \"{}\", as \"{}\"",
                                           shortened(name.text), prefix, connect_.stream));
        }
        connect_.stream = name.text;
    }

    void load_dataset() {
        if (connect_.kind == Joins::file) {
            section_.require("dataset", "connectivity from a file");
            connect_.path = section_.text("file").text;
            connect_.dataset = section_.text("dataset").text;
        } else if (section_.has("dataset")) {
            reject(section_.where("dataset"), "\"dataset\" goes with \"file\" alone");
        }
    }

    void load_storage() {
        if (!section_.has("storage")) return;
        const std::string storage = section_.text("storage").text;
        connect_.storage_where = section_.where("storage");
        connect_.storage = storage == "rows"    ? Connectivity::Storage::rows
                           : storage == "dense" ? Connectivity::Storage::dense
                                                : Connectivity::Storage::automatic;
    }

    // A start that is made of all synapses together.
    void check_init() const {
        const Initializer::Kind kind = set_.init.kind;
        const bool orthogonal = kind == Initializer::Kind::orthogonal;
        if (!orthogonal && kind != Initializer::Kind::identity) return;
        reject(set_.init.where,
               fmt::format("[synapses.{}] init = {{ {} = ... }} needs all synapses, but connect "
                           "leaves some out",
                           set_.name, orthogonal ? "orthogonal" : "identity"));
    }

    const Population &post_, &pre_;
    bool same_cells_;
    const SynapseSet& set_;
    const Section& section_;
    Connectivity connect_;
};

}  // namespace

Connectivity load_connectivity(const Circuit& circuit, const SynapseSet& set, Value& value) {
    const Section section(std::get<Table>(value.content), value.where,
                          "synapses." + set.name + ".connect", connect_keys());
    return ConnectLoader(circuit, set, section).load();
}

}  // namespace apical
