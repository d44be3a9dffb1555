#include <fmt/format.h>

#include <charconv>
#include <cmath>

#include "circuits/anatomy/circuit_keys.hpp"
#include "circuits/anatomy/load_circuit.hpp"

namespace apical {

namespace {

struct KindName {
    std::string_view key;
    Initializer::Kind kind;
    bool of_synapses, of_rates;
};

constexpr KindName kinds[] = {
    {"constant", Initializer::Kind::constant, true, true},
    {"normal", Initializer::Kind::normal, true, true},
    {"half_normal", Initializer::Kind::half_normal, true, true},
    {"lognormal", Initializer::Kind::lognormal, true, true},
    {"uniform", Initializer::Kind::uniform, true, true},
    {"orthogonal", Initializer::Kind::orthogonal, true, false},
    {"identity", Initializer::Kind::identity, true, false},
    {"copy", Initializer::Kind::copy, true, true},
    {"activated_normal", Initializer::Kind::activated_normal, false, true},
    {"file", Initializer::Kind::file, true, true},
    {"run", Initializer::Kind::file, true, false},
};

// "K/sqrt(pre)", also of post, fan_in and fan_out.
bool parse_relative(std::string_view text, Scale& scale) {
    const char* end = text.data() + text.size();
    const auto [rest, failure] = std::from_chars(text.data(), end, scale.factor);
    if (failure != std::errc() || !std::isfinite(scale.factor)) return false;
    const std::string_view relative(rest, static_cast<std::size_t>(end - rest));
    using enum Scale::Relative;
    for (const Scale::Relative one : {pre, post, fan_in, fan_out})
        if (relative == fmt::format("/sqrt({})", divisor_of(one))) scale.relative = one;
    return scale.relative != Scale::Relative::none;
}

Scale load_scale(const Value& value, bool of_synapses) {
    Scale scale;
    if (const auto* integer = std::get_if<std::int64_t>(&value.content)) {
        scale.factor = static_cast<double>(*integer);
    } else if (const auto* number = std::get_if<double>(&value.content)) {
        scale.factor = *number;
    } else if (!of_synapses || !parse_relative(std::get<std::string>(value.content), scale)) {
        reject(value.where,
               fmt::format("{} is no scale; expected a number{}", describe(value),
                           of_synapses ? ", \"K/sqrt(pre)\" or \"K/sqrt(post)\", or over "
                                         "sqrt(fan_in) or sqrt(fan_out)"
                                       : ""));
    }
    return scale;
}

void load_range(const Value& value, Initializer& init, bool of_synapses) {
    if (const auto* two = std::get_if<Array>(&value.content)) {
        init.low = load_scale((*two)[0], of_synapses);
        init.high = load_scale((*two)[1], of_synapses);
    } else {
        init.high = init.low = load_scale(value, of_synapses);
        init.low.factor = -init.low.factor;
    }
}

void load_lognormal(const Value& value, Initializer& init, bool of_synapses) {
    constexpr double largest_sigma = 10.0;  // beyond it draws are too large for a double
    const Array& two = std::get<Array>(value.content);
    init.scale = load_scale(two[0], of_synapses);
    const Scale sigma = load_scale(two[1], of_synapses);
    init.sigma = sigma.factor;
    const bool number = sigma.relative == Scale::Relative::none;
    if (number && init.sigma >= 0.0 && init.sigma <= largest_sigma) return;
    reject(two[1].where,
           fmt::format("sigma is {}; expected [median, sigma] with a number from 0 "
                       "to {} for sigma, as in lognormal = [0.1, 0.5]",
                       number ? fmt::format("{}", init.sigma) : describe(two[1]), largest_sigma));
}

// Takes a row of what a run has recorded: of a set's own strengths when no dataset is named.
void load_row_of_run(const Section& section, Initializer& init) {
    init.is_of_run = true;
    init.path = section.text("run").text;
    if (section.has("dataset")) init.dataset = section.text("dataset").text;
    if (!section.has("at")) return;
    const auto* step = std::get_if<std::int64_t>(&section.value("at").content);
    if (step) init.step = *step;
}

void load_file(const Section& section, Initializer& init) {
    if (section.has("run")) return load_row_of_run(section, init);
    section.require("dataset", "an initial value from a file");
    init.path = section.text("file").text;
    init.dataset = section.text("dataset").text;
    init.transpose = section.has("transpose") && section.boolean("transpose");
    if (!section.has("columns")) return;
    const std::vector<std::int64_t> columns = section.integers("columns");
    if (columns.size() != 2 || columns[0] >= columns[1]) {
        reject(section.where("columns"),
               "columns are the first and the one after the last, as in [0, 32]");
    }
    init.first_column = static_cast<int>(columns[0]);
    init.end_column = static_cast<int>(columns[1]);
}

// Draws without a mean alone: others would leave the side of 0 or the range that they state.
void load_balance(const Section& section, bool of_synapses, Initializer& init) {
    if (!section.has("balanced")) return;
    init.balanced = section.boolean("balanced");
    const bool fits =
        init.kind == Initializer::Kind::normal || init.kind == Initializer::Kind::orthogonal;
    if (of_synapses && fits) return;
    reject(section.where("balanced"),
           fmt::format("\"balanced\" goes with normal and orthogonal alone, of synapses; [{}] has "
                       "neither",
                       section.name()));
}

const KindName& find_kind(const Section& section, bool of_synapses) {
    const KindName* found = nullptr;
    std::vector<std::string> possible;
    for (const KindName& kind : kinds) {
        if (!(of_synapses ? kind.of_synapses : kind.of_rates)) continue;
        possible.emplace_back(kind.key);
        if (!section.has(kind.key)) continue;
        if (found) {
            reject(section.where(kind.key),
                   fmt::format("[{}] has both \"{}\" and \"{}\"; expected one of {}",
                               section.name(), found->key, kind.key, list_of(possible)));
        }
        found = &kind;
    }
    if (!found) {
        reject(section.where(),
               fmt::format("[{}] says no initial value that {} can have; expected one of {}",
                           section.name(), of_synapses ? "synapses" : "rates", list_of(possible)));
    }
    return *found;
}

}  // namespace

Initializer load_initializer(Value& value, const std::string& name, bool of_synapses) {
    const Section section(std::get<Table>(value.content), value.where, name, initializer_keys());
    const KindName& kind = find_kind(section, of_synapses);
    Initializer init;
    init.kind = kind.kind;
    init.where = section.where(kind.key);
    for (const std::string_view only : {"dataset", "columns", "transpose"}) {
        const bool is_dataset = section.has("run") && only == "dataset";
        if (section.has(only) && !section.has("file") && !is_dataset) {
            reject(section.where(only), fmt::format("\"{}\" goes with \"file\" alone", only));
        }
    }
    if (section.has("at") && !section.has("run"))
        reject(section.where("at"), "\"at\" goes with \"run\" alone");
    load_balance(section, of_synapses, init);
    switch (init.kind) {
        case Initializer::Kind::uniform:
            load_range(section.value("uniform"), init, of_synapses);
            break;
        case Initializer::Kind::lognormal:
            load_lognormal(section.value("lognormal"), init, of_synapses);
            break;
        case Initializer::Kind::copy:
            init.copy_of = section.text("copy").text;
            break;
        case Initializer::Kind::file:
            load_file(section, init);
            break;
        case Initializer::Kind::constant:
        case Initializer::Kind::normal:
        case Initializer::Kind::half_normal:
        case Initializer::Kind::orthogonal:
        case Initializer::Kind::identity:
        case Initializer::Kind::activated_normal:
            init.scale = load_scale(section.value(kind.key), of_synapses);
            break;
        case Initializer::Kind::connected:  // of no key
            break;
    }
    return init;
}

}  // namespace apical
