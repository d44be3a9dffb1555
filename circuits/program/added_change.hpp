#pragma once

#include "circuits/program/program.hpp"

namespace apical {

// Lets an operation that changes strengths add to a tag what it would add to them: what it makes of
// W is W + x, x (W, post, pre, ...) of any form, and it adds x. Returns whether it can; an
// operation that overwrites strengths cannot, and stays as it is.
bool add_to_tag(const Program& program, Operation& op, SlotId tag);

}  // namespace apical
