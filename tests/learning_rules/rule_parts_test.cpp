// What rules say that their equations are made of.
#include "circuits/anatomy/address.hpp"
#include "tests/sim/model/drafted_model.hpp"

using namespace apical;

namespace {

const BoundRule& rule_named(const Model& model, std::string_view name) {
    const auto found = std::find_if(model.rules.begin(), model.rules.end(),
                                    [&](const BoundRule& one) { return one.rule->name == name; });
    REQUIRE(found != model.rules.end());
    return *found;
}

const Value* key_of(const Model& model, const BoundRule& bound, std::string_view key) {
    const auto& all = std::get<Table>(model.root.find("plasticity")->content);
    return std::get<Table>(all.find(bound.label)->content).find(key);
}

double number_in(const Value& value) {
    const auto* whole = std::get_if<std::int64_t>(&value.content);
    return whole ? static_cast<double>(*whole) : std::get<double>(value.content);
}

void check_parts(const Model& model, const BoundRule& bound) {
    const Value *rate = key_of(model, bound, "rate"), *credit = key_of(model, bound, "credit"),
                *window = key_of(model, bound, "window");
    REQUIRE(bound.parts.rate.has_value() == (rate != nullptr));
    if (rate) {
        CHECK(bound.parts.rate->value == number_in(*rate));
        CHECK(bound.parts.rate->where.line == rate->where.line);
    }
    if (credit) {
        const Text address{std::get<std::string>(credit->content), credit->where};
        CHECK(bound.parts.credit == model.program.signal(resolve_signal(model.circuit, address)));
    }
    CHECK(bound.parts.window == (window ? std::get<std::int64_t>(window->content) : 1));
}

}  // namespace

TEST_CASE("every rule says the rate, the credit and the window that its table says",
          "[plasticity]") {
    for (const std::string& path : shipped_models()) {
        const Model model = load_model(path);
        for (const BoundRule& bound : model.rules) {
            INFO(path << ", " << bound.label);
            check_parts(model, bound);
        }
    }
}

TEST_CASE("a rule that estimates a gradient has a rate", "[plasticity]") {
    for (const std::string& path : shipped_models()) {
        INFO(path);
        const Model model = load_model(path);
        for (const BoundRule& bound : model.rules)
            CHECK((bound.rule->facing == Facing::none || bound.parts.rate));
    }
}

TEST_CASE("rule \"delta\" is taught by the error, rule \"predict_rate\" predicts rates",
          "[plasticity]") {
    const Model model = load_model(path_of_shipped("dni_b"));
    const Program& program = model.program;
    CHECK(rule_named(model, "delta").parts.credit ==
          program.rate_of(model.circuit.find_role(Role::error)));
    const RulePart* predicted = rule_named(model, "predict_rate").parts.find("predicted");
    REQUIRE(predicted);
    CHECK(predicted->slots ==
          std::vector<SlotId>{program.rate_of(model.circuit.find_population("hidden"))});
    CHECK_FALSE(rule_named(model, "delta").parts.find("predicted"));
}

TEST_CASE("rule \"bootstrap\" says the summands of its target", "[plasticity]") {
    const Model model = load_model(path_of_shipped("dni_b"));
    const BoundRule& bound = rule_named(model, "bootstrap");
    const RulePart* target = bound.parts.find("target");
    REQUIRE(target);
    const auto& texts = std::get<Array>(key_of(model, bound, "target")->content);
    REQUIRE(target->slots.size() == texts.size());
    for (std::size_t k = 0; k < texts.size(); ++k) {
        const Text address{std::get<std::string>(texts[k].content), texts[k].where};
        CHECK(target->slots[k] == model.program.signal(resolve_signal(model.circuit, address)));
    }
}

TEST_CASE("a rule says the constants of its equations, and none that it has not", "[plasticity]") {
    const Model model =
        load_model(path_of_shipped("kernl"), {"plasticity.recurrent.kernel_rate=0.25"});
    const RuleParts& parts = rule_named(model, "kernl").parts;
    CHECK(parts.constant("kernel_rate") == 0.25);
    CHECK_FALSE(parts.constant("rho0"));
}
