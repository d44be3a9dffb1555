#include "circuits/anatomy/population.hpp"

#include "circuits/text/choices.hpp"

namespace apical {

std::string_view name_of(Role role) { return choice(role_names, static_cast<std::size_t>(role)); }

std::string_view name_of(Sign sign) { return choice(sign_names, static_cast<std::size_t>(sign)); }

}  // namespace apical
