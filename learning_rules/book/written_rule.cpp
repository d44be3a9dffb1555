#include "learning_rules/book/written_rule.hpp"

#include <fmt/format.h>

#include <algorithm>

#include "learning_rules/lowering/names.hpp"

namespace apical {

namespace {

// "1/ms" of "decay_per_ms".
std::string_view unit_of(const Parameter& parameter) {
    const double unit = unit_of_name(parameter.name);
    if (unit == 0.0) return "";
    return unit == 1.0 ? "ms" : "1/ms";
}

std::string_view cells_of(Place place) {
    if (place == Place::pre) return "presynaptic cells";
    return place == Place::all ? "circuit, one number" : "postsynaptic cells";
}

}  // namespace

WrittenRule::WrittenRule(TextRule text) : text_(std::move(text)) {
    for (const Parameter& one : text_.parameters) keys_.push_back(key_of(one));
    const auto first_signal = static_cast<std::ptrdiff_t>(keys_.size());
    for (const SignalDeclaration& one : text_.signals) {
        if (one.is_key) keys_.push_back(key_of(one));
    }
    std::sort(keys_.begin() + first_signal, keys_.end(),
              [](const Key& a, const Key& b) { return a.name < b.name; });
    rule_ = {text_.name, text_.summary, keys_, nullptr, text_.facing, &text_};
}

std::string_view WrittenRule::own(std::string text) { return texts_.emplace_back(std::move(text)); }

Key WrittenRule::key_of(const Parameter& parameter) {
    Key key{.section = "plasticity.*",
            .name = parameter.name,
            .type = Type::number,
            .minimum = parameter.minimum,
            .maximum = parameter.maximum,
            .above_minimum = parameter.above_minimum,
            .unit = unit_of(parameter),
            .description = parameter.description};
    if (parameter.default_value)
        key.default_value = own(inline_text(value_of(*parameter.default_value)));
    if (key.description.empty())
        key.description = own(fmt::format("\"{}\" of the rule's equations", parameter.name));
    return key;
}

Key WrittenRule::key_of(const SignalDeclaration& signal) {
    Key key{.section = "plasticity.*",
            .name = signal.name,
            .type = signal.is_list ? Type::text_list : Type::text,
            .description = signal.description};
    if (!signal.default_address.empty()) key.default_value = "-";
    if (!key.description.empty()) return key;
    key.description = own(fmt::format(
        "address of \"{}\" of the rule's equations, of the {}{}", signal.name, cells_of(signal.of),
        signal.default_address.empty() ? "" : "; left out: " + signal.default_address));
    return key;
}

}  // namespace apical
