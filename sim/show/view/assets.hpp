#pragma once

#include <string_view>

namespace apical {

// The page, its style and its scripts from the folder `page`, put into the program by embed.cmake.
extern const std::string_view page_html, page_css, page_js;

}  // namespace apical
