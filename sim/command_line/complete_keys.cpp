#include "sim/command_line/complete_keys.hpp"

#include <algorithm>
#include <optional>

#include "circuits/text/value.hpp"
#include "sim/command_line/command_line.hpp"
#include "sim/command_line/reading_process.hpp"
#include "sim/model/model.hpp"
#include "sim/model/model_keys.hpp"
#include "sim/model/model_source.hpp"

namespace apical {

namespace {

// The model as its tables, and the rules that it knows.
struct Named {
    Model model;
    Table tables;
};

std::optional<Named> load_quietly(const std::string& name) {
    if (name.empty()) return std::nullopt;
    try {
        Named named;
        named.model = load_model(ModelSource(named_model(name), in_child_process()));
        named.tables = parse_toml(named.model.resolved, "resolved");
        return named;
    } catch (const Error&) {
        return std::nullopt;
    }
}

// Goes down a dotted path of keys: through sections, and through the names of such sections.
class Path {
public:
    explicit Path(const Table* tables) : table_(tables) {}

    // Whether there is such a key.
    bool enter(const std::string& word) {
        const Value* value = table_ ? table_->find(word) : nullptr;
        table_ = value ? std::get_if<Table>(&value->content) : nullptr;
        if (is_among_names_) {
            is_among_names_ = false;
            return true;
        }
        for (const Key& key : keys_of(section_)) {
            if (key.name != word || key.inner.empty()) continue;
            section_ = key.inner;
            is_among_names_ = key.inner.ends_with(".*");
            return true;
        }
        return false;
    }

    std::vector<std::string> next(const Model* model) const {
        if (is_among_names_) return names();
        std::vector<std::string> found;
        for (const Key& key : keys_of(section_)) add(found, key);
        const Value* rule = table_ && section_ == "plasticity.*" ? table_->find("rule") : nullptr;
        const auto* name = rule ? std::get_if<std::string>(&rule->content) : nullptr;
        if (const LearningRule* bound = name && model ? model->book->find(*name) : nullptr) {
            for (const Key& key : bound->keys) add(found, key);
        }
        return found;
    }

private:
    static void add(std::vector<std::string>& found, const Key& key) {
        found.push_back(std::string(key.name) + (key.inner.empty() ? '=' : '.'));
    }
    std::vector<std::string> names() const {
        std::vector<std::string> found;
        if (!table_) return found;
        for (const Entry& one : table_->entries) {
            if (std::holds_alternative<Table>(one.value.content)) found.push_back(one.key + '.');
        }
        return found;
    }

    std::string section_;
    bool is_among_names_ = false;
    const Table* table_;  // of the model at this path; null when it has none
};

}  // namespace

std::vector<std::string> keys_behind(const std::string& model, const std::string& typed) {
    const std::optional<Named> named = load_quietly(model);
    Path path(named ? &named->tables : nullptr);
    std::size_t begin = 0;
    for (std::size_t dot; (dot = typed.find('.', begin)) != std::string::npos; begin = dot + 1) {
        if (!path.enter(typed.substr(begin, dot - begin))) return {};
    }
    std::vector<std::string> found = path.next(named ? &named->model : nullptr);
    for (std::string& one : found) one = typed.substr(0, begin) + one;
    return found;
}

}  // namespace apical
