#pragma once

#include <string>
#include <vector>

#include "circuits/text/error.hpp"

namespace apical {

// A stream of random numbers that a run draws from, and what in its model asks for it.
struct NamedStream {
    std::string name;  // "init/W_rec", "noise/hidden.noise", "task/input"
    Where where;
};

// Throws Error{bad_model} naming two streams whose names are different and have one key: what is
// drawn from the one would be, number by number, what is drawn from the other. Giving one of them
// another key would make its numbers depend on which other names a model has, and so one model's
// seed mean other numbers in another; a new name is a visible choice.
void check_distinct(const std::vector<NamedStream>& streams);

}  // namespace apical
