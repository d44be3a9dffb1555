#include "sim/engine/initialize.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cassert>
#include <cmath>
#include <vector>

#include "circuits/program/activation_formula.hpp"
#include "circuits/program/formula_value.hpp"
#include "circuits/program/quantity_path.hpp"
#include "sim/engine/initial_dataset.hpp"
#include "sim/engine/initial_strengths.hpp"
#include "sim/engine/interventions.hpp"
#include "sim/engine/places.hpp"
#include "sim/numbers/orthogonal.hpp"
#include "sim/numbers/random.hpp"

namespace apical {

namespace {

using Entries = std::vector<double>;  // row-major; of a set stored by rows those of its synapses

// The target of an initialiser: a set's strengths, or a population's rates as a single column.
struct Target {
    std::string name;  // "W_rec", "hidden.r"
    int post = 0, pre = 1;
    Activation activation = Activation::linear;
    Formula written = {};                 // the activation, of one that is written
    Fans fans = {};                       // of a set's strengths
    const SynapseSet* set = nullptr;      // of which some synapses may be missing
    const SynapseRows* places = nullptr;  // that entries are wanted of; null: of all pairs
};

double activated(const Target& target, double x) {
    switch (target.activation) {
        case Activation::tanh:
            return std::tanh(x);
        case Activation::rectified:
            return std::max(x, 0.0);
        case Activation::logistic:
            return 1.0 / (1.0 + std::exp(-x));
        case Activation::linear:
            return x;
        case Activation::written:
            return value_of(target.written, x);
        case Activation::softmax:
            break;
    }
    assert(!"softmax belongs to a population, not to a cell");
    return x;
}

template <class Entry>
Entries filled(const Target& target, Entry entry) {
    if (target.places) {
        Entries numbers(target.places->count());
        const auto columns = static_cast<std::size_t>(target.pre);
        for_each_synapse(*target.places, [&](std::size_t i, std::size_t j, std::size_t k) {
            numbers[k] = entry(i * columns + j);
        });
        return numbers;
    }
    Entries numbers(static_cast<std::size_t>(target.post) * static_cast<std::size_t>(target.pre));
    for (std::size_t k = 0; k < numbers.size(); ++k) numbers[k] = entry(k);
    return numbers;
}

// Entry (i, j) is made from draw k = i pre + j, so that it does not depend on storage.
Entries drawn(const Initializer& init, const Target& target, const Stream& stream) {
    const auto value = [&](const Scale& s) {
        return s.value(target.post, target.pre, target.fans);
    };
    const double scale = value(init.scale), low = value(init.low), high = value(init.high);
    const auto columns = static_cast<std::size_t>(target.pre);
    switch (init.kind) {
        case Initializer::Kind::constant:
            return filled(target, [&](std::size_t k) {
                const bool is_other =
                    init.end_cell >= 0 && (k < static_cast<std::size_t>(init.first_cell) ||
                                           k >= static_cast<std::size_t>(init.end_cell));
                return is_other ? 0.0 : scale;
            });
        case Initializer::Kind::normal:
            return filled(target, [&](std::size_t k) { return scale * stream.normal(0, k); });
        case Initializer::Kind::half_normal:
            return filled(target,
                          [&](std::size_t k) { return scale * std::abs(stream.normal(0, k)); });
        case Initializer::Kind::lognormal:
            return filled(target, [&](std::size_t k) {
                return scale * std::exp(init.sigma * stream.normal(0, k));
            });
        case Initializer::Kind::activated_normal:
            return filled(target, [&](std::size_t k) {
                return activated(target, scale * stream.normal(0, k));
            });
        case Initializer::Kind::uniform:
            return filled(target,
                          [&](std::size_t k) { return low + (high - low) * stream.uniform(0, k); });
        case Initializer::Kind::identity:
            return filled(target,
                          [&](std::size_t k) { return k / columns == k % columns ? scale : 0.0; });
        case Initializer::Kind::orthogonal: {
            const Entries q = orthogonal(target.post, target.pre, stream);
            return filled(target, [&](std::size_t k) { return scale * q[k]; });
        }
        case Initializer::Kind::copy:
        case Initializer::Kind::file:
        case Initializer::Kind::connected:
            break;
    }
    assert(!"a copy, a file or places draw nothing");
    return {};
}

// For a set stored by rows the dataset has a number for each synapse, or for each pair of cells.
InitialDataset from_file(const Initializer& stated, const Target& target,
                         const DataFolder& directory) {
    Initializer init = stated;
    if (init.is_of_run && init.dataset.empty())
        init.dataset = quantity_path::of_synapses(target.name, quantity_path::strength);
    const std::string what = '"' + target.name + '"';
    const std::size_t synapses = target.places ? target.places->count() : 0;
    InitialDataset data = initial_dataset(init, target.post, target.pre, what, directory, synapses);
    if (target.places && !data.by_synapse) {
        const Entries all = std::move(data.entries);
        data.entries = filled(target, [&](std::size_t k) { return all[k]; });
    }
    return data;
}

std::string stream_name(const Target& target) { return "init/" + target.name; }

Target target_of(const Circuit& circuit, const SynapseSet& set) {
    const int post = circuit[set.post].size, pre = circuit[set.pre].size;
    return {set.name,
            post,
            pre,
            Activation::linear,
            {},
            expected_fans(set.connect, post, pre),
            set.connect ? &set : nullptr};
}

// Less the mean over the synapses that a cell has, by rows or as a matrix; where none is, 0 stays.
void balance(Entries& entries, const Target& target, const SynapseRows* places) {
    std::vector<double> sums(static_cast<std::size_t>(target.post)), counts(sums.size());
    const auto columns = static_cast<std::size_t>(target.pre);
    const auto visit = [&](auto each) {
        if (places) {
            for_each_synapse(*places, [&](std::size_t i, std::size_t j, std::size_t k) {
                each(i, target.places ? k : i * columns + j);
            });
        } else {
            for (std::size_t k = 0; k < entries.size(); ++k) each(k / columns, k);
        }
    };
    visit([&](std::size_t i, std::size_t k) {
        sums[i] += entries[k];
        ++counts[i];
    });
    visit([&](std::size_t i, std::size_t k) { entries[k] -= sums[i] / counts[i]; });
}

// What something begins with, and the datasets that it was read from.
struct Beginning {
    Entries entries;
    std::vector<DataSource> read = {};
};

// A set is 0 where it has no synapse.
Beginning beginning_of(const Circuit& circuit, const Initializer& init, Target target,
                       std::uint32_t seed, const DataFolder& directory) {
    Beginning begins;
    Places places;
    // What was drawn is drawn once; what was read is read again, for its fingerprint.
    const bool is_known =
        target.places && target.set && target.set->connect->kind != Connectivity::Kind::file;
    if (target.set && !is_known) {
        places = places_of(circuit, *target.set, seed, directory);
        target.fans = fans_of(circuit, *target.set, places);
        if (places.read) begins.read.push_back(*places.read);
    }
    if (init.kind == Initializer::Kind::connected) {
        begins.entries = left_out(filled(target, [](std::size_t) { return 1.0; }), places.rows);
        return begins;
    }
    if (init.kind == Initializer::Kind::file) {
        InitialDataset data = from_file(init, target, directory);
        begins.entries = std::move(data.entries);
        begins.read.push_back(std::move(data.source));
    } else {
        begins.entries = drawn(init, target, Stream(seed, stream_name(target)));
    }
    if (target.set && !target.places) begins.entries = left_out(begins.entries, places.rows);
    if (init.balanced) {
        const SynapseRows* rows = target.places ? target.places
                                  : target.set  ? &places.rows
                                                : nullptr;
        balance(begins.entries, target, rows);
    }
    return begins;
}

const SynapseSet& copied(const Circuit& circuit, const SynapseSet& set) {
    const SynapseSetId id = circuit.find_synapses(set.init.copy_of);
    assert(id);
    const Target to = target_of(circuit, set), from = target_of(circuit, circuit[id]);
    if (to.post != from.post || to.pre != from.pre) {
        reject(set.init.where,
               fmt::format("synapses \"{}\" ({} x {}) cannot start as a copy of \"{}\" ({} x {})",
                           to.name, to.post, to.pre, from.name, from.post, from.pre));
    }
    return circuit[id];
}

}  // namespace

const SynapseSet& origin_of(const Circuit& circuit, const SynapseSet& set) {
    std::vector<std::string> chain{set.name};
    const SynapseSet* source = &set;
    while (source->init.kind == Initializer::Kind::copy) {
        source = &copied(circuit, *source);
        const bool circular = std::find(chain.begin(), chain.end(), source->name) != chain.end();
        chain.push_back(source->name);
        if (circular) {
            reject(set.init.where, fmt::format("synapses that copy each other in a circle: {}",
                                               fmt::join(chain, " <- ")));
        }
    }
    return *source;
}

std::vector<double> initial_strengths(const Circuit& circuit, const SynapseSet& set,
                                      std::uint32_t seed, const DataFolder& directory) {
    const SynapseSet& source = origin_of(circuit, set);
    return beginning_of(circuit, source.init, target_of(circuit, source), seed, directory).entries;
}

namespace {

// Each visits what begins with something: its initialiser, whose stream and size it has (those of
// the original for a copy), and its slot.
template <class Visit>
void for_each_strength(const Program& program, const Circuit& circuit, Visit visit) {
    for (std::size_t i = 0; i < circuit.synapses.size(); ++i) {
        const SynapseSet& source = origin_of(circuit, circuit.synapses[i]);
        const SlotId slot = program.strength_of(SynapseSetId(i));
        if (!slot) continue;
        Target target = target_of(circuit, source);
        target.places = program[slot].places;
        visit(source.init, target, slot);
    }
}

// What is kept, but for rates at rest, which begin as their populations do.
template <class Visit>
void for_each_kept(const Program& program, const Circuit& circuit, Visit visit) {
    for (std::size_t i = 0; i < program.slots.size(); ++i) {
        const Slot& slot = program.slots[i];
        const Initializer& init = slot.init;
        const bool zero = init.kind == Initializer::Kind::constant && init.scale.factor == 0.0;
        if (!slot.kept || zero) continue;  // a state is zero at the start
        const bool is_rest = slot.what == What::at_rest;
        const Slot& origin = is_rest ? program[slot.of] : slot;
        if (is_rest && origin.what == What::rate) continue;
        Target target{origin.name, slot.rows, slot.columns};
        target.fans = {static_cast<double>(slot.columns), static_cast<double>(slot.rows)};
        if (slot.synapses) {
            const SynapseSet& set = circuit[slot.synapses];
            target.fans = expected_fans(set.connect, slot.rows, slot.columns);
            target.places = slot.places;
            if (init.kind == Initializer::Kind::connected) target.set = &set;
        }
        visit(init, target, SlotId(i));
    }
}

template <class Visit>
void for_each_rate(const Program& program, const Circuit& circuit, Visit visit) {
    Initializer one;
    one.scale.factor = 1.0;
    for (std::size_t i = 0; i < circuit.populations.size(); ++i) {
        const SlotId slot = program.rate_of(PopulationId(i));
        if (!slot) continue;
        const Population& population = circuit.populations[i];
        const PopulationId copied = circuit.find_population(population.initial_rate.copy_of);
        const Population& source = copied ? circuit[copied] : population;
        Target rate{rate_address(source.name), source.size, 1, source.activation};
        if (const WrittenActivation* phi = circuit.written(source))
            rate.written = formulas_of(*phi).value;
        visit(population.role == Role::constant ? one : source.initial_rate, rate, slot);
        if (const SlotId rest = program.at_rest_of(slot)) visit(source.initial_rate, rate, rest);
    }
}

template <class Visit>
void for_each_beginning(const Program& program, const Circuit& circuit, Visit visit) {
    for_each_strength(program, circuit, visit);
    for_each_kept(program, circuit, visit);
    for_each_rate(program, circuit, visit);
}

bool is_file(const Initializer& init) { return init.kind == Initializer::Kind::file; }

}  // namespace

std::vector<DataSource> initialize(State& state, const Circuit& circuit, std::uint32_t seed,
                                   const DataFolder& directory) {
    std::vector<DataSource> read;
    for_each_beginning(
        state.program(), circuit, [&](const Initializer& init, const Target& target, SlotId slot) {
            const Beginning begins = beginning_of(circuit, init, target, seed, directory);
            if (state.program()[slot].places)
                std::copy(begins.entries.begin(), begins.entries.end(), state.data(slot));
            else
                state.write(slot, begins.entries.data());
            read.insert(read.end(), begins.read.begin(), begins.read.end());
        });
    choose_cells(state, circuit, seed);
    return read;
}

std::vector<DataSource> initial_data(const Program& program, const Circuit& circuit,
                                     const DataFolder& directory) {
    std::vector<DataSource> read;
    for_each_beginning(program, circuit,
                       [&](const Initializer& init, const Target& target, SlotId) {
                           const bool places_read =
                               target.set && target.set->connect->kind == Connectivity::Kind::file;
                           if (places_read)  // no number of it depends on the seed
                               read.push_back(*places_of(circuit, *target.set, 0, directory).read);
                           if (is_file(init))
                               read.push_back(from_file(init, target, directory).source);
                       });
    return read;
}

std::vector<NamedStream> initial_streams(const Program& program, const Circuit& circuit) {
    std::vector<NamedStream> streams;
    for_each_beginning(
        program, circuit, [&](const Initializer& init, const Target& target, SlotId slot) {
            const Where& where = init.where.line > 0 ? init.where : program[slot].where;
            if (init.is_drawn()) streams.push_back({stream_name(target), where});
            if (target.set && target.set->connect->is_drawn())
                streams.push_back({target.set->connect->stream, target.set->connect->where});
        });
    return streams;
}

void check_initial_values(const Program& program, const Circuit& circuit,
                          const DataFolder& directory) {
    initial_data(program, circuit, directory);
}

}  // namespace apical
