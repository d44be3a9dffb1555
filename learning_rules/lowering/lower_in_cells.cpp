#include "learning_rules/lowering/cells.hpp"
#include "learning_rules/lowering/lower.hpp"

namespace apical {

namespace {

// Appends the operations of one statement, or binds its name when it is a constant.
void lower_in_cells(const Statement& statement, const TextRule& rule, NamesInCircuit& names,
                    CellWords& cells) {
    names.begin(statement, {});
    const Part right = names.part_of(statement.right);
    cells.begin(statement);
    const bool is_voltage = statement.target.find('.') != std::string::npos;
    const StateDeclaration* state = rule.find_state(statement.target);
    if (is_voltage || state) {
        cells.change(right, is_voltage ? Place::post : state->at);
    } else if (right.place == Place::number) {
        names.bind(statement.target, right);
    } else {
        names.bind(statement.target, slot_part(cells.make(right), right.place));
    }
}

// Conductances and drives of branches are there before the first statement: no statement makes
// them.
void make_branches(const Expression& e, NamesInCircuit& names) {
    if (e.symbol == Symbol::name && is_name_of_branch(e.name)) names.part_of(e);
    for (const Expression& one : e.of) make_branches(one, names);
}

}  // namespace

void lower_in_cells(ProgramBuilder& program, const Binding& binding, const TextRule& rule,
                    const std::vector<std::pair<std::string, SlotId>>& known) {
    check_equations(rule);
    NamesInCircuit names(program, binding, rule);
    for (const auto& [name, slot] : known) names.bind(name, slot_part(slot, Place::post));
    names.make_set_parameters();
    CellWords cells(program, names, rule);
    for (const Statement& statement : rule.equations) {
        names.begin(statement, {});
        make_branches(statement.right, names);
    }
    for (const Statement& statement : rule.equations) {
        program.by_statement(line_of(statement));
        lower_in_cells(statement, rule, names, cells);
    }
}

}  // namespace apical
