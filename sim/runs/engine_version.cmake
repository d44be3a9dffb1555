# Writes OUTPUT, which defines engine_version(): VERSION and a hash of the engine's sources in FOLDER.
include(${CMAKE_CURRENT_LIST_DIR}/../engine_sources.cmake)
find_engine_sources(sources ${FOLDER})
set(all "")
foreach(source IN LISTS sources)
    file(SHA256 ${FOLDER}/${source} hash)
    string(APPEND all "${source} ${hash}\n")
endforeach()
string(SHA256 hash "${all}")
string(SUBSTRING ${hash} 0 12 hash)
file(WRITE ${OUTPUT} "#include \"sim/runs/engine_version.hpp\"\n
namespace apical {\n
std::string engine_version() { return \"${VERSION}+${hash}\"; }\n
}  // namespace apical\n")
