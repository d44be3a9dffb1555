# cmake -D FOLDER=learning_rules -D OUTPUT=shipped_texts.cpp -P embed.cmake: writes the rules' texts as C++ strings.
file(GLOB files RELATIVE ${FOLDER} ${FOLDER}/*.toml)
list(SORT files)
list(LENGTH files count)

set(texts "")
foreach(file IN LISTS files)
    file(READ ${FOLDER}/${file} hex HEX)
    string(REGEX REPLACE "(..)" "\\\\x\\1" hex "${hex}")
    cmake_path(GET file STEM name)
    string(APPEND texts "    ShippedText{\"${name}\", \"${hex}\"},\n")
endforeach()
file(WRITE ${OUTPUT} "#include \"learning_rules/book/shipped_texts.hpp\"\n
#include <array>\n
namespace apical {\n
namespace {\n
constexpr std::array<ShippedText, ${count}> texts = {\n${texts}};\n
}  // namespace\n
std::span<const ShippedText> shipped_texts() { return texts; }\n
}  // namespace apical\n")
