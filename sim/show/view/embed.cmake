# cmake -D FOLDER=sim/view -D OUTPUT=page.cpp -P embed.cmake: writes the page's files as C++ strings.
set(html page.html)
set(css page.css)
# In the order of execution: each uses what stands before it.
set(js basics.js series.js window.js chart.js numbers.js cells.js timeline.js events.js spikes.js synapses.js facts.js start.js)

set(text "#include \"sim/show/view/assets.hpp\"\n\nnamespace apical {\n\n")
foreach(kind html css js)
    set(escaped "")
    foreach(part ${${kind}})
        file(READ ${FOLDER}/page/${part} hex HEX)
        string(REGEX REPLACE "(..)" "\\\\x\\1" hex "${hex}")
        string(APPEND escaped "${hex}")
    endforeach()
    string(APPEND text "constinit const std::string_view page_${kind} = \"${escaped}\";\n")
endforeach()
file(WRITE ${OUTPUT} "${text}\n}  // namespace apical\n")
