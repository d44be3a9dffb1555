#pragma once

#include <string_view>

namespace apical {

// The files page.html, page.css and page.js of this folder, put into the program by embed.cmake.
extern const std::string_view page_html, page_css, page_js;

}  // namespace apical
