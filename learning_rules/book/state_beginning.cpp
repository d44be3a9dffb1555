#include "learning_rules/book/state_beginning.hpp"

#include <fmt/format.h>

namespace apical {

void check_beginning(const StateDeclaration& state) {
    const Initializer& init = state.init;
    const auto is_relative = [](const Scale& one) { return one.relative != Scale::Relative::none; };
    const bool of_matrix = init.kind == Initializer::Kind::orthogonal ||
                           init.kind == Initializer::Kind::identity ||
                           init.kind == Initializer::Kind::copy || is_relative(init.scale) ||
                           is_relative(init.low) || is_relative(init.high);
    const bool is_matrix = state.at == Place::synapse || is_of_pairs(state.at);
    if (is_matrix && init.kind == Initializer::Kind::copy)
        reject(init.where, fmt::format("\"{}\" is {}, and copies no synapses; expected constant, "
                                       "normal, uniform, orthogonal, identity or file",
                                       state.name,
                                       is_of_pairs(state.at) ? in_words(state.at)
                                                             : "a number at each synapse"));
    if (of_matrix && !is_matrix)
        reject(init.where,
               fmt::format("\"{}\" is {}, and cannot begin so; expected constant, normal or "
                           "uniform by numbers, or file",
                           state.name, in_words(state.at)));
    if (init.kind == Initializer::Kind::normal && init.scale.factor < 0.0)
        reject(init.where, fmt::format("the deviation {} that \"{}\" begins with is negative; "
                                       "expected a number from 0",
                                       init.scale.factor, state.name));
}

void read_draw(const Table& table, StateDeclaration& state) {
    const Value* draw = table.find("draw");
    if (!draw) return;
    if (!is_in_cells(state.at) && state.at != Place::all)
        reject(
            draw->where,
            fmt::format("\"{}\" is {}, where nothing is drawn; expected numbers that are drawn "
                        "at \"post\", \"pre\" or \"all\"",
                        state.name,
                        is_of_pairs(state.at) ? in_words(state.at) : "a number at each synapse"));
    if (const Value* init = table.find("init"))
        reject(init->where, fmt::format("\"{}\" is drawn anew in each step, and begins as nothing "
                                        "else; expected init or draw",
                                        state.name));
    state.drawn = std::get<std::string>(draw->content) == "sign" ? Drawn::sign : Drawn::normal;
}

}  // namespace apical
