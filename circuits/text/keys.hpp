#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "circuits/text/value.hpp"

namespace apical {

enum class Type : std::uint8_t {
    text,
    texts,      // a text, or a list of texts
    text_list,  // a list of texts
    integer,
    integer_list,
    integer_by_name,  // a whole number, or a table of them by name
    range,            // "FIRST:LAST", or a list of whole numbers
    number,
    number_pair,      // a list of two numbers
    number_or_table,  // a number, or a section of its own
    boolean,
    shares,       // a text, or a list of numbers
    scale,        // a number, or "K/sqrt(pre)" or "K/sqrt(post)"
    scale_range,  // a scale s for [-s, s], or a list of two
    scale_pair,   // a list of two scales
    numbers,      // a table of numbers by name; with choices, one may be such a text; with inner,
                  // one may be such a section
    table,        // a section of its own
    tables,       // a list of such sections
};

// One key of the model file: what validates it, what `apical help model` prints, what the schema
// says. Whoever reads a section has the table of its keys; sim/model/model_keys.hpp joins them.
struct Key {
    std::string_view section;  // "population.*", "plasticity.*", "task", "" for the root
    std::string_view name;
    Type type;
    std::string_view default_value = {};  // TOML syntax; empty: required, "-": may be left out
    double minimum = -std::numeric_limits<double>::infinity();
    double maximum = std::numeric_limits<double>::infinity();
    bool above_minimum = false;  // the minimum itself is out of range
    std::string_view unit = {};
    std::string_view choices = {};  // "tanh|linear", for a text, or in place of a number
    std::string_view names = {};    // what its texts name: "phase", "population", "compartment",
                                    // "synapses" or "activation" of the same model; with choices,
                                    // one of these or such a name
    std::string_view inner = {};    // of a table: the section that it is, "run", or "gate.*" of one
                                    // that holds such sections by name
    std::string_view description = {};
};

inline constexpr double no_limit = std::numeric_limits<double>::infinity();

// The longest run, for keys that count its steps.
inline constexpr double most_steps = 1e15;

// "a whole number from 1 to 64", "a text, one of tanh, linear": what a key takes, for messages and
// help.
std::string expectation(const Key& key);

// A text with its place, for messages about what it names.
struct Text {
    std::string text;
    Where where;
};

// What is wrong with a table that is held against its keys: unknown keys, values that do not fit,
// in the order of the table, then what is missing. `name` is its path, "population.hidden".
std::vector<Mistake> mistakes_in(const Table& table, const Where& where, const std::string& name,
                                 std::span<const Key> keys);

// A table of the model file held against its keys. Construction throws Error{bad_model} for an
// unknown key, a missing one, a wrong type, a value out of range, and writes the defaults into the
// table, so that the resolved model states them. The table must outlive the section.
class Section {
public:
    Section(Table& table, Where where, std::string name, std::span<const Key> keys);

    const std::string& name() const { return name_; }  // "population.hidden"
    const Where& where() const { return where_; }
    bool has(std::string_view key) const;
    // Whether the model says it: a default that was written here stands where the section does.
    bool is_stated(std::string_view key) const;
    // Throws unless the key has a value: "task "add" needs the key "lags"".
    void require(std::string_view key, std::string_view who) const;
    Where where(std::string_view key) const;  // of the value; of the section when the key is absent

    // The key must be in the section's table of keys and have a value.
    Text text(std::string_view key) const;
    std::vector<Text> texts(std::string_view key) const;  // also of a single text
    std::int64_t integer(std::string_view key) const;
    std::vector<std::int64_t> integers(std::string_view key) const;
    double number(std::string_view key) const;
    std::pair<double, double> number_pair(std::string_view key) const;
    std::vector<double> numbers(std::string_view key) const;  // of a list of them
    bool boolean(std::string_view key) const;
    Value& value(std::string_view key) const;
    // Writes what was deduced into the table, so that the resolved model states it.
    void set(std::string_view key, decltype(Value::content) content) const;
    // Takes a key out again, that the resolved model must not state.
    void erase(std::string_view key) const;

private:
    Table* table_;
    Where where_;
    std::string name_;
};

}  // namespace apical
