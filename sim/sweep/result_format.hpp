#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "sim/diagnosis/summary.hpp"
#include "sim/run_file/format.hpp"

namespace apical {

// The file of a sweep's result: its paths and attributes, for those who write and read it
// (docs/sweeps.md). An HDF5 file whose root has the attributes `result_attribute`, and
//   /jobs/...                  a row a job; of each swept key too
//   /curves/loss, step         jobs x blocks
//   /configurations, /data     a row a configuration, which jobs of several seeds share
//   /bounds/...                a row a bound of a configuration's task
//   /alignment/RULE/MEASURE    a row a job

namespace result_attribute {

inline constexpr std::int64_t format_written = 1;

inline constexpr RunAttribute kind = run_attribute::kind;  // run_attribute::sweep
inline constexpr RunAttribute format = run_attribute::format;
inline constexpr RunAttribute title = run_attribute::title;
inline constexpr RunAttribute sweep{"sweep"};    // the sweep file's text
inline constexpr RunAttribute engine{"engine"};  // `engine_version`
inline constexpr RunAttribute swept{"swept"};    // names of swept keys, a line each

}  // namespace result_attribute

namespace result_path {

inline constexpr char job[] = "/jobs/job";
inline constexpr char model[] = "/jobs/model";
inline constexpr char task[] = "/jobs/task";
inline constexpr char seed[] = "/jobs/seed";
inline constexpr char steps[] = "/jobs/steps";
inline constexpr char loss[] = "/jobs/loss";
inline constexpr char loss_steps[] = "/jobs/loss_steps";  // missing in results of 0.1.0
// Only where some job was evaluated ([evaluate]).
inline constexpr char frozen[] = "/jobs/frozen";
inline constexpr char frozen_sem[] = "/jobs/frozen_sem";
inline constexpr char frozen_error[] = "/jobs/error_percent";
inline constexpr char seconds[] = "/jobs/seconds";
inline constexpr char failure[] = "/jobs/failure";
inline constexpr char run_file[] = "/jobs/run_file";
inline constexpr char configuration[] = "/jobs/configuration";  // row of `configurations`
inline constexpr char curve_losses[] = "/curves/loss";
inline constexpr char curve_steps[] = "/curves/step";
inline constexpr char configurations[] = "/configurations";
inline constexpr char data[] = "/data";  // missing in results of 0.1.0
inline constexpr char bound_configuration[] = "/bounds/configuration";
inline constexpr char bound_name[] = "/bounds/name";
inline constexpr char bound_loss[] = "/bounds/loss";
// Scales: their rows' numbers. That of the jobs is `job`, of configurations `configurations`.
inline constexpr char block[] = "/curves/block";
inline constexpr char bound[] = "/bounds/bound";
inline constexpr char alignments[] = "/alignment";  // a group a rule

inline std::string of_swept(const std::string& key) { return "/jobs/" + key; }
inline std::string of_alignment(const std::string& rule, std::string_view measure) {
    return (alignments + ('/' + rule) + '/').append(measure);
}

}  // namespace result_path

// The datasets of a rule's alignment.
struct AlignmentColumn {
    std::string_view measure;
    double AlignmentLine::*number;
    const char* description;
};
inline constexpr AlignmentColumn alignment_columns[] = {
    {"cosine", &AlignmentLine::cosine,
     "cosine with the true gradient, mean of the last tenth of the steps"},
    {"norm_ratio", &AlignmentLine::norm_ratio,
     "norm over that of the true gradient, mean of the last tenth of the steps"},
    {"bias", &AlignmentLine::bias, "of the change against the true gradient"},
    {"variance", &AlignmentLine::variance, "of the change against the true gradient"}};

}  // namespace apical
