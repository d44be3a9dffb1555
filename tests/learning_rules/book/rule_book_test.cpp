// The rules that a model can bind.
#include "learning_rules/book/rule_book.hpp"

#include <set>

#include "learning_rules/book/read_rule.hpp"
#include "learning_rules/book/shipped_texts.hpp"
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

TextRule hebb(const std::string& name, const std::string& source) {
    return read_rule_text(fmt::format("format = 1\n[rule.{}]\n"
                                      "parameters = {{ gain_per_ms = {{ default = 2.0 }}, "
                                      "rate = {{ minimum = 0.0, description = \"speed\" }} }}\n"
                                      "signals = {{ y = \"post\", x = {{ list = true }}, "
                                      "e = \"@error.r\" }}\n"
                                      "equations = \"w += rate * step_ms * gain_per_ms * (x + y + "
                                      "e) * pre.r\"\n",
                                      name),
                          source)
        .front();
}

}  // namespace

TEST_CASE("a book begins with the shipped rules, in the order of the registry, then by name",
          "[rules][book]") {
    const std::vector<std::string> expected = {
        "delta",          "eligibility", "dendritic", "bootstrap", "predict_rate",
        "exact_jacobian", "copy",        "rtrl",      "bptt",      "bptt_window",
        "uoro",           "kf_rtrl",     "r_kf",      "kernl",     "gradient"};
    const std::vector<const LearningRule*> rules = RuleBook().rules();
    REQUIRE(rules.size() >= expected.size());
    for (std::size_t k = 0; k < expected.size(); ++k) CHECK(rules[k]->name == expected[k]);
    for (std::size_t k = expected.size() + 1; k < rules.size(); ++k)
        CHECK(rules[k - 1]->name < rules[k]->name);
    std::set<std::string_view> names;
    for (const LearningRule* rule : rules) {
        INFO(rule->name);
        CHECK(names.insert(rule->name).second);
        CHECK((rule->text != nullptr) != (rule->emit != nullptr));
        CHECK_FALSE(rule->summary.empty());
    }
    for (const ShippedText& file : shipped_texts()) CHECK(names.contains(file.name));
}

TEST_CASE("a model's own rule stands beside the shipped ones, with its keys", "[rules][book]") {
    RuleBook book;
    book.add(hebb("mine", "rules.toml"));
    const LearningRule* mine = book.find("mine");
    REQUIRE(mine);
    CHECK(book.rules().back() == mine);
    CHECK(RuleBook().find("mine") == nullptr);
    REQUIRE(mine->text);
    std::vector<std::string> names;
    for (const Key& key : mine->keys) names.emplace_back(key.name);
    CHECK(names == std::vector<std::string>{"gain_per_ms", "rate", "x", "y"});
    const Key &gain = mine->keys[0], &rate = mine->keys[1], &x = mine->keys[2], &y = mine->keys[3];
    CHECK(gain.default_value == "2.0");
    CHECK(gain.unit == "1/ms");
    CHECK(rate.default_value.empty());
    CHECK(rate.minimum == 0.0);
    CHECK(rate.description == "speed");
    CHECK(x.type == Type::text_list);
    CHECK(y.type == Type::text);
    CHECK_FALSE(y.description.empty());
}

TEST_CASE("a second rule of a name is refused, and both places are told", "[rules][book]") {
    RuleBook book;
    book.add(hebb("mine", "first.toml"));
    check_error(error_of([&] { book.add(hebb("mine", "second.toml")); }), ExitCode::bad_model,
                "second.toml:2:7", {"rule \"mine\"", "first.toml:2:7 has it already"});
    check_error(error_of([&] { book.add(hebb("kernl", "second.toml")); }), ExitCode::bad_model,
                "second.toml:2:7", {"rule \"kernl\"", "comes with Apical"});
}
