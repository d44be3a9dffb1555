#include "tests/this_build.hpp"

namespace apical {

const std::string tested_program = APICAL_PROGRAM;

#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
const bool is_sanitized = true;
#else
const bool is_sanitized = false;
#endif

}  // namespace apical
