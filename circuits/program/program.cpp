#include "circuits/program/program.hpp"

namespace apical {

std::string_view phase_name(const Program& program, PhaseId phase) {
    return phase ? std::string_view(program.phase_names[phase.value]) : "step's end";
}

}  // namespace apical
