#pragma once

#include <string>

namespace apical {

// What gnuplot writes to stdout as it carries out a script, without anyone's settings. Throws
// Error{unavailable} naming the Debian package when there is no gnuplot, Error{internal} with its
// first complaint when it fails.
std::string drawn_by_gnuplot(const std::string& script);

}  // namespace apical
