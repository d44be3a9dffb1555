#include <algorithm>
#include <array>

#include "learning_rules/book/read_rule.hpp"
#include "learning_rules/book/rule_book.hpp"
#include "learning_rules/book/shipped_texts.hpp"
#include "learning_rules/rules.hpp"

namespace apical {

namespace {

struct Registered {
    std::string_view name;
    const LearningRule* rule = nullptr;  // null: learning_rules/NAME.toml is its text
};

constexpr std::array registry = {Registered{"delta"},
                                 Registered{"eligibility"},
                                 Registered{"dendritic"},
                                 Registered{"bootstrap"},
                                 Registered{"predict_rate"},
                                 Registered{"exact_jacobian", &exact_jacobian},
                                 Registered{"copy", &copy},
                                 Registered{"rtrl", &rtrl},
                                 Registered{"bptt", &bptt},
                                 Registered{"bptt_window", &bptt_window},
                                 Registered{"uoro", &uoro},
                                 Registered{"kf_rtrl", &kf_rtrl},
                                 Registered{"r_kf", &r_kf},
                                 Registered{"kernl", &kernl},
                                 Registered{"gradient", &gradient}};

using WrittenRules = std::vector<std::unique_ptr<const WrittenRule>>;

WrittenRules read_shipped() {
    WrittenRules all;
    for (const ShippedText& file : shipped_texts()) {
        for (TextRule& rule :
             read_rule_text(file.text, "learning_rules/" + std::string(file.name) + ".toml"))
            all.push_back(std::make_unique<const WrittenRule>(std::move(rule)));
    }
    return all;
}

// The rules of the registry in its order, then the other texts.
std::vector<const LearningRule*> in_order(const WrittenRules& written) {
    std::vector<const LearningRule*> all;
    for (const Registered& one : registry) {
        if (one.rule) all.push_back(one.rule);
        for (const auto& text : written)
            if (text->rule().name == one.name) all.push_back(&text->rule());
    }
    for (const auto& text : written) {
        if (std::find(all.begin(), all.end(), &text->rule()) == all.end())
            all.push_back(&text->rule());
    }
    return all;
}

}  // namespace

std::span<const LearningRule* const> learning_rules() {
    static const WrittenRules written = read_shipped();
    static const std::vector<const LearningRule*> all = in_order(written);
    return all;
}

}  // namespace apical
