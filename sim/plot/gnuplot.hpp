#pragma once

#include <string>

namespace apical {

// Has gnuplot carry out a script, without anyone's settings. Throws Error{unavailable} naming the
// Debian package when there is no gnuplot, Error{internal} with its first complaint when it fails.
void run_gnuplot(const std::string& script);

}  // namespace apical
