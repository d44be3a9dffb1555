#include "sim/plot/plot.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "sim/output_path.hpp"
#include "sim/plot/gnuplot.hpp"
#include "sim/plot/read_figure.hpp"
#include "sim/plot/script.hpp"

namespace apical {

namespace {

// A file beside the target, which takes its name only when it is complete.
class FileBeside {
public:
    explicit FileBeside(const std::string& target) : target_(target), path_(target + ".XXXXXX") {
        const int descriptor = mkstemp(path_.data());
        if (descriptor < 0) fail(errno);
        const mode_t mask = umask(0);
        umask(mask);
        fchmod(descriptor, 0666 & ~mask);
        close(descriptor);
    }
    ~FileBeside() {
        std::error_code none;
        if (!path_.empty()) std::filesystem::remove(path_, none);
    }
    FileBeside(const FileBeside&) = delete;
    FileBeside& operator=(const FileBeside&) = delete;

    const std::string& path() const { return path_; }
    void take_its_name() {
        std::error_code failure;
        std::filesystem::rename(path_, target_, failure);
        if (failure) fail(failure.value());
        path_.clear();
    }
    [[noreturn]] void fail(int reason) const {
        throw Error(ExitCode::cannot_create_output,
                    fmt::format("cannot write \"{}\": {}", target_, std::strerror(reason)));
    }

private:
    std::string target_, path_;
};

// What the script makes when someone else carries it out: "figure.svg" beside "figure.gp".
std::string figure_of_script(const std::string& path) {
    return std::filesystem::path(path).filename().replace_extension(".svg").string();
}

void write(const FileBeside& file, const std::string& text) {
    std::ofstream stream(file.path(), std::ios::binary);
    stream << text << std::flush;
    if (!stream) file.fail(errno);
}

}  // namespace

void plot(const PlotRequest& request) {
    const FigureKind kind = kind_of_figure(request.output);
    const Figure figure = read_figure(request);
    prepare_output(request.output, true, 0);
    FileBeside file(request.output);
    if (kind == FigureKind::script) {
        write(file, gnuplot_script(figure, kind, figure_of_script(request.output)));
    } else {
        run_gnuplot(gnuplot_script(figure, kind, file.path()));
        std::error_code none;
        if (std::filesystem::file_size(file.path(), none) == 0 || none) file.fail(EIO);
    }
    file.take_its_name();
}

}  // namespace apical
