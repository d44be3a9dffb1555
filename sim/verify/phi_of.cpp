#include "sim/verify/phi_of.hpp"

#include "sim/algebra/literal_activation.hpp"
#include "sim/engine/state_matrices.hpp"

namespace apical {

std::optional<algebra::Activation> phi_of(const Circuit& circuit, const Population& cells) {
    switch (cells.activation) {
        case Activation::linear:
            return algebra::Activation::linear;
        case Activation::tanh:
            return algebra::Activation::tanh;
        case Activation::rectified:
            return algebra::Activation::rectified;
        case Activation::logistic:
            return algebra::Activation::logistic;
        case Activation::written:
            // Where each cell has numbers of its own, there is no one function of the voltage.
            if (!circuit.written(cells)->of_cells.empty()) return std::nullopt;
            return algebra::literal_activation(circuit.written(cells)->equation,
                                               circuit.written(cells)->slope_text());
        case Activation::softmax:
            break;
    }
    return std::nullopt;
}

namespace {

// Writes a number in place of a name.
void put_number(Expression& equation, const std::string& name, double number) {
    for (Expression& one : equation.of) put_number(one, name, number);
    if (equation.symbol != Symbol::name || equation.name != name) return;
    equation.symbol = Symbol::number;
    equation.number = number;
}

}  // namespace

std::vector<algebra::Activation> phi_of_cells(const Circuit& circuit, PopulationId cells,
                                              const State& state, std::deque<Expression>& texts) {
    std::vector<algebra::Activation> all;
    const Population& fired = circuit[cells];
    const WrittenActivation* phi = circuit.written(fired);
    if (!phi || phi->of_cells.empty()) return all;
    std::vector<algebra::Matrix> numbers;
    for (const WrittenActivation::OfCells& one : phi->of_cells)
        numbers.push_back(numbers_of(state, state.program().of_rule({fired.name, one.name})));
    for (Eigen::Index cell = 0; cell < fired.size; ++cell) {
        const auto of_this_cell = [&](Expression text) -> const Expression& {
            for (std::size_t k = 0; k < numbers.size(); ++k)
                put_number(text, phi->of_cells[k].name, numbers[k](cell, 0));
            return texts.emplace_back(std::move(text));
        };
        const Expression& text = of_this_cell(phi->equation);
        const Expression* slope = phi->slope ? &of_this_cell(*phi->slope) : nullptr;
        all.push_back(algebra::literal_activation(text, slope));
    }
    return all;
}

}  // namespace apical
