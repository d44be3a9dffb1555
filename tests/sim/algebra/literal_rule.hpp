#pragma once

#include <optional>
#include <string>
#include <vector>

#include "circuits/equations/parse.hpp"
#include "sim/algebra/literal_equations.hpp"

namespace apical {

inline constexpr double literal_step_ms = 10.0;

// A rule of one synapse set, of cells that are linear unless a test says otherwise.
class LiteralRule {
public:
    explicit LiteralRule(const std::string& text, algebra::Index post = 1, algebra::Index pre = 1,
                         std::optional<algebra::Activation> phi = algebra::Activation::linear)
        : equations(parsed(text), {post, phi}, {{pre, phi}}) {
        equations.give("step_ms", literal_step_ms);
    }

    LiteralRule& number(const std::string& name, double value) {
        equations.give(name, value);
        return *this;
    }
    LiteralRule& post(const std::string& name, const std::vector<double>& values) {
        equations.give(name, {algebra::Home::post, {column(values)}});
        return *this;
    }
    LiteralRule& pre(const std::string& name, const std::vector<double>& values) {
        equations.give(name, {algebra::Home::pre, {column(values)}});
        return *this;
    }
    LiteralRule& all(const std::string& name, double value) {
        equations.give(name, {algebra::Home::all, {algebra::Matrix::Constant(1, 1, value)}});
        return *this;
    }
    LiteralRule& synapses(const std::string& name, const algebra::Matrix& values) {
        equations.give(name, {algebra::Home::synapse, {values}});
        return *this;
    }
    LiteralRule& synapse(const std::string& name, double value) {
        return synapses(name, algebra::Matrix::Constant(1, 1, value));
    }
    void take() { equations.take_all(); }

    const algebra::Matrix& of(const std::string& name) const {
        return equations[name].numbers.front();
    }
    double one(const std::string& name) const { return of(name)(0, 0); }

    algebra::LiteralEquations equations;

private:
    static std::vector<Statement> parsed(const std::string& text) {
        Value value;
        value.where = {"rule.toml", 1, 1};
        value.content = text;
        return parse_equations(value);
    }
    static algebra::Matrix column(const std::vector<double>& values) {
        return Eigen::Map<const algebra::Vector>(values.data(),
                                                 static_cast<algebra::Index>(values.size()));
    }
};

}  // namespace apical
