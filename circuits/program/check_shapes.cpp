#include "circuits/program/check_shapes.hpp"

#include <fmt/format.h>

#include <stdexcept>

#include "circuits/program/operands.hpp"

namespace apical {

void check_shapes(const Program& program) {
    for (const Operation& op : program.operations) {
        if (traits(op.kind).fits({program, op})) continue;
        std::vector<std::string> names;  // the listing's line may want operands that are missing
        for (const Operand& operand : op.operands) names.push_back(program[operand.slot].name);
        throw std::logic_error(fmt::format("[{}] asks for {} with operands that do not fit: {}",
                                           op.asked_by, traits(op.kind).verb,
                                           fmt::join(names, ", ")));
    }
}

}  // namespace apical
