#pragma once

#include <memory>
#include <ostream>
#include <string>
#include <string_view>

#include "circuits/text/error.hpp"
#include "sim/system/disk_file.hpp"

namespace apical {

// A file takes its name when it is complete and on the disk; until then it has another one beside
// it, and a file that has the name stays as it is, whatever happens. Every file that a command
// makes is written so: run files, checkpoints, results, figures, pages, tables, drawings.

// "runs/run.h5.apical-HOST-1234.new" of process 1234, for "runs/run.h5"; a long name is cut.
std::string unfinished_name(const std::string& path);

// Removes the unfinished files in the folder of this path whose processes were killed.
void remove_unfinished(const std::string& path);

// A file with an unfinished name. It is removed with this unless it was published.
class UnfinishedFile {
public:
    // Throws Error{failure} when it cannot be made.
    explicit UnfinishedFile(const std::string& path,
                            ExitCode failure = ExitCode::cannot_create_output);
    // The caller creates the file `name()`, through `disk()`.
    struct CreatedByCaller {};
    UnfinishedFile(const std::string& path, CreatedByCaller);
    ~UnfinishedFile();
    UnfinishedFile(const UnfinishedFile&) = delete;
    UnfinishedFile& operator=(const UnfinishedFile&) = delete;

    const std::string& name() const { return made_; }  // until it takes the other one
    DiskFile& disk() { return disk_; }
    // Throws Error{input_output_error} when a write failed.
    void check() const;
    // Syncs, closes, and replaces the file of that name. Throws Error{input_output_error}.
    void publish();
    // Takes its name as it is, be it still written to. What has that name is replaced only with
    // `replace`. Throws Error{input_output_error}.
    void publish(bool replace);
    bool is_published() const { return made_.empty(); }

private:
    std::string path_, made_;
    DiskFile disk_;
};

// Text as a command's output. A pipe, a device, or an open file as in "/dev/stdout" is written to
// as it is.
class OutputFile {
public:
    // Throws Error{cannot_create_output}.
    explicit OutputFile(const std::string& path);
    ~OutputFile();

    // Takes no more after the first failure.
    std::ostream& text() { return text_; }
    // Must be called last. Throws Error{input_output_error} when not all could be written.
    void finish();

private:
    struct Buffer;
    std::unique_ptr<Buffer> buffer_;
    std::ostream text_;
};

// All of a text to a file.
void write_file(const std::string& path, std::string_view text);

// Does what `prepare_output` does, for an OutputFile, and removes unfinished files of killed
// processes in its folder. Leaves a pipe, a device or an open file as it is.
void prepare_text_output(const std::string& path, bool force);

// Whether an output of this name is written to as it is: a pipe, a device, an open file.
bool is_written_in_place(const std::string& path);

}  // namespace apical
