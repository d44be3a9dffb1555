#include <fmt/format.h>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"
#include "circuits/anatomy/resolve.hpp"

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
                                    {"all_but_partner", Joins::all_but_partner},
                                    {"blocks", Joins::blocks},
                                    {"radius", Joins::fields},
                                    {"like", Joins::all},
                                    {"reverse_of", Joins::all},
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
        load_likeness();
        if (connect_.kind == Joins::all && connect_.self && connect_.like.empty())
            reject_nothing_said();
        load_numbers();
        check_grids();
        load_stream();
        load_dataset();
        load_storage();
        check_init();
        return connect_;
    }

private:
    bool says(std::string_view key) const {
        const bool is_said = key == "one_to_one" || key == "all_but_partner";
        return section_.has(key) && (!is_said || section_.boolean(key));
    }

    void find_kind() {
        std::string_view found;
        for (const auto& [key, kind] : generators) {
            if (!says(key)) continue;
            // Within receptive fields, synapses may exist with a probability.
            const bool is_thinned = found == "probability" && kind == Joins::fields;
            if (!found.empty() && !is_thinned) {
                reject(section_.where(key),
                       fmt::format("[{}] has both \"{}\" and \"{}\"; expected one of them",
                                   section_.name(), found, key));
            }
            found = key;
            connect_.kind = kind;
        }
    }

    // The other set's connectivity is taken over when all sets are there.
    void load_likeness() {
        for (const char* key : {"like", "reverse_of"}) {
            if (!section_.has(key)) continue;
            connect_.like = section_.text(key).text;
            connect_.where = section_.where(key);
            connect_.reverses = connect_.mirrored = key == std::string_view("reverse_of");
            if (section_.has("self")) {
                reject(
                    section_.where("self"),
                    fmt::format("[{}] has the synapses of \"{}\"; whether cells have autapses is "
                                "said there",
                                section_.name(), connect_.like));
            }
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
                check_partners("one_to_one", "one to one joins as many");
                if (connect_.self) return;
                reject(section_.where("one_to_one"),
                       "one to one joins each cell to itself, which self = false forbids");
            case Joins::all_but_partner:
                return check_partners("all_but_partner", "only as many have partners");
            case Joins::blocks:
                return load_blocks();
            case Joins::fields:
                return load_fields();
            case Joins::all:
            case Joins::file:
                return;
        }
    }

    void check_partners(const char* key, const char* expected) const {
        if (post_.size == pre_.size) return;
        reject(section_.where(key), fmt::format("\"{}\" has {} cells and \"{}\" {}; {}", pre_.name,
                                                pre_.size, post_.name, post_.size, expected));
    }

    void load_blocks() {
        Value& value = section_.value("blocks");
        const Section blocks(std::get<Table>(value.content), value.where,
                             section_.name() + ".blocks", blocks_keys());
        connect_.blocks = static_cast<int>(blocks.integer("count"));
        connect_.probability = blocks.number("within");
        connect_.between = blocks.number("between");
        for (const Population* cells : {&pre_, &post_}) {
            if (cells->size % connect_.blocks == 0) continue;
            reject(blocks.where("count"),
                   fmt::format("the {} cells of \"{}\" are not {} groups of one size; expected a "
                               "count that divides {}",
                               cells->size, cells->name, connect_.blocks, cells->size));
        }
        if (connect_.probability == 0.0 && connect_.between == 0.0)
            reject(blocks.where(), "blocks without synapses within or between them join nothing");
    }

    Connectivity::Grid load_grid(const char* key, const Population& cells) const {
        const std::vector<std::int64_t> sides = section_.integers(key);
        if (sides.size() == 2 && sides[0] * sides[1] == cells.size)
            return {static_cast<int>(sides[0]), static_cast<int>(sides[1])};
        reject(section_.where(key),
               sides.size() == 2
                   ? fmt::format("{} = [{}, {}] has {} places, but \"{}\" has {} cells", key,
                                 sides[0], sides[1], sides[0] * sides[1], cells.name, cells.size)
                   : fmt::format("{} has {} numbers; expected two, [rows, columns]", key,
                                 sides.size()));
    }

    void load_fields() {
        section_.require("grid", "a receptive field");
        connect_.radius = section_.number("radius");
        if (section_.has("probability")) connect_.probability = section_.number("probability");
        connect_.grid = load_grid("grid", post_);
        connect_.from_grid = load_grid(section_.has("from_grid") ? "from_grid" : "grid", pre_);
    }

    void check_grids() const {
        for (const char* key : {"grid", "from_grid"}) {
            if (connect_.kind == Joins::fields || !section_.has(key)) continue;
            reject(section_.where(key), fmt::format("\"{}\" goes with \"radius\" alone", key));
        }
    }

    void load_stream() {
        constexpr std::string_view prefix = "connect/";
        connect_.stream = fmt::format("{}{}", prefix, set_.name);
        if (!section_.has("stream")) return;
        if (!connect_.is_drawn()) {
            reject(section_.where("stream"),
                   fmt::format("[{}] names a stream but draws nothing; expected it beside "
                               "probability, in_degree, out_degree or blocks",
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

// Gives a set the synapses of the one that its `like` or `reverse_of` names, which may itself be
// like another one.
class LikenessResolver {
public:
    explicit LikenessResolver(Circuit& circuit)
        : circuit_(circuit), states_(circuit.synapses.size(), State::open) {}

    void resolve(std::size_t set) {
        std::optional<Connectivity>& own = circuit_.synapses[set].connect;
        if (!own || own->like.empty() || states_[set] == State::done) return;
        const SynapseSetId id = resolve_synapses(circuit_, {own->like, own->where});
        if (states_[set] == State::under_way || id.value == set) reject_circle(set);
        states_[set] = State::under_way;
        resolve(id.value);
        check(circuit_.synapses[set], circuit_[id]);
        Connectivity taken = *circuit_[id].connect;
        taken.mirrored = taken.mirrored != own->mirrored;
        taken.like = own->like;
        taken.reverses = own->reverses;
        taken.storage = own->storage;
        taken.storage_where = own->storage_where;
        taken.where = own->where;
        *own = taken;
        states_[set] = State::done;
    }

private:
    enum class State : std::uint8_t { open, under_way, done };

    [[noreturn]] void reject_circle(std::size_t set) const {
        const SynapseSet& is = circuit_.synapses[set];
        reject(is.connect->where,
               fmt::format("which synapses of \"{}\" exist is said nowhere: it is like \"{}\", "
                           "which leads back to it; expected one that says it by itself",
                           is.name, is.connect->like));
    }

    void check(const SynapseSet& set, const SynapseSet& other) const {
        const Where& where = set.connect->where;
        const int posts = circuit_[set.post].size, pres = circuit_[set.pre].size;
        int other_posts = circuit_[other.post].size, other_pres = circuit_[other.pre].size;
        if (set.connect->mirrored) std::swap(other_posts, other_pres);
        const char* relation = set.connect->mirrored ? "the reverse of" : "like";
        if (posts != other_posts || pres != other_pres) {
            reject(where,
                   fmt::format("\"{}\" is {} \"{}\", which joins other sizes; expected a "
                               "set from {} to {} cells",
                               set.name, relation, other.name, set.connect->mirrored ? posts : pres,
                               set.connect->mirrored ? pres : posts));
        }
        if (other.connect) return;
        reject(where, fmt::format("\"{}\" is {} \"{}\", which leaves out no synapse; expected a "
                                  "set with \"connect\"",
                                  set.name, relation, other.name));
    }

    Circuit& circuit_;
    std::vector<State> states_;
};

}  // namespace

void resolve_likenesses(Circuit& circuit) {
    LikenessResolver resolver(circuit);
    Mistakes mistakes;
    for (std::size_t set = 0; set < circuit.synapses.size(); ++set)
        mistakes.attempt([&] { resolver.resolve(set); });
    mistakes.reject_any();
}

Connectivity load_connectivity(const Circuit& circuit, const SynapseSet& set, Value& value) {
    const Section section(std::get<Table>(value.content), value.where,
                          "synapses." + set.name + ".connect", connect_keys());
    return ConnectLoader(circuit, set, section).load();
}

}  // namespace apical
