#include "sim/model/model_source.hpp"

namespace apical {

ModelSource::ModelSource(const std::string& file, const ReadingTrial& how)
    : path(file), trial(how) {
    root = load_toml(path, text);
}

ModelSource::ModelSource(const char* file) : ModelSource(std::string(file)) {}

ModelSource::ModelSource(const std::string& file, const std::string& content,
                         const ReadingTrial& how)
    : path(file), text(content), root(parse_toml(content, file)), trial(how) {}

bool is_sweep(const Table& root) {
    return root.find("seeds") && root.find("model") && !root.find("population");
}

}  // namespace apical
