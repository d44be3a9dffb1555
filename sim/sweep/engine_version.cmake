# Writes OUTPUT, which defines engine_version(): VERSION and a hash of the sources of what runs.
file(GLOB sources RELATIVE ${FOLDER} ${FOLDER}/circuits/*.?pp ${FOLDER}/learning_rules/*.?pp ${FOLDER}/sim/*.?pp
    ${FOLDER}/sim/diagnosis/*.?pp)
list(SORT sources)
set(all "")
foreach(source IN LISTS sources)
    file(SHA256 ${FOLDER}/${source} hash)
    string(APPEND all "${source} ${hash}\n")
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING ${hash} 0 12 hash)
file(WRITE ${OUTPUT} "#include \"sim/engine_version.hpp\"\n
namespace apical {\n
std::string engine_version() { return \"${VERSION}+${hash}\"; }\n
}  // namespace apical\n")
