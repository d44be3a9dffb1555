#include "sim/plot/plot.hpp"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <utility>

#include "sim/output_path.hpp"
#include "sim/plot/gnuplot.hpp"
#include "sim/plot/read_figure.hpp"
#include "sim/plot/read_sweep_figure.hpp"
#include "sim/plot/script.hpp"

namespace apical {

namespace {

// A file beside the target, which takes its name only when it is complete.
class FileBeside {
public:
    explicit FileBeside(const std::string& target) : target_(target), path_(target + ".XXXXXX") {
        descriptor_ = mkstemp(path_.data());
        if (descriptor_ < 0) fail(ExitCode::cannot_create_output, errno);
        const mode_t mask = umask(0);
        umask(mask);
        fchmod(descriptor_, 0666 & ~mask);
    }
    ~FileBeside() {
        if (descriptor_ >= 0) close(descriptor_);
        std::error_code none;
        if (!path_.empty()) std::filesystem::remove(path_, none);
    }
    FileBeside(const FileBeside&) = delete;
    FileBeside& operator=(const FileBeside&) = delete;

    void write(const std::string& text) const {
        for (std::size_t done = 0; done < text.size();) {
            const ssize_t count = ::write(descriptor_, text.data() + done, text.size() - done);
            if (count < 0 && errno == EINTR) continue;
            if (count < 0) fail(ExitCode::input_output_error, errno);
            done += static_cast<std::size_t>(count);
        }
    }
    void take_its_name() {
        // A network file system may say only here that the disk is full.
        if (close(std::exchange(descriptor_, -1)) != 0) fail(ExitCode::input_output_error, errno);
        std::error_code failure;
        std::filesystem::rename(path_, target_, failure);
        if (failure) fail(ExitCode::cannot_create_output, failure.value());
        path_.clear();
    }

private:
    [[noreturn]] void fail(ExitCode code, int reason) const {
        throw Error(code, fmt::format("cannot write \"{}\": {}", target_, std::strerror(reason)));
    }

    std::string target_, path_;
    int descriptor_ = -1;
};

// What the script makes when someone else carries it out: "figure.svg" beside "figure.gp".
std::string figure_of_script(const std::string& path) {
    return std::filesystem::path(path).filename().replace_extension(".svg").string();
}

void draw(const Figure& figure, const std::string& output) {
    const FigureKind kind = kind_of_figure(output);
    prepare_output(output, true, 0);
    const std::string drawn = kind == FigureKind::script
                                  ? gnuplot_script(figure, kind, figure_of_script(output))
                                  : drawn_by_gnuplot(gnuplot_script(figure, kind, ""));
    FileBeside file(output);
    file.write(drawn);
    file.take_its_name();
}

}  // namespace

void plot(const PlotRequest& request) { draw(read_figure(request), request.output); }

void plot_sweep(const std::string& path, const std::string& output, double width_cm) {
    const SweepResult result = read_result(path);
    draw(read_sweep_figure(result, path, width_cm), output);
}

}  // namespace apical
