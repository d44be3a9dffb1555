#include "circuits/anatomy/shipped_activations.hpp"

#include <algorithm>
#include <string>
#include <utility>

namespace apical {

namespace {

constexpr ShippedActivation shipped[] = {
    {"softplus", "log(1 + exp(x))"}, {"hard_sigmoid", "clip(x, 0, 1)"}, {"exponential", "exp(x)"}};

Table* table_of(Table& root, std::string_view name) {
    Value* value = root.find(name);
    return value ? std::get_if<Table>(&value->content) : nullptr;
}

// The table [activation], which is made when there is none; null when the key is no table.
Table* activations_of(Table& root, const Where& where) {
    if (!root.find("activation")) root.entries.push_back({"activation", where, {where, Table{}}});
    return table_of(root, "activation");
}

// Nothing when the model has a table of that name.
void add(Table& root, const ShippedActivation& one, const Where& where) {
    Table* const own = activations_of(root, where);
    if (!own || own->find(one.name)) return;
    Table table;
    table.entries.push_back({"equation", where, {where, std::string(one.equation)}});
    own->entries.push_back({std::string(one.name), where, {where, std::move(table)}});
}

}  // namespace

std::span<const ShippedActivation> shipped_activations() { return shipped; }

void add_shipped_activations(Table& root) {
    Table* const populations = table_of(root, "population");
    if (!populations) return;
    for (Entry& cells : populations->entries) {
        const auto* table = std::get_if<Table>(&cells.value.content);
        const Value* named = table ? table->find("activation") : nullptr;
        const auto* name = named ? std::get_if<std::string>(&named->content) : nullptr;
        if (!name) continue;
        const auto* found = std::ranges::find(shipped, *name, &ShippedActivation::name);
        if (found != std::end(shipped)) add(root, *found, named->where);
    }
}

}  // namespace apical
