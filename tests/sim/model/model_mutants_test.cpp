// Every shipped model with one mistake in it, some twenty thousand times.
#include "tests/sim/model/model_mutants.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <catch2/catch.hpp>
#include <filesystem>
#include <functional>

#include "tests/sim/model/drafted_model.hpp"
#include "tests/this_build.hpp"

namespace apical {

namespace {

// What a mutant comes to: a resolved model, or a message.
struct MutantOutcome {
    std::string path, resolved, message;
    bool bad_model = false;

    // "" or what follows the file: ":14:8: unknown key ...".
    std::string after_path() const {
        return message.starts_with(path) ? message.substr(path.size()) : "";
    }
    bool is_rejected_at_a_place() const {
        int line = 0, column = 0, read = 0;
        const std::string rest = after_path();
        const bool placed = std::sscanf(rest.c_str(), ":%d:%d: %n", &line, &column, &read) == 2;
        return bad_model && placed && read > 0 && line > 0 && column > 0;
    }
    bool is_rejected_at(const std::string& place) const {
        return bad_model && after_path().starts_with(place + ": ");
    }
};

MutantOutcome outcome_of(const Mutant& mutant, const TemporaryFolder& folder) {
    MutantOutcome outcome{folder / "model.toml", "", "", false};
    std::filesystem::remove(outcome.path);
    folder.write("model.toml", mutant.text);
    try {
        outcome.resolved = load_model(outcome.path, {}).resolved;
    } catch (const Error& error) {
        outcome.message = error.what();
        outcome.bad_model = error.code() == ExitCode::bad_model;
    } catch (const std::exception& other) {
        outcome.message = fmt::format("no Error but: {}", other.what());
    }
    return outcome;
}

// What is not as it should be, counted, with the first cases in words.
class Findings {
public:
    void add(const std::string& model, const Mutant& mutant, const MutantOutcome& outcome) {
        constexpr std::size_t most = 20;
        if (++count_ > most) return;
        const std::string said = outcome.message.empty() ? "it was accepted" : outcome.message;
        text_ += fmt::format("{}: {} {}: {}\n", model, mutant.path, mutant.change, said);
    }
    std::size_t count() const { return count_; }
    const std::string& text() const { return text_; }

private:
    std::size_t count_ = 0;
    std::string text_;
};

using Judge = std::function<void(const std::string& model, const Mutant&, const MutantOutcome&)>;

void for_each_mutant(MutantKind mistake, const Judge& judge) {
    const TemporaryFolder folder;
    int met = 0, tried = 0;
    for (const std::string& path : shipped_models()) {
        const std::string name = std::filesystem::path(path).stem().string();
        for (const Mutant& mutant : mutants_of(content_of(path))) {
            if (mutant.mistake != mistake || fewer_if_sanitized(++met) == tried) continue;
            tried = fewer_if_sanitized(met);
            judge(name, mutant, outcome_of(mutant, folder));
        }
    }
}

// Where the value in a table that took a value's place stands: behind "{ x = ".
std::string place_inside(const Mutant& mutant) {
    const std::string table = "{ x = ";
    if (mutant.change.find(table) == std::string::npos) return mutant.place;
    const std::size_t colon = mutant.place.rfind(':');
    const int column = std::stoi(mutant.place.substr(colon + 1)) + static_cast<int>(table.size());
    return mutant.place.substr(0, colon + 1) + std::to_string(column);
}

// All mutants of a kind are rejected where the mistake is; the least number of them.
void check_values(MutantKind mistake, int least) {
    int rejected = 0;
    Findings other;
    for_each_mutant(mistake,
                    [&](const std::string& model, const Mutant& m, const MutantOutcome& o) {
                        if (o.is_rejected_at(m.place) || o.is_rejected_at(place_inside(m))) {
                            ++rejected;
                        } else {
                            other.add(model, m, o);
                        }
                    });
    INFO(rejected << " rejected where they are, " << other.count() << " not:\n" << other.text());
    CHECK(other.count() == 0);
    CHECK(rejected >= fewer_if_sanitized(least));
}

// "Did you mean "x"?": what was meant, the misspelt part of it, or the signal in previous(...).
bool is_right(const std::string& message, const Mutant& mutant) {
    const std::string_view before = "Did you mean \"";
    const std::size_t begin = message.find(before);
    if (begin == std::string::npos) return false;
    const std::string found = message.substr(begin + before.size());
    const std::string suggested = found.substr(0, found.find('"'));
    return suggested == mutant.meant || suggested == mutant.meant_part ||
           fmt::format("previous({})", suggested) == mutant.meant;
}

void check_misspellings(MutantKind mistake, int least) {
    int rejected = 0, right = 0;
    Findings other, wrong;
    for_each_mutant(mistake,
                    [&](const std::string& model, const Mutant& m, const MutantOutcome& o) {
                        if (!o.is_rejected_at(m.place)) return other.add(model, m, o);
                        ++rejected;
                        if (!is_right(o.message, m)) return wrong.add(model, m, o);
                        ++right;
                    });
    INFO(rejected << " rejected where they are, " << right << " of them with the right suggestion, "
                  << other.count() << " not rejected there:\n"
                  << other.text() << "without the right suggestion:\n"
                  << wrong.text());
    CHECK(other.count() == 0);
    CHECK(rejected >= fewer_if_sanitized(least));
    CHECK(100 * right > 95 * rejected);
}

// ---- keys that are left out

const Value* find_path(const Table& root, const std::string& path) {
    const std::size_t dot = path.find('.');
    const Value* value = root.find(path.substr(0, dot));
    if (!value || dot == std::string::npos) return value;
    // The first of a list of tables: the shipped models have no longer ones where a key may lack.
    const auto* list = std::get_if<Array>(&value->content);
    const Value& inner = list ? list->front() : *value;
    const auto* table = std::get_if<Table>(&inner.content);
    return table ? find_path(*table, path.substr(dot + 1)) : nullptr;
}

// What docs/model-file.md and `apical help model` say of a key that the shipped models have, may
// do without, and that has no default of its own.
std::string documented(const Mutant& mutant, const Table& root) {
    const auto& phases = std::get<Array>(root.find("phase")->content);
    const auto phase = [&](std::size_t i) {
        return inline_text(*std::get<Table>(phases[i].content).find("name"));
    };
    const std::string section(mutant.key.section), name(mutant.key.name);
    if (section == "population.*" && name == "during") return phase(1);
    if (section == "plasticity.*" && name == "during") return phase(phases.size() - 1);
    if (section == "record.*" && name == "to") return inline_text(*find_path(root, "run.steps"));
    if (section == "task" && name == "hold") return "2";
    if (section == "synapses.*.back" && name == "from") {
        const std::string to = mutant.path.substr(0, mutant.path.rfind(".back")) + ".to";
        const std::string target = inline_text(*find_path(root, to));
        return target.substr(0, target.find('.')) + '"';
    }
    return "nothing";
}

bool says_default(const Mutant& mutant, const MutantOutcome& outcome) {
    const Table root = parse_toml(outcome.resolved, "resolved");
    const Value* said = find_path(root, mutant.path);
    if (mutant.key.default_value == "-")
        return (said ? inline_text(*said) : "nothing") == documented(mutant, root);
    const Table otherwise = parse_toml(fmt::format("x = {}", mutant.key.default_value), "default");
    return said && inline_text(*said) == inline_text(*otherwise.find("x"));
}

// A key that may be left out, but not where the rest of the shipped model is as it is: cells need
// a size, a dendrite is named elsewhere, a loop needs a delay, an `init` one of its kinds.
bool is_needed_by_others(const Key& key) {
    constexpr std::pair<std::string_view, std::string_view> needed[] = {
        {"", "implements"},
        {"", "gate"},
        {"", "plasticity"},
        {"", "task"},
        {"population.*", "role"},
        {"population.*", "size"},
        {"population.*", "dendrites"},
        {"population.*", "like"},
        {"synapses.*", "during"},
        {"synapses.*", "delay"},
        {"synapses.*.back", "from"},
        {"synapses.*.again", "from"},
        {"synapses.*.again", "delay"},
        {"run", "steps"},
        {"init", "constant"},
        {"init", "normal"},
        {"init", "orthogonal"},
        {"init", "copy"},
        {"init", "activated_normal"},
        {"task", "lags"}};
    return std::any_of(std::begin(needed), std::end(needed), [&](const auto& one) {
        return one.first == key.section && one.second == key.name;
    });
}

bool names_the_key(const Mutant& mutant, const MutantOutcome& outcome) {
    return outcome.message.find(fmt::format("\"{}\"", mutant.key.name)) != std::string::npos;
}

}  // namespace

TEST_CASE("a key that every model needs cannot be left out", "[model][mutants]") {
    int rejected = 0;
    Findings other;
    for_each_mutant(MutantKind::removed,
                    [&](const std::string& model, const Mutant& m, const MutantOutcome& o) {
                        if (!m.key.default_value.empty()) return;
                        if (!o.is_rejected_at_a_place() || !names_the_key(m, o))
                            return other.add(model, m, o);
                        ++rejected;
                    });
    INFO(rejected << " rejected, " << other.count() << " not, or without saying which:\n"
                  << other.text());
    CHECK(other.count() == 0);
    CHECK(rejected >= (is_sanitized ? 100 : 1000));  // every eighth mutant, of all kinds of keys
}

TEST_CASE("a key that is left out has its documented default, unless others need it",
          "[model][mutants]") {
    int accepted = 0, rejected = 0;
    Findings other;
    for_each_mutant(MutantKind::removed, [&](const std::string& model, const Mutant& m,
                                             const MutantOutcome& o) {
        if (m.key.default_value.empty()) return;
        const bool loaded = o.message.empty();
        const bool right =
            loaded ? says_default(m, o) : o.is_rejected_at_a_place() && is_needed_by_others(m.key);
        if (!right) return other.add(model, m, o);
        ++(loaded ? accepted : rejected);
    });
    INFO(accepted << " accepted with the default, " << rejected
                  << " rejected because others need the key, " << other.count() << " neither:\n"
                  << other.text());
    CHECK(other.count() == 0);
    CHECK(accepted >= fewer_if_sanitized(250));
}

TEST_CASE("a misspelt key is rejected where it stands, with the right suggestion",
          "[model][mutants]") {
    check_misspellings(MutantKind::misspelt_key, 5000);
}

TEST_CASE(
    "a misspelt name of something else is rejected where it stands, with the right suggestion",
    "[model][mutants]") {
    check_misspellings(MutantKind::misspelt_reference, 2000);
}

TEST_CASE("a value of a wrong type is rejected where it stands", "[model][mutants]") {
    check_values(MutantKind::wrong_type, 3000);
}

TEST_CASE("a value out of range is rejected where it stands", "[model][mutants]") {
    check_values(MutantKind::out_of_range, 2000);
}

}  // namespace apical
