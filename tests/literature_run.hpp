#pragma once

#include "sim/hdf5/dataset.hpp"
#include "sim/run_file/stored_run.hpp"
#include "sim/runs/run_model.hpp"
#include "tests/small_circuit.hpp"

namespace apical {

inline const std::string literature_data = APICAL_SOURCE_DIR "/tests/data/literature/";

// What makes of a circuit of models/literature the one of a group of a data file: sizes, strengths,
// inputs and settings. Phases, cells, equations and rules are the model's.
class ReferenceCircuit {
public:
    // `part` of the data file with its "/", or empty.
    ReferenceCircuit(const std::string& model, const std::string& data, const std::string& part)
        : path(path_of_shipped("literature/" + model)),
          file(literature_data + data + ".h5"),
          group(part) {
        add("record={ all = { what = \"*\" } }");
    }
    // A model that stands beside the data, and needs no more.
    ReferenceCircuit(const std::string& model, const std::string& data, const std::string& part,
                     std::nullptr_t)
        : path(literature_data + model + ".toml"),
          file(literature_data + data + ".h5"),
          group(part) {}

    std::string path, file, group;
    std::vector<std::string> keys;

    ReferenceCircuit& add(const std::string& key) {
        keys.push_back(key);
        return *this;
    }
    ReferenceCircuit& task(const std::string& x, const std::string& y, int steps) {
        add(
            fmt::format("task={{ kind = \"file\", path = \"{}\", x = \"{}{}\", y = \"{}{}\", "
                        "readout = \"linear\" }}",
                        file, group, x, group, y));
        return add(fmt::format("run.steps={}", steps));
    }
    ReferenceCircuit& sizes(const std::vector<std::pair<std::string, int>>& cells) {
        for (const auto& [name, size] : cells)
            add(fmt::format("population.{}.size={}", name, size));
        return *this;
    }
    // `more` as in ", transpose = true".
    ReferenceCircuit& starts(const std::string& set, const std::string& dataset,
                             const std::string& more = "") {
        return add(fmt::format("synapses.{}.init={{ file = \"{}\", dataset = \"{}{}\"{} }}", set,
                               file, group, dataset, more));
    }
    // Sets whose first strengths are init_NAME.
    ReferenceCircuit& starts(const std::vector<std::string>& sets) {
        for (const std::string& set : sets) starts(set, "init_" + set);
        return *this;
    }
    // Records each iteration, as `Trajectories` reads it.
    ReferenceCircuit& iterations() { return add("record.all.each_iteration=true"); }
    // `key` = `value` of each of these tables.
    ReferenceCircuit& each(const std::string& section, const std::vector<std::string>& tables,
                           const std::string& key, const std::string& value) {
        for (const std::string& table : tables)
            add(fmt::format("{}.{}.{}={}", section, table, key, value));
        return *this;
    }

    Model load() const { return load_model(path, keys); }
};

// A run of such a circuit beside the trajectories of its group.
class Trajectories {
public:
    explicit Trajectories(const ReferenceCircuit& circuit)
        : file_(circuit.file), group_(circuit.group), run_(run_of(folder_, circuit)) {}

    // [steps, rest] of a dataset.
    Matrix truth(const std::string& dataset) const {
        const DataSet set = read_dataset(file_, group_ + dataset, {});
        const auto rows = static_cast<Eigen::Index>(set.shape[0]);
        const auto columns = static_cast<Eigen::Index>(set.numbers.size()) / rows;
        return Eigen::Map<const Matrix>(set.numbers.data(), rows, columns);
    }

    // [steps, rest] of an address, behind the last phase, or in all iterations from `first`.
    Matrix ours(const std::string& address, int first = 0) const {
        const StoredQuantity& quantity = run_.find(address);
        const std::vector<double> numbers = run_.read(quantity, 1, quantity.rows - 1);
        const auto rows = static_cast<Eigen::Index>(quantity.rows - 1),
                   width = static_cast<Eigen::Index>(numbers.size()) / rows;
        const Matrix all = Eigen::Map<const Matrix>(numbers.data(), rows, width);
        const auto cells =
            quantity.row.empty() ? Eigen::Index{1} : static_cast<Eigen::Index>(quantity.row.back());
        if (quantity.by_phase) return all.rightCols(cells);
        return quantity.by_iteration ? Matrix(all.rightCols(width - first * cells)) : all;
    }

    void same(const Matrix& expected, const Matrix& found, const std::string& name) const {
        INFO(file_ << ", " << group_ << ", " << name);
        REQUIRE(found.rows() == expected.rows());
        REQUIRE(found.cols() == expected.cols());
        REQUIRE((expected.rowwise() - expected.row(0)).cwiseAbs().maxCoeff() > 0.0);
        for (Eigen::Index step = 0; step < expected.rows(); ++step) {
            INFO("step " << step + 1);
            REQUIRE(distance(found.row(step), expected.row(step)) <= tolerance);
        }
    }
    void same(const std::string& dataset, const std::string& address, int first = 0) const {
        same(truth(dataset), ours(address, first), address);
    }
    // Datasets and addresses.
    void same(const std::vector<std::pair<std::string, std::string>>& all) const {
        for (const auto& [dataset, address] : all) same(dataset, address);
    }
    // Of a run of trials of so many steps: behind the last step of each.
    void same_after_trials(const std::string& dataset, const std::string& address,
                           Eigen::Index steps) const {
        const Matrix all = ours(address), expected = truth(dataset);
        Matrix ends(expected.rows(), all.cols());
        for (Eigen::Index k = 0; k < ends.rows(); ++k) ends.row(k) = all.row((k + 1) * steps - 1);
        same(expected, ends, address);
    }
    // The mean loss of each trial.
    std::vector<double> trial_losses() const {
        const StoredQuantity& losses = run_.find("trial.loss");
        return run_.read(losses, 0, losses.rows);
    }
    // Strengths W1, b1, ... to so many layers.
    void same_strengths(int layers) const {
        for (int k = 1; k <= layers; ++k) {
            for (const char* set : {"W", "b"}) {
                const std::string name = fmt::format("{}{}", set, k);
                same(name, name);
            }
        }
    }

private:
    static constexpr double tolerance = 1e-9;

    static std::string run_of(const TemporaryFolder& folder, const ReferenceCircuit& circuit) {
        Model loaded = circuit.load();
        loaded.output = folder / "run.h5";
        run_model(loaded);
        return loaded.output;
    }

    TemporaryFolder folder_;
    std::string file_, group_;
    StoredRun run_;
};

}  // namespace apical
