# cmake -D FOLDER=sim/view -D OUTPUT=page.cpp -P embed.cmake: writes the page's files as C++ strings.
set(text "#include \"sim/view/assets.hpp\"\n\nnamespace apical {\n\n")
foreach(kind html css js)
    file(READ ${FOLDER}/page.${kind} hex HEX)
    string(REGEX REPLACE "(..)" "\\\\x\\1" escaped "${hex}")
    string(APPEND text "constinit const std::string_view page_${kind} = \"${escaped}\";\n")
endforeach()
file(WRITE ${OUTPUT} "${text}\n}  // namespace apical\n")
